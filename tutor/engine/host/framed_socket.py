"""One non-blocking socket of the host: whole message bodies in, frames (and file descriptors) out.

Reading is exact (a header, then its body, into one buffer that is wiped afterwards): what comes after a message
stays in the kernel until the message is dealt with. So a process forked for a run cannot hold the rubric that
follows its job, and neither can one forked later.
"""

from __future__ import annotations

import os
import selectors
import socket
import struct
from collections import deque
from collections.abc import Callable

from tutor.engine.host.guarding import guarded
from tutor.errors import EngineError
from tutor.messages.frames import MAX_FRAME

_HEADER = 4
_MESSAGES_AT_ONCE = 64


class FramedSocket:
    """on_message(body) for each whole body: a memoryview, valid only during the call. on_gone() once, when the
    other side is away or sends what cannot be a frame."""

    def __init__(
        self,
        sock: socket.socket,
        selector: selectors.BaseSelector,
        on_message: Callable[[memoryview], None],
        on_gone: Callable[[], None],
    ) -> None:
        sock.setblocking(False)
        self.sock = sock
        self.open = True
        self.waiting = 0  # bytes not yet taken by the kernel
        self.on_drained: Callable[[], None] | None = None
        self._selector = selector
        self._on_message = on_message
        self._on_gone = on_gone
        self._out: deque[tuple[memoryview, int]] = deque()
        self._buffer = bytearray(_HEADER)
        self._have = 0
        self._body = False
        selector.register(sock, selectors.EVENT_READ, self.ready)

    # -------------------------------------------------------------- in

    def ready(self, mask: int) -> None:
        """Called by the host's loop."""
        if mask & selectors.EVENT_WRITE:
            self._flush()
        if self.open and mask & selectors.EVENT_READ:
            self.read()

    def read(self) -> bool:
        """Take what has come, a bounded number of messages at once. Returns whether there may be more."""
        try:
            for _ in range(_MESSAGES_AT_ONCE):
                if not self.open or not self._fill():
                    return False
                self._take()
        except (OSError, EngineError):
            self._lose()
        return self.open

    def _fill(self) -> bool:
        while self._have < len(self._buffer):
            try:
                got = self.sock.recv_into(memoryview(self._buffer)[self._have :])
            except (BlockingIOError, InterruptedError):
                return False
            if not got:
                self._lose()
                return False
            self._have += got
        return True

    def _take(self) -> None:
        self._have = 0
        if not self._body:
            (length,) = struct.unpack(">I", self._buffer)
            if not 0 < length <= MAX_FRAME:
                raise EngineError(f"A frame of {length:,} bytes is not of this protocol.")
            self._buffer, self._body = bytearray(length), True
            return
        buffer, self._buffer, self._body = self._buffer, bytearray(_HEADER), False
        view = memoryview(buffer)
        guarded("what was made of a message", lambda: self._on_message(view), self._lose)
        view[:] = bytes(len(view))

    # -------------------------------------------------------------- out

    def send(self, frame: bytes, fd: int = -1) -> None:
        """Never blocks. A descriptor `fd` goes with the frame, and is closed here."""
        if not self.open:
            if fd >= 0:
                os.close(fd)
            return
        self._out.append((memoryview(frame), fd))
        self.waiting += len(frame)
        self._flush()

    def _flush(self) -> None:
        try:
            while self._out:
                view, fd = self._out[0]
                sent = self.sock.send(view) if fd < 0 else socket.send_fds(self.sock, [view], [fd])
                if fd >= 0:
                    os.close(fd)
                self.waiting -= sent
                self._out[0] = (view[sent:], -1)
                if sent == len(view):
                    self._out.popleft()
        except (BlockingIOError, InterruptedError):
            self._watch(selectors.EVENT_READ | selectors.EVENT_WRITE)
            return
        except OSError:
            self._forget()  # the other side is away; what it said before is still to be read, and then its end
        self._watch(selectors.EVENT_READ)
        if self.on_drained:
            self.on_drained()

    def _watch(self, mask: int) -> None:
        if self.open and self._selector.get_key(self.sock).events != mask:
            self._selector.modify(self.sock, mask, self.ready)

    # -------------------------------------------------------------- end

    def _lose(self) -> None:
        if self.open:
            self.close()
            guarded("the end of a connection", self._on_gone)

    def _forget(self) -> None:
        """Drop what has not been sent."""
        for _, fd in self._out:
            if fd >= 0:
                os.close(fd)
        self._out.clear()
        self.waiting = 0

    def close(self) -> None:
        if self.open:
            self.open = False
            self._forget()
            self._selector.unregister(self.sock)
            self.sock.close()

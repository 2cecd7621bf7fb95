"""One window as its host sees it."""

from __future__ import annotations

import selectors
import socket
from typing import Protocol, TypeAlias, Union

import msgspec

from tutor.engine.host.framed_socket import FramedSocket
from tutor.errors import EngineError
from tutor.messages.decoding import MessageDecoder
from tutor.messages.events import Event, Refused
from tutor.messages.frames import pack
from tutor.messages.requests import Open


class GradeHead(msgspec.Struct, frozen=True, tag="grade"):
    """A Grade, of which the host reads only for which run it is."""

    run: str


HostRequest: TypeAlias = Union[Open, GradeHead]
_requests: MessageDecoder[HostRequest] = MessageDecoder(HostRequest)


class Serving(Protocol):
    """What a window needs of its host."""

    selector: selectors.BaseSelector

    def answer(self, window: WindowLink, request: HostRequest, body: memoryview) -> None: ...
    def window_gone(self, window: WindowLink) -> None: ...
    def feed(self, window: WindowLink) -> None: ...


class WindowLink:
    """One connection. name: which window it says it is. pid: its process, 0 where that is not known. stays: whether
    its runs go on without it."""

    def __init__(self, host: Serving, sock: socket.socket, pid: int = 0) -> None:
        self.pid = pid
        self.name = ""
        self.stays = True
        self.greeted = False
        self._host = host
        self.framed = FramedSocket(sock, host.selector, self._message, lambda: host.window_gone(self))
        self.framed.on_drained = lambda: host.feed(self)

    def _message(self, body: memoryview) -> None:
        try:
            request = _requests.read(body)
        except EngineError as error:
            self.tell(Refused(f"The engine did not understand a request. {error}"))
            self.framed.close()
            self._host.window_gone(self)
            return
        self._host.answer(self, request, body)

    def tell(self, event: Event) -> None:
        self.framed.send(pack(event))

"""The host's sockets: what was said before the other side went away is not lost."""

from __future__ import annotations

import selectors
import socket

from tutor.engine.host.framed_socket import FramedSocket
from tutor.messages.frames import pack
from tutor.messages.requests import Seen


def test_what_was_said_last_is_read_though_the_answer_cannot_be_sent() -> None:
    ours, theirs = socket.socketpair()
    heard: list[bytes] = []
    ends: list[str] = []
    with selectors.DefaultSelector() as selector:
        wire = FramedSocket(ours, selector, lambda body: heard.append(bytes(body)), lambda: ends.append("gone"))
        theirs.sendall(pack(Seen("the last word")))
        theirs.close()
        wire.send(pack(Seen("an answer that comes too late")))
        assert not ends and not wire.waiting
        while wire.open:
            for key, mask in selector.select(timeout=20):
                key.data(mask)
    assert len(heard) == 1 and b"the last word" in heard[0]
    assert ends == ["gone"]

"""One window as its host sees it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Union, get_args

import msgspec

from tutor.engine import protocol as p
from tutor.engine.frames import pack
from tutor.engine.wire import Wire

if TYPE_CHECKING:
    from tutor.engine.hub import Host


class GradeHead(msgspec.Struct, frozen=True, tag="grade"):
    """A Grade, of which the host reads only for which run it is."""

    run: str


_REQUESTS = tuple(kind for kind in get_args(p.Request) if kind is not p.Grade)
_request: Callable[[Any], Any] = msgspec.msgpack.Decoder(Union[(*_REQUESTS, GradeHead)]).decode


class Window:
    """One connection. name: which window it says it is. stays: whether its runs go on without it."""

    def __init__(self, host: Host, sock: socket.socket) -> None:
        self.name = ""
        self.stays = True
        self.host = host
        self.greeted = False
        self.wire = Wire(sock, host.selector, self._message, lambda: host.window_gone(self))
        self.wire.on_drained = lambda: host.feed(self)

    def _message(self, body: memoryview) -> None:
        try:
            request = _request(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self.tell(p.Refused(f"The engine did not understand a request ({error})."))
            self.wire.close()
            self.host.window_gone(self)
            return
        self.host.answer(self, request, body)

    def tell(self, event: p.Event) -> None:
        self.wire.send(pack(event))

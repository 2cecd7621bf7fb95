"""What one run prints, as events of its log: in order with what it tells, harmless, and within its limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from tutor.engine.host.event_log import EventLog
from tutor.engine.host.printed import Printed, Stream
from tutor.messages.events import Output, Reason
from tutor.messages.jobs import Job
from tutor.messages.output_order import InOrder


class RunOutput:
    """takes(): whether anything is still taken. on_over(reason, note): it has printed more than it may."""

    def __init__(
        self, job: Job, event_log: EventLog, takes: Callable[[], bool], on_over: Callable[[Reason, str], None]
    ) -> None:
        self._job = job
        self._event_log = event_log
        self._takes = takes
        self._on_over = on_over
        self._printed = Printed(job.limits.output_kb * 1024, self._say)
        self._order = InOrder(lambda stream, data: self._print(cast(Stream, stream), data))

    @property
    def due(self) -> float:
        """When what was gathered is to be passed on, in monotonic seconds."""
        return self._printed.due

    def feed(self, stream: str, data: bytes) -> None:
        """Bytes as they come from the process."""
        self._order.feed(stream, data)

    def heard(self) -> None:
        """One more frame was dealt with: what was printed behind it may go on."""
        self._order.heard()

    def flush(self) -> None:
        """Pass on what was gathered."""
        self._printed.flush()
        self._look()

    def rest(self) -> None:
        """No more frames come: all that is held goes on."""
        self._order.rest()
        self._printed.rest()

    def _print(self, stream: Stream, data: bytes) -> None:
        if not self._takes():
            return
        self._printed.feed(stream, data)
        self._look()

    def _look(self) -> None:
        if self._printed.over and self._takes():
            self._on_over("output", f"The run printed more than {self._job.limits.output_kb} kB and was ended there.")

    def _say(self, stream: Stream, at: int, text: str) -> None:
        self._event_log.add(Output(self._job.run, stream, text, at=at))

"""What a run prints, on paper: a line is written once it is ended. Until then it may be printed over, as by a progress
bar: on a terminal it stands last and changes in place, in a pipe there is its last state alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.commands.paper import Paper
    from tutor.messages.events import Output


class PrintedLines:
    """Lines of both streams, each with one that is begun."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._begun = {"out": "", "err": ""}
        self._told = {"out": 0, "err": 0}

    def take(self, event: Output) -> None:
        """Take one event in."""
        if event.text.startswith("\n"):
            self._end_other(event.stream)
        stream, begun = event.stream, self._begun[event.stream]
        at = event.at if event.at >= 0 else self._told[stream]
        stays = at - (self._told[stream] - len(begun))  # of the line that is begun; what is written is not taken back
        self._told[stream] = at + len(event.text)
        text = (begun[:stays] if stays > 0 else "") + event.text
        ended = text.rfind("\n") + 1
        self._begun[stream] = text[ended:]
        self._paper.out(text[:ended], err=stream == "err", begun=self._begun)

    def _end_other(self, stream: str) -> None:
        """A line end on one stream ends what the other has begun: on a terminal they are one."""
        other = "err" if stream == "out" else "out"
        line, self._begun[other] = self._begun[other], ""
        if line:
            self._paper.out(line if self._paper.live else f"{line}\n", err=other == "err", begun=self._begun)

    def rest(self) -> None:
        """Nothing more is printed."""
        for stream, line in self._begun.items():
            self._begun[stream] = ""
            self._paper.out(line, err=stream == "err", begun=self._begun)

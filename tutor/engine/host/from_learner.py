"""What a process of the learner's tells its host, read: the one door for the run itself and for fresh runs of it."""

from __future__ import annotations

from tutor.errors import EngineError
from tutor.messages import children
from tutor.messages.decoding import ChildDecoder

FORGED = "The code wrote into the tutor's own connection."
"""Why a run ends whose message cannot be read."""
_MOST_FINISHED = 1 << 20
"""Bytes of the message with which the learner's code ends: ours are shorter, and it is told on twice, with more."""
_decoder: ChildDecoder[children.FromLearner] = ChildDecoder(children.FromLearner)


def read(body: memoryview) -> children.FromLearner:
    """The message. Raises EngineError for what our part of that process would not have sent."""
    message = _decoder.read(body)
    if isinstance(message, children.Finished) and len(body) > _MOST_FINISHED:
        raise EngineError("An end of a run that is longer than any.")
    return message

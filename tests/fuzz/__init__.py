"""Random inputs for everything that reads what others wrote: `python -m tests.fuzz --minutes 60`.

`doors` are the ways in, each a function of a text or of bytes that lets nothing out but errors of our own, with a
sentence for people; `given` and `typed` make inputs for them (hypothesis); `corpus/` keeps those that once came
through a door, and a few of each kind that are worth trying, which `tests/unit/test_fuzz_corpus.py` does.
"""

"""The learner's process (and, forked beside it, the judge's and the figures'): the only place for keras and torch.

What stands here runs together with the learner's code: no other process may believe what it says without checking.
"""

"""dl-tutor: learn the basics of deep learning in a terminal, by doing.

Learners write `from tutor import data, plot, track`; those three run in the child process only and
are imported when asked for, so that importing this package costs nothing.
"""

__version__ = "0.1.0"

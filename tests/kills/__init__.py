"""The program is killed at random moments, and what was shown or typed is looked for: `python -m tests.kills 1000`.

A round is a window on a pseudo-terminal. It types, checks and answers; at a moment that is drawn, half of them within
50 ms of a key or of a verdict, one of its processes gets a signal: the window, a host, the learner's process or the
judge.
What is on the disk afterwards is read as the tutor reads it. Nothing may be lost: no answer that was on the screen, no
word that is older than a second, no file; and a check that comes next has its verdict.
"""

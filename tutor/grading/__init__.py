"""Grading: what a submission is asked, what is believed of it, and the verdict.

Each folder says in which process its code runs, and so what may be believed:

    judge/       the judge's process. It never runs a line of the learner's code, and it alone reports a verdict.
    learner/     beside the learner's code, which may have changed anything around it: it answers, and decides nothing.
    both_sides/  the same code in both processes: the bytes between them, and what a Keras model is. In the judge it is
                 believed, as the judge runs it on values of its own; an answer that the other side made with it is not.

What stands here beside the folders (the proofs, and when two observations are alike) is plain Python, read by the
judge, the window and `lint`.

The engine enters by two functions: `judge.submission.judge_submission` and `learner.answer_desk.answer_judge`. All
that grading needs of the engine is handed to them; it imports none of it.
"""

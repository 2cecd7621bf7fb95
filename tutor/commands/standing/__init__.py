"""What there is, and where the learner stands in it: the course, files, past trainings."""

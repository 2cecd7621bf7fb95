"""The learner's process: answers to the judge's questions. What stands here decides nothing and is not believed."""

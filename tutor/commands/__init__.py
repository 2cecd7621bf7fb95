"""The commands of `dl-tutor`, one module for those that belong together.

Each imports what it needs only when it is called.
"""

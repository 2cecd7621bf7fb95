"""What holds the learner's code to its own: files, connections, signals and other processes, by the kernel's own means.

The host says what a run needs (`needs`), the run's process gives up the rest before any of the learner's code is in it
(`confine`): Landlock for files, a filter of system calls (seccomp) for what Landlock does not know. Where the kernel
has neither, everything goes on without. `protections` says what is held here. Nothing given up can be had back.
"""

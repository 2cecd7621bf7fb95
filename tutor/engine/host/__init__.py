"""The host: a process that only imports and forks. One thread, one selectors loop, never a tensor; no numpy, no keras,
no torch is named here. What is imported ahead of the runs is one function, whose module the host is told at its start.
"""

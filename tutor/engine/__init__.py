"""The engine, by process: which file runs where decides whether it may import keras, may block, may be believed.

machine/  both sides: sockets, places for runs, processes, limits, resources
client/   the window or the command line
host/     imports and forks, never computes
run/      the learner's process, the judge's, the figures'

They speak to each other in `tutor.messages`.
"""

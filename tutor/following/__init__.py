"""What is known of a run that one follows: `run_state` gathers its events, `fit_state` those of one training.

Of a training, `fit_words` gives the figures and the words, `fit_scene` the picture. The window draws what stands here,
the command line prints it; nothing here knows either. It stands on the messages and on plots alone.
"""

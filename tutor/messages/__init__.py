"""What crosses between processes, as typed values: the ground that window, host, runs and judge all stand on.

`jobs requests` go to a host, `events training verdicts` come back, `children` is between a host and the processes it
begins. `frames` cuts a stream of bytes into messages, `decoding` reads one without ever raising anything but
EngineError, `output_order` keeps what is printed and what is told in order, `harmless` makes text safe to show and
`harmless_values` all that stands in a message, `endings` has the words for how runs end.
"""

"""What goes over the line to the terminal: only the cells that changed, and never more than it takes.

`cells` reads the frames that Textual writes into a screen of cells, `changes` finds the shortest way from what stands
on the terminal to that, `styles` does so for colours, `painter` sends it from a thread of its own at the pace of
`pacing`, `driver` puts all of it in Textual's place. `cursor` says where the terminal's own cursor belongs, `clipboard`
what asks the terminal to take a text.
"""

"""The pen of the command line: curves and bars drawn by plotext into the plain output of a terminal.

The window never draws with it: there our own raster is used, which is 14 times faster. What plotext is not made for
(networks, heatmaps, tables) is drawn by that raster here too, so that a picture of several panels is one picture.
"""

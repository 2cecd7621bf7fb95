"""What past runs left: curves, settings, code, and models that were named.

runs = Runs(paths.state_dir() / "runs")
runs.save(record)                      # the last 20 of a block are kept, named ones for ever
newest, before = runs.recent("train")[:2]
print(short(differences(before, newest)))
"""

from tutor.runs.differ import Differences, differences, short
from tutor.runs.record import MOST_POINTS, Change, Record
from tutor.runs.run_folder import KEPT, Runs

__all__ = ["KEPT", "MOST_POINTS", "Change", "Differences", "Record", "Runs", "differences", "short"]

"""The workbench: code to change, run and check, and under it what came of that."""

from tutor.tui.widgets.workbench.workbench import Workbench

__all__ = ["Workbench"]

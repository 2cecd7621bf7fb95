"""The judge's process: the tester `t` that checks speak to, comparisons, misconceptions, the verdict."""

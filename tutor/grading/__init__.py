"""The judge: the tester `t` that checks speak to, verdicts, misconceptions."""

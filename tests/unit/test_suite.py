"""What holds for every test of this suite, whoever runs it."""

from __future__ import annotations

import os
import subprocess
import sys

MULTIPLY = """
import os
import numpy as np
np.ones((500, 500)) @ np.ones((500, 500))
print(len(os.listdir("/proc/self/task")))
"""


def test_a_product_of_matrices_keeps_to_one_thread() -> None:
    done = subprocess.run([sys.executable, "-c", MULTIPLY], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"]
    assert os.environ["OMP_WAIT_POLICY"] == "passive"

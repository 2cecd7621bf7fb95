"""Whether what tests and lessons state holds on every kernel of numpy's OpenBLAS and of torch that this processor has:
`python -m tests.kernels [FILE…]` runs the numeric tests (or these) once under each, and prints what failed where.

The kernels add up in different orders, so that sums differ in their last digits, and a training that is on the edge
goes another way. Takes some minutes for each kernel.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
NUMERIC = (
    "unit/test_figures_*.py", "unit/test_chapter*_numbers.py", "unit/test_chapter*_figures.py", "unit/test_depth.py",
    "unit/test_grading_gradient.py", "engine/test_figures_*.py", "engine/test_*_against_keras.py",
)  # fmt: skip
ASK_NUMPY = """
import ctypes, numpy
libraries = {line.split()[-1] for line in open("/proc/self/maps") if "openblas" in line}
for library in map(ctypes.CDLL, libraries):
    for name in ("scipy_openblas_get_corename64_", "openblas_get_corename64_", "openblas_get_corename"):
        if hasattr(library, name):
            ask = getattr(library, name)
            ask.restype = ctypes.c_char_p
            print(ask().decode())
            raise SystemExit
"""
ASK_TORCH = "import torch; print(torch.backends.cpu.get_cpu_capability())"


@dataclass(frozen=True)
class Kernel:
    """What chooses it, and how one learns that it is in use. torch: whether it is torch's, not numpy's."""

    name: str
    variables: dict[str, str]
    torch: bool

    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.variables, "PYTHONPATH": str(ROOT)}

    def in_use(self) -> str:
        """The one that is taken when this one is asked for: another, where the processor or the build lacks it."""
        ask = [sys.executable, "-c", ASK_TORCH if self.torch else ASK_NUMPY]
        done = subprocess.run(ask, env=self.environment(), capture_output=True, text=True, check=False)
        return done.stdout.strip() or "none"


def of_torch(name: str, onednn: str, mkl: str) -> Kernel:
    variables = {"ATEN_CPU_CAPABILITY": name, "ONEDNN_MAX_CPU_ISA": onednn, "MKL_ENABLE_INSTRUCTIONS": mkl}
    return Kernel(name, variables, torch=True)


KERNELS = (
    *(
        Kernel(name, {"OPENBLAS_CORETYPE": name}, torch=False)
        for name in ("Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX")
    ),
    of_torch("default", "SSE41", "SSE4_2"), of_torch("avx2", "AVX2", "AVX2"), of_torch("avx512", "ALL", "AVX512"),
)  # fmt: skip


def numeric_files() -> list[Path]:
    return sorted({file for pattern in NUMERIC for file in (ROOT / "tests").glob(pattern)})


def concerned(kernel: Kernel, files: list[Path]) -> list[Path]:
    """The files that compute with it."""
    return [file for file in files if not kernel.torch or "keras" in file.read_text(encoding="utf-8")]


def failed(kernel: Kernel, files: list[Path]) -> tuple[int, list[str]]:
    """How many tests ran under this kernel, and the names of those that failed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        words = [sys.executable, "-m", "pytest", "--tb=no", f"--junitxml={report}", *map(str, files)]
        subprocess.run(words, cwd=ROOT, env=kernel.environment(), stdout=subprocess.DEVNULL, check=False)
        cases = list(ElementTree.parse(report).iter("testcase"))
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return len(cases), [f"{case.get('classname', '')}::{case.get('name', '')}" for case in bad]


def main(words: list[str]) -> int:
    files = [Path(word).resolve() for word in words] or numeric_files()
    found: list[str] = []
    for kernel in KERNELS:
        name = f"{'torch' if kernel.torch else 'OpenBLAS'} {kernel.name}"
        print(f"{name:<22}", end="", flush=True)
        used = kernel.in_use()
        if used.lower() != kernel.name.lower():
            print(f"skipped: this processor or build lacks it, and takes {used}")
            continue
        count, bad = failed(kernel, concerned(kernel, files))
        print(f"{count:5} tests, {len(bad)} failed", flush=True)
        found += [f"{name}: {one}" for one in bad]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The data sets that come with the tutor: `from tutor import data; boston = data.load("boston")`.

Part of the learner's own API, used in what the engine runs. Every file is compared with its SHA-256 in
data/index.toml before it is read, so that nobody learns from a damaged one.
"""

from __future__ import annotations

import hashlib
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, overload

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from tutor import paths
from tutor.errors import DataError
from tutor.files import Damaged, decoded
from tutor.pixels import read_png
from tutor.words import did_you_mean

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]

RESTORE = "To get it back: install dl-tutor again, or `git checkout -- data` in a checkout."


class ColumnEntry(Struct, frozen=True):
    """What data/index.toml says of a column of a table."""

    name: str
    unit: str
    meaning: str


class ArrayEntry(Struct, frozen=True):
    """What it says of an array. shape: as numpy has it."""

    name: str
    meaning: str
    shape: tuple[int, ...]


class SetEntry(Struct, frozen=True):
    """What it says of a data set, as far as it is read here. A set has rows and columns, or arrays."""

    file: str
    title: str
    sha256: str
    rows: int = 0
    columns: tuple[ColumnEntry, ...] = ()
    arrays: tuple[ArrayEntry, ...] = ()


class Table:
    """A small table of numbers with named columns.

    `table["RM"]` is a copy of one column, float64, shape (rows,); `table[["RM", "CRIM"]]` is a matrix, float64,
    shape (rows, 2), in the order asked for. Both raise DataError where a column is not there. `len(table)` is the
    number of rows; `print(table.describe())` shows what the columns are and how their values lie.
    """

    def __init__(self, name: str, title: str, values: Floats, columns: Iterable[ColumnEntry]) -> None:
        """values: shape (rows, columns)."""
        self.name = name
        self.title = title
        self._values = values
        self._about = {column.name: column for column in columns}

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the file."""
        return tuple(self._about)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        rows, columns = self._values.shape
        return rows, columns

    @overload
    def __getitem__(self, key: str) -> Floats: ...
    @overload
    def __getitem__(self, key: list[str]) -> Floats: ...
    def __getitem__(self, key: str | list[str]) -> Floats:
        if isinstance(key, str):
            return self._values[:, self._place(key)].copy()
        if isinstance(key, list):
            return self._values[:, [self._place(name) for name in key]]
        if isinstance(key, tuple) and all(isinstance(name, str) for name in key):
            names = ", ".join(f'"{name}"' for name in key)
            raise DataError("Several columns are asked for with a list.", f"Write {self.name}[[{names}]].")
        raise DataError(
            f"A column has a name, and {key!r} is none.",
            f'Write {self.name}["{self.columns[0]}"]; a row is {self.name}["{self.columns[0]}"][0].',
        )

    def __contains__(self, name: object) -> bool:
        return name in self._about

    def __iter__(self) -> Iterator[str]:
        return iter(self._about)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"{self.name}: {self.title}\n{len(self)} rows, columns {', '.join(self.columns)}"

    def describe(self) -> str:
        """A table to print: each column's smallest, median, mean and largest value, its unit and its meaning."""
        wide = max(map(len, self.columns))
        head = f"{'':{wide}}  {'min':>8} {'median':>8} {'mean':>8} {'max':>8}"
        lines = [self.title, head]
        for name, column in zip(self.columns, self._values.T, strict=True):
            figures = (column.min(), float(np.median(column)), column.mean(), column.max())
            lines.append(f"{name:{wide}}  " + " ".join(f"{figure:8.4g}" for figure in figures))
        lines.append("")
        for name, about in self._about.items():
            lines.append(f"{name:{wide}}  {about.meaning} ({about.unit})")
        return "\n".join(lines)

    def _place(self, name: str) -> int:
        if not isinstance(name, str) or name not in self._about:
            raise DataError(f"{self.name} has no column {name!r}.", did_you_mean(str(name), self.columns, few=99))
        return self.columns.index(name)


class Arrays:
    """A data set of arrays with names, as pictures and series have them.

    `digits["images"]` is a copy of one array; DataError where it has none of that name. `digits.names` are all;
    `print(digits.describe())` shows their shapes and what they are.
    """

    def __init__(self, name: str, title: str, arrays: Mapping[str, Array], meanings: Mapping[str, str]) -> None:
        self.name = name
        self.title = title
        self._arrays = dict(arrays)
        self._meanings = dict(meanings)

    @property
    def names(self) -> tuple[str, ...]:
        """What can be asked for."""
        return tuple(self._arrays)

    def __getitem__(self, key: str) -> Array:
        if not isinstance(key, str) or key not in self._arrays:
            raise DataError(f"{self.name} has no array {key!r}.", did_you_mean(str(key), self.names, few=99))
        return self._arrays[key].copy()

    def __contains__(self, name: object) -> bool:
        return name in self._arrays

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __repr__(self) -> str:
        return f"{self.name}: {self.title}\narrays {', '.join(self.names)}"

    def describe(self) -> str:
        """A table to print: each array's shape, its smallest and largest value, and its meaning."""
        wide = max(map(len, self.names))
        lines = [self.title, ""]
        for name, array in self._arrays.items():
            shape, reach = str(array.shape), f"{array.min():.4g} to {array.max():.4g}"
            lines.append(f"{name:{wide}}  {shape:<16} {array.dtype!s:<8} {reach}")
            lines.append(f"{'':{wide}}  {self._meanings[name]}")
        return "\n".join(lines)


def names() -> tuple[str, ...]:
    """The data sets there are."""
    return tuple(_index())


@overload
def load(name: Literal["boston", "iris", "sunspots"]) -> Table: ...
@overload
def load(name: Literal["mnist5k", "trace", "cat", "lenet"]) -> Arrays: ...
@overload
def load(name: str) -> Table | Arrays: ...
def load(name: str) -> Table | Arrays:
    """A data set by its name: "boston", "iris" and "sunspots" as a Table; "mnist5k", "trace" and "cat" as Arrays.

    Raises DataError where there is none, or its file is damaged."""
    path, content = _checked(name)
    entry = _index()[name]
    return _arrays(name, entry, path, content) if entry.arrays else _table(name, entry, path, content)


def _arrays(name: str, entry: SetEntry, path: Path, content: bytes) -> Arrays:
    if path.suffix == ".png":
        arrays: dict[str, Array] = {entry.arrays[0].name: read_png(content)}
    else:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = dict(file)
    found = {key: array.shape for key, array in arrays.items()}
    if found != {one.name: one.shape for one in entry.arrays}:
        raise DataError(f"{path} and data/index.toml do not agree on the arrays.", RESTORE)
    return Arrays(name, entry.title, arrays, {one.name: one.meaning for one in entry.arrays})


def _table(name: str, entry: SetEntry, path: Path, content: bytes) -> Table:
    columns = entry.columns
    header, *rows = content.decode("utf-8").splitlines()
    values = np.loadtxt(rows, delimiter=",", dtype=np.float64, ndmin=2)
    wanted = ",".join(column.name for column in columns)
    if header != wanted or values.shape != (entry.rows, len(columns)):
        raise DataError(f"{path} and data/index.toml do not agree on rows or columns.", RESTORE)
    return Table(name, entry.title, values, columns)


def _checked(name: str) -> tuple[Path, bytes]:
    index = _index()
    if name not in index:
        raise DataError(f"There is no data set {name!r}.", did_you_mean(str(name), index, few=99))
    path = paths.data_dir() / index[name].file
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"The data file {path} cannot be read: {error.strerror}.", RESTORE) from error
    if hashlib.sha256(content).hexdigest() != index[name].sha256:
        raise DataError(f"The data file {path} is not the one that was shipped: its checksum is off.", RESTORE)
    return path, content


def _index() -> dict[str, SetEntry]:
    path = paths.data_dir() / "index.toml"
    try:
        content = decoded(lambda data: tomllib.loads(data.decode("utf-8")), path.read_bytes())
        entries = {name: entry for name, entry in content.items() if isinstance(entry, dict)}
        return msgspec.convert(entries, dict[str, SetEntry])
    except OSError as error:
        raise DataError(f"The list of data sets {path} cannot be read: {error.strerror}.", RESTORE) from error
    except (Damaged, msgspec.ValidationError) as error:
        raise DataError(f"The list of data sets {path} is damaged: {error}.", RESTORE) from error

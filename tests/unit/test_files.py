"""Files of ours are written whole or not at all, and closed to others; damage is set aside."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from tutor import files


@pytest.fixture(autouse=True)
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_every_folder_that_is_made_is_closed_and_what_was_there_stays(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir(0o755)
    made = files.private_folder(there / "one" / "two")
    assert files.private_folder(made) == made
    assert [mode(path) for path in (there, made.parent, made)] == [0o755, 0o700, 0o700]


def test_a_file_in_the_way_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(OSError):
        files.private_folder(tmp_path / "taken" / "inner")
    with pytest.raises(FileExistsError):
        files.private_folder(tmp_path / "taken")


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.json"
    files.replace_file(path, b"one")
    files.replace_file(path, b"two", sync=True)
    assert path.read_bytes() == b"two" and mode(path) == 0o600 and os.listdir(path.parent) == ["file.json"]


def test_what_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), files.replacing(path, ".keras") as beside:
        assert beside.suffix == ".keras" and beside.parent == tmp_path
        beside.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["model.keras"]


def test_a_disk_that_does_not_take_it_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def full(fd: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "write", full)
    with pytest.raises(OSError, match="No space"):
        files.replace_file(path, b"new")
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["file"]


def test_what_is_not_there_reads_as_none_and_other_trouble_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    assert files.read_or_none(tmp_path / "file") == b"x"
    assert files.read_or_none(tmp_path / "none") is None
    assert files.read_or_none(tmp_path / "file" / "inner") is None
    assert files.read_or_none(tmp_path) is None
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(OSError):
        files.read_or_none(tmp_path / "circle")


def test_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "run.msgpack"
    decode = msgspec.msgpack.Decoder(dict[str, int]).decode
    assert files.decode_or_set_aside(path, decode) == (None, None)
    path.write_bytes(msgspec.msgpack.encode({"a": 1}))
    assert files.decode_or_set_aside(path, decode) == ({"a": 1}, None)
    path.write_bytes(b"\xc1 no msgpack")
    assert files.decode_or_set_aside(path, decode) == (None, tmp_path / "run.damaged")
    assert os.listdir(tmp_path) == ["run.damaged"]


def test_removing_and_listing_do_not_mind_what_is_not_there(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).write_text("")
    files.remove(tmp_path / "none")
    files.remove(tmp_path / "b")
    assert files.names_in(tmp_path) == ["a"]
    assert files.names_in(tmp_path / "none") == files.names_in(tmp_path / "a") == []

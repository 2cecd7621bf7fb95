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


NESTED = b"[" * 100_000 + b"]" * 100_000


def test_nesting_without_end_is_damage_as_junk_is(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    decoder = msgspec.json.Decoder()
    for junk in (NESTED, b"\xff", b"{"):
        with pytest.raises(files.Damaged):
            files.decoded(decoder.decode, junk)
        path.write_bytes(junk)
        assert files.decode_or_set_aside(path, decoder.decode) == (None, tmp_path / "file.damaged")
    assert files.decoded(decoder.decode, b"[1]") == [1]


def test_settings_nested_without_end_are_called_no_toml(tmp_path: Path) -> None:
    from tutor.errors import UsageError
    from tutor.settings import load_settings

    file = tmp_path / "settings.toml"
    file.write_bytes(b"keys = " + NESTED)
    with pytest.raises(UsageError, match="is not TOML"):
        load_settings(file, {})


def test_what_a_library_wrote_is_for_the_learner_alone(tmp_path: Path) -> None:
    with files.replacing(tmp_path / "models" / "model.keras", ".keras") as beside:
        beside.write_text("as its umask has it")
    assert mode(tmp_path / "models") == 0o700 and mode(tmp_path / "models" / "model.keras") == 0o600


def test_a_log_is_for_the_learner_alone_also_where_it_was_open_to_all(tmp_path: Path) -> None:
    log = tmp_path / "engine.log"
    log.write_bytes(b"one\n")
    for anew, then in ((False, b"one\ntwo\n"), (True, b"two\n")):
        with files.open_private(log, anew=anew) as file:
            file.write(b"two\n")
        assert log.read_bytes() == then and mode(log) == 0o600

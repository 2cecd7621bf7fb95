"""Past runs: kept whole, pruned, never in the way of work; and what differs between two."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import pytest

from tutor.runs import KEPT, Change, Record, Runs, differences, short


def record(at: int = 0, **more) -> Record:
    curves = {"loss": ((1.0, 2.0), (3.0, 1.0))}
    return Record(run=f"train-{at:04x}", block="train", when=1e9 + at, curves=curves, **more)


def test_what_is_saved_is_read_again_newest_first_and_numbered(tmp_path):
    runs = Runs(tmp_path)
    for at in range(3):
        runs.save(record(at, code=f"x = {at}", arguments={"epochs": "2"}, best=("loss", 2, 1.0)))
    found = Runs(tmp_path).recent("train")
    assert [one.number for one in found] == [3, 2, 1] and found[0].code == "x = 2"
    assert found[0].curves["loss"] == ((1.0, 2.0), (3.0, 1.0)) and runs.blocks() == ["train"]


def test_the_last_twenty_stay_and_those_with_a_name_beyond_them(tmp_path):
    runs = Runs(tmp_path)
    first = runs.save(record(0))
    runs.rename(first, "the first", saved=True)
    path = runs.model_path(first)
    assert path is not None
    path.write_bytes(b"model")
    for at in range(1, KEPT + 6):
        old = runs.save(record(at))
        (runs.model_path(old) or path).write_bytes(b"model")
    found = runs.recent("train")
    assert len(found) == KEPT + 1 and found[-1].name == "the first" and path.exists()
    assert len(list(path.parent.glob("*.keras"))) == KEPT + 1, "models go with their runs"


def test_a_damaged_file_is_set_aside_and_said_once(tmp_path):
    runs = Runs(tmp_path)
    runs.save(record(0))
    runs.save(record(1))
    (tmp_path / "train" / "train-0000.msgpack").write_bytes(b"\x93nonsense")
    assert [one.run for one in runs.recent("train")] == ["train-0001"]
    runs.recent("train")
    assert len(runs.problems) == 1 and "set aside" in runs.problems[0]
    assert (tmp_path / "train" / "train-0000.damaged").exists()


def test_a_folder_that_cannot_be_made_is_a_sentence_and_no_exception(tmp_path):
    (tmp_path / "file").write_text("")
    runs = Runs(tmp_path / "file" / "runs")
    runs.save(record(0))
    assert runs.recent("train") == [] and len(runs.problems) == 1 and "not kept" in runs.problems[0]


@pytest.mark.parametrize("name", ["../up", "/abs", "a/b", "", ".hidden"])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    runs = Runs(tmp_path / "runs")
    runs.save(Record(run="x", block=name, when=0.0))
    runs.save(Record(run=name, block="fine", when=0.0))
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]
    assert runs.model_path(Record(run=name, block="fine", when=0.0)) is None


def test_windows_that_save_at_once_lose_nothing(tmp_path):
    def save(start: int) -> None:
        for at in range(start, start + 5):
            Runs(tmp_path).save(record(at))

    threads = [threading.Thread(target=save, args=(10 * at,)) for at in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Runs(tmp_path).recent("train")) == 15


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_a_sentence(tmp_path):
    tmp_path.chmod(0o500)
    runs = Runs(tmp_path / "runs")
    runs.save(record(0))
    assert runs.problems


BEFORE = "x = load()\n\nmodel.compile(SGD(0.1))\nmodel.fit(x, y)\n"
AFTER = "x = load()\nx = (x - x.mean(0)) / x.std(0)\nmodel.compile(SGD(0.1))\nmodel.fit(x, y)   \n"


def test_lines_that_are_new_are_told_and_blanks_are_not():
    found = differences(record(0, code=BEFORE), record(1, code=AFTER))
    assert found.lines == (("+", "x = (x - x.mean(0)) / x.std(0)"),)
    assert short(found) == "x = (x - x.mean(0)) / x.std(0)"


def test_arguments_seeds_and_what_a_hand_did():
    old = record(0, code="a", arguments={"learning_rate": "0.01", "epochs": "5"}, seed=1)
    new = record(1, code="b\nc", arguments={"learning_rate": "0.1", "epochs": "5", "batch_size": "8"}, seed=2,
                 changes=(Change("learning rate", 3, 0.1, 0.05),))  # fmt: skip
    said = short(differences(old, new), "->")
    assert "learning_rate 0.01 -> 0.1" in said and "batch_size none -> 8" in said
    assert "seed 1 -> 2" in said and "by hand 0.1 to 0.05 after epoch 3" in said and "epochs" not in said


def test_nothing_differs():
    found = differences(record(0, code=BEFORE), record(1, code=BEFORE.replace("\n\n", "\n")))
    assert not found and short(found) == "nothing differs"


def test_runs_on_the_command_line(tmp_path):
    def called(*words: str) -> subprocess.CompletedProcess[str]:
        environment = dict(os.environ, DL_TUTOR_HOME=str(tmp_path))
        words = (sys.executable, "-m", "tutor", "runs", *words)
        return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)

    assert called().returncode == 0 and "No training is kept" in called().stdout
    store = Runs(tmp_path / "state" / "runs")
    store.save(record(0, code="a", arguments={"epochs": "5"}, best=("loss", 2, 1.0), epochs=2))
    store.save(record(1, code="a", arguments={"epochs": "9"}, epochs=2))
    shown = called("train").stdout
    assert "2 kept" in shown and "epochs 5 -> 9" in shown and "best loss 1 in epoch 2" in shown
    told = json.loads(called("train", "--json").stdout)
    assert told["train"][0]["curves"]["loss"]["value"] == [3.0, 1.0]
    wrong = called("trian")
    assert wrong.returncode == 2 and "train" in wrong.stderr
    known = called("train-in-keras")
    assert known.returncode == 2 and "No training of train-in-keras" in known.stderr

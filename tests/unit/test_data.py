"""data.load: what it gives, and what it says when something is off."""

import shutil
from typing import get_args, get_overloads, get_type_hints

import numpy as np
import pytest

from tutor import data, paths
from tutor.errors import DataError
from tutor.pixels import read_png


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the data folder that a test may damage."""
    folder = tmp_path / "data"
    shutil.copytree(paths.data_dir(), folder)
    monkeypatch.setattr(paths, "data_dir", lambda: folder)
    return folder


def test_columns_and_rows():
    boston = data.load("boston")
    assert len(boston) == 506
    assert boston.shape == (506, 7)
    assert boston.columns == ("RM", "CRIM", "INDUS", "NOX", "AGE", "TAX", "PRICE")
    assert "RM" in boston and "B" not in boston
    assert boston["RM"].dtype == np.float64 and boston["RM"].shape == (506,)
    assert boston["RM"][0] == 6.575 and boston["PRICE"][0] == 24.0


def test_iris_is_sorted_by_species():
    iris = data.load("iris")
    assert iris.shape == (150, 5)
    np.testing.assert_array_equal(iris["species"], np.repeat([0.0, 1.0, 2.0], 50))
    np.testing.assert_allclose(iris[list(iris.columns[:4])].mean(axis=0), [5.843, 3.057, 3.758, 1.199], atol=5e-4)


def test_digits_are_sorted_and_shuffled_by_nobody():
    digits = data.load("mnist5k")
    images, labels = digits["images"], digits["labels"]
    assert images.shape == (5000, 28, 28) and images.dtype == np.uint8 and images.max() == 255
    np.testing.assert_array_equal(labels, np.repeat(np.arange(10), 500))
    images[:] = 0
    assert digits["images"].any()
    with pytest.raises(DataError, match="labels"):
        digits["label"]
    assert "5,000" in repr(digits) and "shuffle" in digits.describe()


def test_series_and_sunspots_are_those_of_their_sources():
    trace = data.load("trace")
    assert trace["x_train"].shape == (100, 275, 1) == trace["x_test"].shape
    assert set(trace["y_train"]) == {0, 1, 2, 3} == set(trace["y_test"])
    assert trace["x_train"].min() == np.float32(-2.2211)
    sunspots = data.load("sunspots")
    assert sunspots["year"][[0, -1]].tolist() == [1700, 2008] and sunspots["sunspots"][:3].tolist() == [5, 11, 16]


def test_the_cat_is_a_picture():
    pixels = data.load("cat")["pixels"]
    assert pixels.shape == (85, 128, 3) and pixels.dtype == np.uint8
    assert pixels.mean(axis=(0, 1)) == pytest.approx([148, 112, 87], abs=3)  # a ginger one


@pytest.mark.parametrize("content", [b"nothing", b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR" + bytes(13) + bytes(4)])
def test_other_pictures_are_refused(content):
    with pytest.raises(ValueError, match=r"PNG|RGB"):
        read_png(content)


def test_all_of_it_is_small():
    assert sum(file.stat().st_size for file in paths.data_dir().iterdir()) < 4 * 2**20


def test_a_column_is_a_copy():
    boston = data.load("boston")
    boston["RM"][:] = 0
    boston[["RM", "CRIM"]][:] = 0
    assert boston["RM"][0] == 6.575


def test_several_columns_in_the_order_asked_for():
    boston = data.load("boston")
    both = boston[["CRIM", "RM"]]
    assert both.shape == (506, 2)
    np.testing.assert_array_equal(both[:, 1], boston["RM"])
    assert boston[["RM"]].shape == (506, 1)


def test_words():
    boston = data.load("boston")
    assert "506 rows" in repr(boston) and "NOX" in repr(boston)
    described = boston.describe()
    assert "3.561" in described and "average number of rooms" in described
    assert max(map(len, described.splitlines())) <= 80
    assert list(boston) == list(boston.columns)


@pytest.mark.parametrize(("name", "nearest"), [("bostn", "boston"), ("Boston", "boston"), ("zzz", "boston")])
def test_unknown_set_names_the_nearest(name, nearest):
    with pytest.raises(DataError, match=nearest):
        data.load(name)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("rm", '"RM"'),
        ("PRISE", '"PRICE"'),
        ("B", "Known: AGE, CRIM"),
        (["RM", "CRIMM"], '"CRIM"'),
        (("RM", "CRIM"), r'boston\[\["RM", "CRIM"\]\]'),
        (0, 'boston\\["RM"\\]'),
    ],
)
def test_unknown_column_says_what_to_write(key, says):
    with pytest.raises(DataError, match=says):
        data.load("boston")[key]


def test_every_set_listed_is_sound():
    assert data.names()
    for name in data.names():
        loaded = data.load(name)
        for one in loaded:
            assert np.isfinite(loaded[one]).all()


def test_what_load_is_said_to_give_is_what_it_gives():
    hints = map(get_type_hints, get_overloads(data.load))
    said = {name: hint["return"] for hint in hints for name in get_args(hint["name"])}
    assert said == {name: type(data.load(name)) for name in data.names()}


@pytest.mark.parametrize("damage", [b"", b"RM,CRIM\n1,2\n", b"\xff\xfe"])
def test_a_changed_file_is_refused_with_the_way_back(copied, damage):
    (copied / "boston.csv").write_bytes(damage)
    with pytest.raises(DataError, match=r"checksum.*install dl-tutor again.*git checkout"):
        data.load("boston")


def test_one_changed_digit_is_seen(copied):
    file = copied / "boston.csv"
    file.write_bytes(file.read_bytes().replace(b"6.575", b"6.576", 1))
    with pytest.raises(DataError, match="checksum"):
        data.load("boston")


def test_a_missing_file_or_index(copied):
    (copied / "boston.csv").unlink()
    with pytest.raises(DataError, match="cannot be read"):
        data.load("boston")
    (copied / "index.toml").write_text("not = = toml")
    with pytest.raises(DataError, match="damaged"):
        data.load("boston")
    (copied / "index.toml").write_text("[boston]\nfile = 3")
    with pytest.raises(DataError, match="damaged"):
        data.load("boston")
    (copied / "index.toml").unlink()
    with pytest.raises(DataError, match="cannot be read"):
        data.load("boston")

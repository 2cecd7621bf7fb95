"""A course folder as a course: the kept index, broken lessons, finding lessons, tasks and words."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sample_course import EXERCISE, QUIZ, RUN, lesson_text, make_course
from tutor.course.kept import stamp_of
from tutor.course.loader import find_lesson, find_task, load_course, load_lesson
from tutor.course.search import search_course
from tutor.errors import CourseError, UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_course(tmp_path / "lessons")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def rewrite(path: Path, text: str) -> None:
    """Writes a file so that its stamp surely changes, on file systems with coarse times too."""
    before = stamp_of(path)[1]
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 10_000_000, before + 10_000_000))


def test_entries(folder: Path) -> None:
    course = load_course(folder, None)
    first, second = course.lessons
    assert (first.number, first.id, first.title, first.file) == ("1.1", "first", "First", "01-introduction/01-first.md")
    assert first.pages == ("Page 1", "Page 2", "Page 3") and first.introduces == ("doubling",)
    assert [(task.id, task.kind, task.title, task.page) for task in first.tasks] == [
        ("hello", "run", "Hello", 0), ("output-neurons", "quiz", "Output neurons", 1),
        ("double", "exercise", "Twice a number", 2),
    ]  # fmt: skip
    assert second.requires == ("first",) and not second.problem
    assert load_lesson(course, "first").pages[2].blocks


@pytest.mark.parametrize("with_cache", [True, False])
def test_a_changed_lesson_is_seen(folder: Path, cache: Path, with_cache: bool) -> None:
    kept = cache if with_cache else None
    load_course(folder, kept)
    path = folder / "01-introduction" / "01-first.md"
    rewrite(path, lesson_text("first", RUN, title="Another title"))
    course = load_course(folder, kept)
    assert course.lessons[0].title == "Another title"
    assert load_lesson(course, "first").title == "Another title"
    rewrite(path, lesson_text("first", RUN, title="Third"))
    assert load_lesson(course, "first").title == "Third"


def test_same_course_from_the_cache(folder: Path, cache: Path) -> None:
    fresh = load_course(folder, cache)
    lesson = load_lesson(fresh, "first")
    again = load_course(folder, cache)
    assert again == fresh and load_lesson(again, "first") == lesson


def test_a_warm_start_reads_neither_markdown_nor_yaml(folder: Path, cache: Path) -> None:
    load_course(folder, cache)
    code = (
        "import sys, pathlib\n"
        "from tutor.course.loader import load_course, load_lesson\n"
        "course = load_course(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))\n"
        "assert len(course.lessons) == 2\n"
        "load_lesson(course, 'first')\n"
        "heavy = {'markdown_it', 'mdit_py_plugins', 'yaml', 'tomllib', 'difflib', 'textual', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(cache)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_warm_start_opens_one_file(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_course(folder, cache)
    read: list[str] = []
    original = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: (read.append(path.name), original(path))[1])
    load_course(folder, cache)
    assert len(read) == 1 and read[0].startswith("course-")


@pytest.mark.parametrize("damage", [b"", b"\x00rubbish", b"\x81\xa4code\xa1x"])
def test_an_unusable_cache_is_made_again(folder: Path, cache: Path, damage: bytes) -> None:
    fresh = load_course(folder, cache)
    for file in cache.iterdir():
        file.write_bytes(damage)
    assert load_course(folder, cache) == fresh
    assert load_lesson(fresh, "first").id == "first"


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write anywhere")
def test_a_read_only_cache_folder_is_no_error(folder: Path, cache: Path) -> None:
    cache.mkdir()
    cache.chmod(0o500)
    assert len(load_course(folder, cache).lessons) == 2
    cache.chmod(0o700)


def test_a_cache_that_is_a_file_is_no_error(folder: Path, cache: Path) -> None:
    cache.write_text("not a folder")
    assert len(load_course(folder, cache).lessons) == 2


def test_a_broken_lesson_is_listed(folder: Path, cache: Path) -> None:
    path = folder / "01-introduction" / "01-first.md"
    rewrite(path, lesson_text("first", QUIZ.replace("{quiz}", "{quis}"), title="Broken one"))
    course = load_course(folder, cache)
    first = course.lessons[0]
    assert first.title == "Broken one" and not course.lessons[1].problem
    assert first.problem.startswith("01-introduction/01-first.md:9: ") and 'Did you mean "quiz"?' in first.problem
    with pytest.raises(CourseError, match=r"01-first\.md:9"):
        load_lesson(course, "first")


def test_a_missing_lesson_is_listed(folder: Path, cache: Path) -> None:
    (folder / "01-introduction" / "01-first.md").rename(folder / "01-introduction" / "01-frist.md")
    course = load_course(folder, cache)
    assert "NN-first.md" in course.lessons[0].problem and "frist" in course.lessons[0].problem
    with pytest.raises(CourseError):
        load_lesson(course, "first")
    (folder / "01-introduction" / "01-frist.md").rename(folder / "01-introduction" / "01-first.md")
    assert not load_course(folder, cache).lessons[0].problem


def test_a_lesson_with_another_id_and_one_that_is_not_text(folder: Path) -> None:
    place = folder / "01-introduction"
    (place / "01-first.md").write_text(lesson_text("other", RUN), encoding="utf-8")
    (place / "02-second.md").write_bytes(b"---\nid: second\ntitle: \xff\n---\n")
    first, second = load_course(folder, None).lessons
    assert "other" in first.problem
    assert second.problem.startswith("01-introduction/02-second.md:3: ") and "UTF-8" in second.problem


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("format_version = 1", "format_version = 2", 1, "format_version 2 is not known"),
        ("format_version = 1\n", "", 1, "no format_version"),
        ("title = ", "titel = ", 2, 'Did you mean "title"?'),
        ("lessons = [", "lesson = [", 7, 'Did you mean "lessons"?'),
        ('id = "introduction"', 'id = "In troduction"', 5, "no id"),
        ('"first", "second"', '"first", "first"', 7, "twice"),
        ('"first", "second"', '"first", 2', 7, "no list of lesson ids"),
        ("[[chapter]]", "[[chapter", 4, "not TOML"),
    ],
)
def test_a_wrong_course_file(folder: Path, old: str, new: str, line: int, words: str) -> None:
    path = folder / "course.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        load_course(folder, None)
    errors = caught.value.errors  # type: ignore[attr-defined]
    assert any(error.line == line and words in str(error) for error in errors), [str(error) for error in errors]


@pytest.mark.parametrize("seed", range(40))
def test_a_mangled_course_file(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = folder / "course.toml"
    text = path.read_text(encoding="utf-8") + '[renamed]\nold = "first"\n'
    start = chance.randrange(len(text))
    junk = chance.choice(("", "\x00", "[", "5", '"', "= ", "[[chapter]]\n", "lessons = 3\n", "é", "#"))
    path.write_text(text[:start] + junk + text[start + chance.randrange(30) :], encoding="utf-8")
    try:
        course = load_course(folder, None)
    except CourseError as error:
        assert error.file == "course.toml"
    else:
        assert course.title


def test_no_course_there(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"no course\.toml"):
        load_course(tmp_path / "nowhere", None)


# ------------------------------------------------------------------ finding


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    names = ("perceptron", "gradient-descent", "gradient-clipping")
    lessons = {name: lesson_text(name, f"About {name}.") for name in names}
    lessons["perceptron"] = lesson_text(
        "perceptron", "## Weights\n\nA neuron weighs its inputs, and `numpy` adds them.", EXERCISE,
        title="The perceptron", introduces=["activation"],
    )  # fmt: skip
    return make_course(
        tmp_path / "wide", {"introduction": lessons}, renamed={"twice": "double", "neuron": "perceptron"}
    )


@pytest.mark.parametrize("words", ["perceptron", "1.1", "per", "The perceptron", "the PER", "neuron", "Perceptron"])
def test_find_lesson(wide: Path, words: str) -> None:
    assert find_lesson(load_course(wide, None), words).id == "perceptron"


@pytest.mark.parametrize(
    ("words", "told"),
    [("perceptorn", 'Did you mean "perceptron"?'), ("grad", "gradient-descent, gradient-clipping"), ("", "no lesson"),
     ("9.9", "no lesson")],
)  # fmt: skip
def test_unknown_lessons(wide: Path, words: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_lesson(load_course(wide, None), words)
    assert told in str(caught.value) and caught.value.exit_status == 2


def test_find_task(wide: Path) -> None:
    course = load_course(wide, None)
    assert find_task(course, "double")[1].page == 1
    assert find_task(course, "twice")[1].id == "double"
    with pytest.raises(UsageError, match='Did you mean "double"'):
        find_task(course, "duoble")


def test_search(wide: Path, cache: Path) -> None:
    course = load_course(wide, cache)
    assert [(hit.lesson, hit.page, hit.title) for hit in search_course(course, "weights")] == [
        ("perceptron", 0, "Weights")
    ]
    hit = search_course(course, "NUMPY adds")[0]
    assert hit.lesson == "perceptron" and "numpy adds them" in hit.excerpt
    # a concept of the lesson that no page's own words have leads to the lesson's first page
    assert {hit.page for hit in search_course(course, "activation")} == {0}
    assert search_course(course, "about gradient")[0].lesson == "gradient-descent"
    assert search_course(course, "nowhere to be found") == [] and search_course(course, "  ") == []
    assert search_course(course, "Multiply by two") == [], "hints are not given away"


def test_an_excerpt_has_no_latex_in_it(wide: Path) -> None:
    path = wide / "01-introduction" / "03-gradient-clipping.md"
    rewrite(path, lesson_text("gradient-clipping", "The slope $\\frac{a}{b}$ of $w$ explodes.\n\n$$\nw^{(t)}\n$$"))
    excerpt = search_course(load_course(wide, None), "explodes")[0].excerpt
    assert "slope … of w explodes" in excerpt and "frac" not in excerpt and "^" not in excerpt


def test_a_concept_leads_to_the_page_that_speaks_of_it(wide: Path) -> None:
    path = wide / find_lesson(load_course(wide, None), "gradient-descent").file
    text = path.read_text(encoding="utf-8")
    text = text.replace("minutes:", "introduces: [chain rule]\nminutes:", 1)
    path.write_text(text + "\n\n## Last\n\nThe chain rule.\n", encoding="utf-8")
    hits = search_course(load_course(wide, None), "chain rule")
    assert [hit.title for hit in hits] == ["Last"]
    assert search_course(load_course(wide, None), "gradient descent")[0].page == 0


def test_search_sees_changes(wide: Path, cache: Path) -> None:
    search_course(load_course(wide, cache), "clipping")
    path = wide / "01-introduction" / "03-gradient-clipping.md"
    rewrite(path, lesson_text("gradient-clipping", "About exploding slopes."))
    hits = search_course(load_course(wide, cache), "exploding")
    assert [hit.lesson for hit in hits] == ["gradient-clipping"]
    rewrite(path, "broken")
    assert search_course(load_course(wide, cache), "exploding") == []
    assert search_course(load_course(wide, cache), "clipping")[0].lesson == "gradient-clipping"


def test_the_excerpt_shows_what_was_looked_for() -> None:
    from tutor.course.search import _excerpt, _PageText

    text = "x" * 60 + "needle" + "y" * 60 + " and much more " * 9
    assert "needle" in _excerpt(_PageText("", "", text), ["needle"])
    assert "needle" in _excerpt(_PageText("", "", "hay " * 40 + "needle" + " hay" * 40), ["needle"])


def test_titles_come_before_concepts_and_concepts_before_words() -> None:
    from tutor.course.search import _PageText, _rank

    wanted = ["bias"]
    places = [
        _rank("", _PageText("The bias", "", ""), wanted),
        _rank("", _PageText("A neuron", "bias", ""), wanted),
        _rank("", _PageText("A neuron", "", "bias bias"), wanted),
        _rank("", _PageText("A neuron", "", "the bias"), wanted),
    ]
    assert None not in places
    assert places == sorted(places)  # type: ignore[type-var]
    assert _rank("", _PageText("A neuron", "", "weights"), wanted) is None

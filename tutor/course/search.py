"""Finding words in the course: titles first, then concepts, then the text of pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from tutor.course import model
from tutor.course.kept import Stamp, code_version, file_for, read_kept, stamp_of, write_kept
from tutor.course.loader import load_lesson
from tutor.course.model import Block, Course, LessonEntry, Page
from tutor.course.walk import TASKS, inner_blocks, iter_runs, plain_text
from tutor.errors import CourseError

_AROUND = 34


class Hit(Struct, frozen=True):
    """lesson: its id. page: counted from 0. title: of the page. excerpt: words around the match, on one line."""

    lesson: str
    page: int
    title: str
    excerpt: str


class _PageText(Struct, frozen=True):
    title: str
    concepts: str
    text: str


class _LessonText(Struct, frozen=True):
    stamp: Stamp
    pages: tuple[_PageText, ...]


class _Texts(Struct, frozen=True):
    code: str
    folder: str
    lessons: dict[str, _LessonText]


_latest: _Texts | None = None


def search_course(course: Course, words: str, most: int = 50) -> list[Hit]:
    """The pages that hold all the words (in any case, also as parts of words), best first: in the title of the
    page; among the concepts of the page, or in the title and concepts of its lesson, for the first page of the lesson
    that speaks of them; in the text, where the words stand most often. Broken lessons are found by their titles."""
    wanted = words.lower().split()
    if not wanted:
        return []
    texts = _texts(course)
    ranked: list[tuple[int, int, int, Hit]] = []
    for entry in course.lessons:
        found = texts.lessons.get(entry.id)
        pages = found.pages if found else (_PageText(entry.title, "", ""),)
        speaking = _speaking(entry, pages, wanted)
        for number, page in enumerate(pages):
            rank = _rank(_lesson_words(entry) if number == speaking else "", page, wanted)
            if rank is not None:
                hit = Hit(entry.id, number, page.title or entry.title, _excerpt(page, wanted))
                ranked.append((*rank, len(ranked), hit))
    return [hit for *_, hit in sorted(ranked, key=lambda item: item[:3])[:most]]


def _lesson_words(entry: LessonEntry) -> str:
    return f"{entry.title} {' '.join(entry.introduces)}".lower()


def _speaking(entry: LessonEntry, pages: tuple[_PageText, ...], wanted: list[str]) -> int:
    """The page that answers for its lesson's title and concepts: the first, as the title is where one starts; for a
    concept the first page that has the words, if any has."""
    if all(word in entry.title.lower() for word in wanted):
        return 0
    return next((number for number, page in enumerate(pages) if _rank("", page, wanted) is not None), 0)


def _rank(lesson: str, page: _PageText, wanted: list[str]) -> tuple[int, int] | None:
    """Where all the words are found, the best place first, and how often they stand in the text, most first.
    lesson: title and concepts of the lesson, where they speak for this page."""
    title, concepts, text = page.title.lower(), page.concepts.lower(), page.text.lower()
    often = -sum(text.count(word) for word in wanted)
    for rank, part in enumerate((title, f"{title} {concepts} {lesson}", f"{title} {concepts} {lesson} {text}")):
        if all(word in part for word in wanted):
            return rank, often if rank == 2 else 0
    return None


def _excerpt(page: _PageText, wanted: list[str]) -> str:
    """The words around the first of `wanted` that stands in the text, which is always among them; the beginning of
    the page where none does."""
    text, lower = page.text, page.text.lower()
    at, word = min(((lower.find(word), word) for word in wanted if word in lower), default=(0, ""))
    start, end = max(0, at - _AROUND), at + len(word) + (_AROUND if word else 2 * _AROUND)
    if start:
        start = min(text.find(" ", start) + 1 or at, at)
    stop = max(text.rfind(" ", start, end), at + len(word)) if end < len(text) else len(text)
    return ("… " if start else "") + text[start:stop].strip() + (" …" if stop < len(text) else "")


# ------------------------------------------------------------------ the text of pages


def _texts(course: Course) -> _Texts:
    """From memory, else from the cache, else from the lessons; only what changed is read anew."""
    global _latest
    old = _latest if _latest and _latest.folder == course.folder else None
    kept_in = file_for(course.cache, "words", course.folder) if course.cache else None
    if old is None and kept_in:
        old = read_kept(kept_in, _Texts)
    if old and (old.code, old.folder) != (code_version(), course.folder):
        old = None
    lessons: dict[str, _LessonText] = {}
    for entry in course.lessons:
        stamp = stamp_of(Path(course.folder) / entry.file) if entry.file else (-1, -1)
        known = old.lessons.get(entry.id) if old else None
        if not entry.problem:
            lessons[entry.id] = known if known and known.stamp == stamp else _lesson_text(course, entry, stamp)
    texts = _Texts(code_version(), course.folder, lessons)
    if kept_in and texts != old:
        write_kept(kept_in, texts)
    _latest = texts
    return texts


def _lesson_text(course: Course, entry: LessonEntry, stamp: Stamp) -> _LessonText:
    try:
        lesson = load_lesson(course, entry.id)
    except CourseError:
        # broken since the course was opened; its titles are still those of the index
        return _LessonText(stamp, tuple(_PageText(title, "", "") for title in entry.pages))
    return _LessonText(stamp, tuple(_page_text(page) for page in lesson.pages))


def _page_text(page: Page) -> _PageText:
    blocks = list(_shown(page.blocks))
    concepts = [concept for block in blocks for concept in getattr(block, "concepts", ())]
    words = " ".join(word for block in blocks for word in _words(block))
    return _PageText(page.title, " ".join(concepts), " ".join(words.split()))


def _shown(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block but those behind a task: hints, working, model answers."""
    for block in blocks:
        yield block
        inner = (block.prose,) if isinstance(block, TASKS) else inner_blocks(block)
        for part in inner:
            yield from _shown(part)


def _words(block: Block) -> list[str]:
    """The words of one block itself."""
    if isinstance(block, TASKS):
        choices = getattr(block, "choices", ())
        return [block.title, *(plain_text(choice.inlines, _formula) for choice in choices)]
    match block:
        case model.CodeBlock(code=code):
            return [code]
        case model.DisplayMath():
            return ["…"]
        case model.Box(title=title):
            return [title]
    return [plain_text(run, _formula) for run in iter_runs(block)]


def _formula(latex: str) -> str:
    """A formula within an excerpt: as it is where it reads as it is."""
    return "…" if set(latex) & set("\\{}^_") else latex

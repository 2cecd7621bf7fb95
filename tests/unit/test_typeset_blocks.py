"""Course blocks as lines: wrapping by cells, hanging indents, tables that fit, formulas that stay whole."""

from __future__ import annotations

import subprocess
import sys

import pytest
from rich.cells import cell_len

from tutor.course import model as m
from tutor.typeset import Look, inlines, plain, typeset


def words(*parts: str | m.Inline) -> tuple[m.Inline, ...]:
    return tuple(m.Text(part) if isinstance(part, str) else part for part in parts)


def para(*parts: str | m.Inline) -> m.Paragraph:
    return m.Paragraph(words(*parts))


def lines(*blocks: m.Block, width: int = 40, look: Look | None = None) -> list[str]:
    return [line.plain for line in typeset(blocks, width, look)]


LONG = "Take a step against the slope, of a size set by the learning rate, and repeat until it arrives."
EVERYTHING: tuple[m.Block, ...] = (
    para(LONG, m.Break(), m.Math(r"w^{(t+1)} = w^{(t)} - \rho \nabla \mathcal{L}"), " and so on"),
    m.Heading(3, words("A heading")),
    m.DisplayMath(r"\frac{1}{n} \sum_{i=1}^n x_i \tag{1.2}"),
    m.ListBlock(((para(LONG), m.ListBlock(((para(LONG),),))), (para("two"),))),
    m.ListBlock(((para("nine"),), (para("ten " + LONG),)), start=9),
    m.Quote((para(LONG),)),
    m.CodeBlock("python", "def f(x):  # of a comment\n    return sum(w * x for w, x in zip(weights, inputs)) + bias\n"),
    m.TableBlock(
        (words("rate"), words("what happened")),
        ((words(m.Math("10^{-5}")), words(LONG)), (words("5e-5"), words("it diverges"))),
        ("right", "left"),
    ),
    m.Box("warning", "", (para(LONG), m.DisplayMath("a = b"))),
    m.Rule(),
    para(m.Image("a cat", "cat.png"), m.Break(hard=True), "café – 東京 ", m.Code("np.dot(w, x)")),
)


@pytest.mark.parametrize("width", [20, 33, 60, 78])
@pytest.mark.parametrize("ascii", [False, True])
def test_no_line_is_wider_than_the_page(width: int, ascii: bool) -> None:
    for line in lines(*EVERYTHING, width=width, look=Look(ascii=ascii)):
        assert cell_len(line) <= width
        assert not ascii or line.isascii()


def test_no_word_is_lost() -> None:
    text = " ".join(plain([para(LONG), m.ListBlock(((para(LONG),),))], 23).split())
    assert text == f"{LONG} • {LONG}"


def test_inline_maths_stays_whole() -> None:
    formula = m.Math(r"w^{(t+1)} = w^{(t)} - \rho")
    found = lines(para("From here we go on with ", formula, ", and then rest."), width=30)
    assert any("w⁽ᵗ⁺¹⁾ = w⁽ᵗ⁾ − ρ," in line for line in found)


def test_a_number_and_its_per_cent_stay_together() -> None:
    assert lines(para("They do the 4 % of the work."), width=13) == ["They do the", "4 % of the", "work."]
    assert lines(para("In ", m.Math("94.5"), " % of cases."), width=8) == ["In", "94.5 %", "of", "cases."]


def test_maths_longer_than_a_line_breaks_at_its_blanks() -> None:
    found = lines(para(m.Math("a + b + c + d + e + f + g + h")), width=12)
    assert " ".join(found) == "a + b + c + d + e + f + g + h"
    assert len(found) > 1


def test_a_formula_that_cannot_be_read_is_shown_as_written() -> None:
    assert lines(para(m.Math("{a"))) == ["{a"]
    assert lines(m.DisplayMath("{a")) == ["{a"]


def test_lists_hang() -> None:
    found = lines(m.ListBlock(((para("one two three four"),), (para("five"),)), start=9), width=14)
    assert found == [" 9. one two", "    three four", "10. five"]


def test_nested_lists_stand_close() -> None:
    inner = m.ListBlock(((para("b"),),))
    assert lines(m.ListBlock(((para("a"), inner), (para("c"),)))) == ["• a", "  ◦ b", "• c"]
    assert lines(m.ListBlock(((para("a"), inner),)), look=Look(ascii=True)) == ["- a", "  * b"]


def test_boxes_have_their_title_and_a_bar() -> None:
    found = lines(m.Box("notes-say", "", (para("Half of it."),)), m.Box("definition", "Loss", (para("How wrong."),)))
    assert found == ["│ If you have the notes", "│ Half of it.", "", "│ Definition: Loss", "│ How wrong."]


def test_display_maths_is_in_the_middle_with_its_number_at_the_right() -> None:
    (line,) = lines(m.DisplayMath(r"a = b \tag{1.2}"), width=41)
    assert line == " " * 18 + "a = b" + " " * 13 + "(1.2)"


def test_long_code_goes_on_behind_a_mark() -> None:
    found = lines(m.CodeBlock("python", "total = first_number + second_number + third\n"), width=32)
    assert found[0].startswith("  total = first_number")
    assert all(line.startswith("  ↪ ") for line in found[1:])
    assert "".join(line.removeprefix("  ↪ ") for line in found) == "  total = first_number + second_number + third"


def test_code_is_highlighted() -> None:
    (line,) = typeset([m.CodeBlock("python", "def f(): return 'a'  # why")], 60, Look(keyword="red", comment="blue"))
    styles = {line.plain[span.start : span.end]: span.style for span in line.spans}
    assert styles["def"] == "red" and styles["# why"] == "blue"


def test_an_unknown_language_is_left_as_it_is() -> None:
    assert lines(m.CodeBlock("klingon", "a  b\n\nc")) == ["  a  b", "  ", "  c"]


def test_tables_wrap_their_cells() -> None:
    rows = ((words("1"), words("it arrives at last")),)
    table = m.TableBlock((words("rate"), words("what")), rows, ("right", "left"))
    assert lines(table, width=16) == ["rate  what", "────────────────", "   1  it arrives", "      at last"]


def test_tables_keep_their_natural_width_where_there_is_room() -> None:
    table = m.TableBlock((words("a"), words("b")), ((words("1"), words("2")),), ("left", "left"))
    assert lines(table) == ["a  b", "────", "1  2"]


def test_styles_nest() -> None:
    text = inlines(words("a ", m.Strong(words("b ", m.Emphasis(words("c"))))), Look())
    assert text.plain == "a b c"
    assert [(text.plain[span.start : span.end], span.style) for span in text.spans] == [
        ("b ", "bold"),
        ("c", "bold italic"),
    ]


def test_tasks_are_left_out_of_pages_and_named_in_plain_text() -> None:
    figure = m.Figure("gradient-descent")
    quiz = m.Quiz("output-neurons", (), (), title="How many?")
    assert lines(para("a"), figure, quiz, para("b")) == ["a", "", "b"]
    assert plain([figure, quiz]) == "[figure: gradient-descent]\n\n[quiz output-neurons: How many?]"


def test_plain_text_has_no_styles_and_no_trailing_blanks() -> None:
    text = plain(EVERYTHING, 60, ascii=True)
    assert text.isascii()
    assert all(line == line.rstrip() for line in text.split("\n"))


def test_prose_without_code_or_maths_loads_neither_pygments_nor_the_walker() -> None:
    program = (
        "import sys; from tutor.course import model as m; from tutor.typeset import plain;"
        "plain([m.Paragraph((m.Text('a'),))]);"
        "print([name for name in ('pygments', 'pylatexenc', 'textual', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

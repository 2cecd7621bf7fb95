"""What formulas keep: their meaning on one line, equal rows, 7 bits, the width of the page."""

from __future__ import annotations

import random

import pytest
from rich.cells import cell_len

from tests.unit.test_maths_golden import formulas
from tutor.maths import MathsError, display, grammar, inline, problems
from tutor.typeset.blocks import display_lines
from tutor.typeset.text_look import Look

ALL = [latex for latex, _ in formulas()]

MEANING = {
    r"h_{t-1}": "hₜ₋₁",
    r"\frac{1}{1-\beta}": "1/(1 − β)",
    r"\frac{a+b}{c}": "(a + b)/c",
    r"\frac{a}{bc}": "a/(bc)",
    r"\frac{-a}{b}": "−a/b",
    r"\frac{1}{n} x": "(1/n) x",
    r"a\frac{-b}{c}": "a (−b/c)",
    r"a - \frac{-b}{c}": "a − (−b/c)",
    r"y = \frac{-b}{c}": "y = −b/c",
    r"(\frac{-b}{c}, x)": "(−b/c, x)",
    r"x \frac{a}{b}": "x a/b",
    r"2\frac{1}{3}": "2 (1/3)",
    r"\frac{a}{b} + c": "a/b + c",
    r"\log\frac{a}{b}": "log (a/b)",
    r"\frac{\log a}{b}": "(log a)/b",
    r"\frac{a/b}{c}": "(a/b)/c",
    r"{xy}^2": "(xy)²",
    r"{x^2}^3": "(x²)³",
    r"\sqrt{x^2}": "√(x²)",
    r"\sqrt{d_k}": "√dₖ",
    r"\sqrt{2\pi}\sigma": "√(2π) σ",
    r"e^{-2x}": "e⁻²ˣ",
    r"e^{x_i}": "e^(xᵢ)",
    r"e^{-x^2/2}": "e^(−x²/2)",
    r"s_\theta": "s_θ",
    r"x_{i_k}": "x_(iₖ)",
    r"w^*": "w*",
    r"x^\top y": "xᵀ y",
    r"f'(x)": "f′(x)",
    r"\frac{1}{(a+b)^2}": "1/(a + b)²",
    r"\frac{1}{n(a+b)}": "1/(n(a + b))",
    r"-x": "−x",
    r"a - b": "a − b",
    r"a = -b": "a = −b",
    r"(-b)": "(−b)",
    r"|x| + |y|": "|x| + |y|",
    r"p(y|x)": "p(y | x)",
    r"10{,}000": "10,000",
    r"\{x \mid x > 0\}": "{x | x > 0}",
    r"\mathbb{R}^{n \times d}": "ℝ^(n×d)",
    r"\hat{y}_i": "ŷᵢ",
    r"\hat{y_i}": "ŷᵢ",
    r"x \text{ if } y": "x if y",
    r"\frac{n}{k}!": "(n/k)!",
    r"\log a / \log b": "log a/log b",
    r"\mathbb{E}_y[x]": "E_y[x]",
    r"W_f [h, x]": "W_f [h, x]",
    r"D_{KL}": "D_KL",
    r"z_{i,j} + w_{k,l}^{(t)}": "z[i,j] + w[k,l]⁽ᵗ⁾",
    r"\mathbb{E}_{x,y}[f]": "E_(x,y)[f]",
    r"\sum_{i,j} a": "∑_(i,j) a",
    r"\min_{\theta_g} V": "min_(θ_g) V",
    r"\underset{\theta}{\min} V": "min_θ V",
    r"\lVert W \rVert_F^2": "‖W‖_F²",
    "x <= 1": "x ≤ 1",
    "x >= 1": "x ≥ 1",
    "x<-1": "x < −1",
    "a := b": "a ≔ b",
    "a == b": "a == b",
    "x -> 0": "x → 0",
    "a => b": "a ⇒ b",
    "D(p||q)": "D(p ‖ q)",
    "D(q(z|x) || p(z))": "D(q(z | x) ‖ p(z))",
    "||x||_2": "‖x‖₂",
    "|a||b|": "|a| |b|",
    "||x| - |y||": "||x| − |y||",
    r"\underline{x}": "x\u0332",
    r"\underline{AB}": "A\u0332B\u0332",
    r"\underline{x + y}": "underline(x + y)",
    r"90^\circ": "90°",
    r"90^{\circ} C": "90° C",
    r"f \circ g": "f ∘ g",
    r"(n)\cdots(m)": "(n) ⋯ (m)",
    r"a_1 \cdots a_n": "a₁ ⋯ aₙ",
    r"1, \ldots, n": "1, …, n",
    r"x^{1\cdots n}": "x^(1⋯n)",
    r"\begin{aligned} L &= a \\ & \quad + P \end{aligned}": "L = a; + P",
    r"\mathop{\mathbb{E}}_{x\sim p} [f]": "E_(x∼p)[f]",
    r"\mathop{\rm argmin}_x f": "argminₓ f",
    r"{n \choose k}": "(n choose k)",
    r"a + {b \over c}": "a + b/c",
    r"\overleftarrow{h}": "h\u20d6",
    r"\mathring{x}": "x\u030a",
    r"\cancel{x}": "x\u0338",
    r"\cancel{x + y}": "cancel(x + y)",
    r"\textcolor{red}{x} + \color{blue} y": "x + y",
    r"\mathds{1}_A": "1_A",
    r"A^\intercal x": "Aᵀ x",
    r"a \\ b": "a; b",
}


@pytest.mark.parametrize(("latex", "line"), MEANING.items())
def test_one_line_keeps_the_meaning(latex: str, line: str) -> None:
    assert inline(latex) == line


@pytest.mark.parametrize(
    ("latex", "line"),
    {
        r"\frac{\partial \mathcal{L}}{\partial w}": "dL/dw",
        r"w^{(t+1)}": "w^(t+1)",
        r"\sum_i x_i": "sum_i x_i",
        r"h_{t-1}": "h_(t-1)",
        r"\theta x": "theta x",
        r"\hat{y}": "hat(y)",
        r"A \in \mathbb{R}^{n \times d}": "A in R^(n x d)",
        r"\text{naïve — “ok”}": 'naive -- "ok"',
        r"D_{KL}(p||q)": "D_KL(p || q)",
        r"\min_{\theta_g} V": "min_(theta_g) V",
        "x <= 1": "x <= 1",
        "a := b": "a := b",
        r"\underline{x}": "underline(x)",
        r"\overleftarrow{h}": "leftvec(h)",
        r"90^\circ": "90 deg",
        r"a \prec b \preceq c \succ d \succeq e": "a prec b preceq c succ d succeq e",
        r"a \lesssim b \gtrsim c \lessapprox d": "a <~ b >~ c <~ d",
        r"A \supseteq B \rightleftharpoons C \circledast D": "A supset B <=> C (*) D",
        r"\nexists x": "notexists x",
    }.items(),
)
def test_seven_bits_are_readable(latex: str, line: str) -> None:
    assert inline(latex, ascii=True) == line


@pytest.mark.parametrize("width", [12, 30, 76])
def test_boxes_have_equal_rows_no_wider_than_the_page(width: int) -> None:
    for latex in ALL:
        for ascii in (False, True):
            box = display(latex, width, ascii)
            assert {cell_len(line) for line in box.lines} == {box.width}, latex
            assert box.width <= width, latex
            assert 0 <= box.baseline < box.height, latex
            assert not ascii or all(line.isascii() for line in box.lines), latex


def test_ascii_is_seven_bits() -> None:
    assert all(inline(latex, ascii=True).isascii() for latex in ALL)


def test_a_long_formula_breaks_before_a_relation_and_stands_under_it() -> None:
    box = display(r"y = aaaaaaaaaaaaaaaa + bbbbbbbbbbbbbbbb = cccccccccccccccccccccc + d", 44)
    assert [line.rstrip() for line in box.lines] == [
        "y = aaaaaaaaaaaaaaaa + bbbbbbbbbbbbbbbb",
        "  = cccccccccccccccccccccc + d",
    ]


def test_a_long_sum_breaks_before_an_operator() -> None:
    box = display(r"y = aaaaaaaaaaaa + bbbbbbbbbbbbbb + ccccccccccccc", 36)
    assert [line.rstrip() for line in box.lines] == ["y = aaaaaaaaaaaa + bbbbbbbbbbbbbb", "    + ccccccccccccc"]


def test_nothing_is_lost_when_a_formula_is_broken() -> None:
    latex = "y = " + " + ".join(f"w_{{{i}}} x_{{{i}}}" for i in range(10, 40))
    words = " ".join(" ".join(display(latex, 40).lines).split())
    assert words == inline(latex)


def test_tags_belong_to_their_lines() -> None:
    box = display(r"\begin{align} a &= \frac{b}{c} \tag{1} \\ d &= e \tag{2} \end{align}")
    assert [tag for _, tag in box.tags] == ["(1)", "(2)"]
    assert all("=" in box.lines[line] for line, _ in box.tags)
    assert display(r"a = b \tag{3.1}").tags == ((0, "(3.1)"),)


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"x + \sofmax(z)", r"character 5: unknown macro \sofmax; did you mean \softmax?"),
        (r"\begin{alinged} a \end{alinged}", "character 1: unknown environment alinged; did you mean aligned?"),
        (r"{a + b", "never closed"),
        (r"a + b}", "closing brace"),
        (r"\left( a", r"\left has no \right"),
        (r"a \right)", r"\right without \left"),
        (r"x_1_2", "two subscripts"),
        (r"x^", "nothing follows ^"),
        (r"50 % of x", "comment"),
        (r"\frac{a}", "character"),
        (r"a & b", "& outside"),
        (r"a \\ b", "outside"),
    ],
)
def test_problems_name_the_place(latex: str, words: str) -> None:
    found = problems(latex)
    assert found and words in found[0], found


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"x + \newcommand{a}{b}", "character 5: \\newcommand is not understood in a formula. Write out"),
        (r"\def\a{b}", "Write out what it stands for"),
        (r"\href{a}{b}", "[words](address)"),
        (r"see \ref{a}", "Write the number"),
        (r"\eqref{a}", "Write the number"),
        (r"a \kern1em b", "A space is"),
        (r"\frac{a \\ b}{c}", "Put the lines into"),
        (r"{a \over b \over c}", "character 12: \\over after \\over"),
    ],
)
def test_what_cannot_be_set_says_what_to_do_instead(latex: str, words: str) -> None:
    assert words in problems(latex)[0]
    for call in (inline, display):
        with pytest.raises(MathsError):
            call(latex)


@pytest.mark.parametrize(
    ("latex", "lines"),
    [
        (r"\mathbb{E}_y[x]", ["E [x]", " y"]),
        (r"D_{KL}(p||q)", ["D  (p ‖ q)", " KL"]),
        (r"\min_{\theta_g} V", ["min V", "θ_g"]),
        ("x <= 1", ["x ≤ 1"]),
        (r"\underline{x}", ["x\u0332"]),
        (r"\underline{x + y}", ["x + y", "‾‾‾‾‾"]),
        (r"\overleftarrow{AB}", ["←", "AB"]),
        (r"90^\circ", ["90°"]),
        (r"(n)\cdots(m)", ["(n) ⋯ (m)"]),
        (r"\begin{aligned} L &= a \\ & \quad + P \end{aligned}", ["L = a", "     + P"]),
        (r"\begin{aligned} L &= a \\ &- P \end{aligned}", ["L = a", "  − P"]),
        (r"\mathop{\mathbb{E}}_{x\sim p} [f]", [" E [f]", "x∼p"]),
        (r"{n \choose k}", ["⎛ n ⎞", "⎜   ⎟", "⎝ k ⎠"]),
        (r"a \over b", [" a", "───", " b"]),
        (r"a = b \\ c = d", ["a = b", "c = d"]),
        (r"a &= b \\ &\le d", ["a = b", "  ≤ d"]),
    ],
)
def test_boxes_keep_the_meaning(latex: str, lines: list[str]) -> None:
    assert [line.rstrip() for line in display(latex).lines] == lines


@pytest.mark.parametrize(
    ("latex", "character"),
    [
        (r"\frac\frac1", 6),
        (r"\underset\underset\t", 10),
        ("\\sqrt\\sqrt\\", 6),
        (r"\substack\substack", 10),
        (r"\substack\tag{}", 10),
        (r"\boxed\tag", 7),
        (r"\text\text{{}}{}", 6),
        (r"\hat\mathbf{x}", 5),
        (r"\not\not", 5),
        (r"\operatorname\operatorname", 14),
        (r"\left\frac", 6),
    ],
)
def test_a_command_that_is_an_argument_needs_its_own(latex: str, character: int) -> None:
    assert problems(latex)[0].startswith(f"character {character}: ")
    for call in (inline, display):
        with pytest.raises(MathsError, match="none of its own") as raised:
            call(latex)
        assert raised.value.position == character - 1


def test_a_page_shows_the_source_of_a_formula_that_cannot_be_read() -> None:
    assert [line.plain for line in display_lines(r"\frac\frac1", 40, Look())] == [r"\frac\frac1"]


def test_every_command_with_arguments_can_stand_where_another_wants_one() -> None:
    for outer in grammar.ARGUMENTS:
        for inner in (*grammar.ARGUMENTS, *grammar.TEXT_MACROS):
            problems(f"\\{outer}\\{inner}{{a}}{{b}}")


def test_unknown_macros_are_shown_by_name() -> None:
    assert inline(r"\foo x") == r"\foo x"


def test_unbalanced_braces_raise() -> None:
    with pytest.raises(MathsError):
        inline("{a")


def test_mangled_formulas_raise_nothing_but_maths_errors() -> None:
    generator = random.Random(20)
    pool = "{}[]()^_&|\\ $%'~" + "ax1"
    checked = 0
    for _ in range(1500):
        latex = list(generator.choice(ALL))
        for _ in range(generator.randint(1, 4)):
            at = generator.randrange(len(latex) + 1)
            action = generator.random()
            if action < 0.5:
                latex[at : at + generator.randint(1, 3)] = []
            else:
                latex.insert(at, generator.choice(pool))
        text = "".join(latex)
        problems(text)
        for ascii in (False, True):
            try:
                line, box = inline(text, ascii), display(text, 60, ascii)
            except MathsError:
                continue
            checked += 1
            assert "\n" not in line
            assert {cell_len(row) for row in box.lines} == {box.width}, text
            assert not ascii or (line.isascii() and all(row.isascii() for row in box.lines)), text
    assert checked > 300


@pytest.mark.parametrize("piece", [("(", ")"), ("{", "}"), (r"\sqrt{", "}"), ("x_{", "}"), (r"\left(", r"\right)")])
def test_endless_nesting_is_a_maths_error(piece: tuple[str, str]) -> None:
    latex = piece[0] * 900 + "x" + piece[1] * 900
    for call in (inline, display):
        with pytest.raises(MathsError):
            call(latex)
    assert len(problems(latex)) <= 1


@pytest.mark.parametrize(
    "latex", ["", " ", "{}", "_", "^2", "_i", "\\", r"\frac", r"\left", "|", "\\|", "'", r"\hat{}"]
)
def test_scraps_do_no_harm(latex: str) -> None:
    problems(latex)
    for call in (inline, display):
        try:
            call(latex)
        except MathsError:
            continue


@pytest.mark.parametrize(
    ("latex", "lines"),
    [
        (r"\Bigl( \sum_i a_i \Bigr)^{1/2}", ["      1/2", "(∑ aᵢ)", " i"]),
        (r"\lVert W^{[l]} \rVert_F^2", ["  [l] ²", "‖W   ‖", "      F"]),
        (r"(x^{[l]})_{old}", ["  [l]", "(x   )", "      old"]),
    ],
)
def test_a_full_size_script_is_no_factor(latex: str, lines: list[str]) -> None:
    """On the baseline of a base of two lines it would read as a product."""
    assert [line.rstrip() for line in display(latex).lines] == lines


def test_cases_too_wide_for_the_page_stand_on_a_line_each() -> None:
    latex = r"\begin{cases} \alpha x + \beta & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}"
    lines = [line.strip() for line in display(latex, width=18).lines]
    assert lines == ["{ αx + β if x > 0;", "0 otherwise }"]


@pytest.mark.parametrize(("latex", "script"), [(r"a^{b\frac{-x}{2}}", "b (−x/2)"), (r"a^{\frac{b}{c}d}", "(b/c) d")])
def test_fractions_in_a_script_keep_their_brackets(latex: str, script: str) -> None:
    assert [line.strip() for line in display(latex).lines] == [script, "a"]


def test_braces_around_a_base_that_has_a_script_are_enough() -> None:
    assert problems(r"{W^{[l]}}^\top + {x_i}^2 + {x^a}^b") == []
    assert problems("x^a^b") and problems("x^{a}^{b}")

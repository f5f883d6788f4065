"""Reading the subset of LaTeX: the tree of what is in it, and the place of what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.formulas.latex import (
    Accent,
    Fenced,
    FormulaError,
    Fraction,
    Part,
    Root,
    Row,
    Script,
    Styled,
    Word,
    parse,
)
from questions.formulas.signs import PRIME, SIGNS, SUM, Role, Sign


def sign(char: str) -> Sign:
    return SIGNS.get(char, Sign(char, char))


def row(*parts: Part | str) -> Row:
    return Row(tuple(sign(part) if isinstance(part, str) else part for part in parts))


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("x + 12.5", row("x", "+", "12.5")),
        (r"\alpha\Sigma", row(Sign("α", "alpha"), Sign("Σ", "capital sigma"))),
        (r"\frac{a}{b}", row(Fraction(row("a"), row("b")))),
        (r"\frac ab", row(Fraction(row("a"), row("b")))),
        (r"\sqrt{a}", row(Root(row("a")))),
        ("x_i^2", row(Script(sign("x"), row("i"), row("2")))),
        ("x^2_i", row(Script(sign("x"), row("i"), row("2")))),
        ("x'", row(Script(sign("x"), None, row(PRIME)))),
        ("x''^2", row(Script(sign("x"), None, row(PRIME, PRIME, "2")))),
        ("x_{i+1}", row(Script(sign("x"), row("i", "+", "1"), None))),
        (r"\sum_{i}^n", row(Script(SUM, row("i"), row("n")))),
        (r"\log \text{two words}", row(Word("log", function=True), Word("two words"))),
        (r"\operatorname{softmax}(z)", row(Word("softmax", function=True), "(", "z", ")")),
        (r"\mathbf{W}\mathbb R", row(Styled("mathbf", "W"), Styled("mathbb", "R"))),
        (r"\hat{p}\bar\alpha", row(Accent("hat", sign("p")), Accent("bar", Sign("α", "alpha")))),
        (r"\tilde{\mathbf{D}}", row(Accent("tilde", Styled("mathbf", "D")))),
        (r"\left( x \right]", row(Fenced(sign("("), row("x"), sign("]")))),
        (r"\left\lfloor x \right\rfloor", row(Fenced(sign(r"\lfloor"), row("x"), sign(r"\rfloor")))),
    ],
)
def test_what_is_in_the_subset_is_read(source: str, parts: Row) -> None:
    assert parse(source) == parts


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "at character 1: something is missing here"),
        ("x + }", "at character 5: } closes nothing"),
        (r"x \right)", r"at character 3: \right closes nothing"),
        ("x_{}", "at character 4: something is missing here"),
        ("x_{i", "at character 3: this brace is never closed"),
        ("x^", "at character 3: the end is not in the subset"),
        ("x_i_j", "at character 4: a second _ on the same base; write braces"),
        ("{x}", "at character 1: { is not in the subset"),
        ("x & y", "at character 3: & is not in the subset"),
        ("x α", "at character 3: α is not in the subset"),
        (r"a + \begin{matrix}", r"at character 5: \begin is not in the subset"),
        (r"a \\ b", r"at character 3: \\ is not in the subset"),
        ("x + \\", "at character 5: \\ is not in the subset"),
        (r"\frac{a}", "at character 9: the end is not in the subset"),
        (r"\mathbf{xy}", "at character 8: this style takes one letter"),
        (r"\mathbb{1}", "at character 8: this style takes one letter"),
        (r"\hat{x + y}", r"at character 1: \hat takes one letter"),
        (r"\hat{+}", r"at character 1: \hat takes one letter"),
        (r"\text{a_b}", "at character 6: letters, digits, spaces and hyphens in braces are wanted here"),
        (r"\text a", "at character 7: letters, digits, spaces and hyphens in braces are wanted here"),
        (r"\text{a", "at character 6: letters, digits, spaces and hyphens in braces are wanted here"),
        (r"a + \left( x", r"at character 5: this \left lacks its \right"),
        (r"\left) x \right(", "at character 6: ) is no delimiter for this side"),
        (r"\left( x \right", "at character 16: the end is no delimiter for this side"),
    ],
)
def test_what_is_not_in_the_subset_is_refused_with_its_place(source: str, said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(source)
    assert str(caught.value) == said


@given(st.text(alphabet="\\{}^_'()fracleftrighsqt xα1+ ", max_size=30))
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        assert parse(source).parts
    except FormulaError as error:
        assert str(error).startswith("at character ")  # noqa: PT017 - refusing is as good as reading


def test_every_delimiter_has_its_other_side() -> None:
    roles = [found.role for found in SIGNS.values()]
    assert roles.count(Role.OPEN) == roles.count(Role.CLOSE)

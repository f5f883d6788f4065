"""Formulas as one line of Unicode: exact, or none."""

from __future__ import annotations

import pytest

from questions.formulas import parse, unicode_of
from questions.formulas.line import LONGEST


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x_i^2", "xᵢ²"),
        ("e^{-1} x_{t+1}", "e⁻¹xₜ₊₁"),
        (r"\sum_{i=1}^{n} x_i", "Σᵢ₌₁ⁿ xᵢ"),
        (r"\prod_{i} s_i \int f", "Πᵢ sᵢ ∫ f"),
        (r"-\sum_i p_i \log_2 p_i", "−Σᵢ pᵢ log₂ pᵢ"),
        ("a-b", "a − b"),
        ("a = -b", "a = −b"),
        ("(-b)", "(−b)"),
        (r"\log -x", "log −x"),
        (r"a \cdot -b", "a · −b"),
        (r"\text{TP} - 1", "TP − 1"),
        ("f(x, y)", "f(x, y)"),
        (r"p(x \mid y) \parallel q", "p(x | y) ‖ q"),
        (r"\frac{a}{b}", "a/b"),
        (r"\frac{a + 1}{2b}", "(a + 1)/(2b)"),
        (r"\frac{2 a}{b}", "2a/b"),
        (r"\frac{2 (a + b) c}{b}", "2(a + b)c/b"),
        (r"\frac{\log p}{n}", "(log p)/n"),
        (r"\frac{\sum_i x_i}{n}", "(Σᵢ xᵢ)/n"),
        (r"\frac{Q K^\top}{\sqrt{d_k}} V", "(QKᵀ/√dₖ)V"),
        (r"\frac{1}{2} x", "(1/2)x"),
        (r"x \frac{1}{2}", "x(1/2)"),
        (r"\frac{1}{2} + x", "1/2 + x"),
        (r"(\frac{1}{2})", "(1/2)"),
        (r"\frac{1}{2} (x)", "(1/2)(x)"),
        (r"(x) \frac{1}{2}", "(x)(1/2)"),
        (r"\frac{1}{n} \sum_i x_i", "(1/n) Σᵢ xᵢ"),
        (r"\log \frac{p}{q}", "log (p/q)"),
        (r"\frac{\partial L}{\partial w}", "∂L/∂w"),
        (r"\frac{\text{TP}}{\text{TP} + \text{FN}}", "TP/(TP + FN)"),
        (r"\frac{\text{true positives}}{n}", "(true positives)/n"),
        (r"\sqrt{x}", "√x"),
        (r"\sqrt{d_k}", "√dₖ"),
        (r"\sqrt{x^2}", "√(x²)"),
        (r"\sqrt{12}", "√12"),
        (r"\sqrt{a + b}", "√(a + b)"),
        (r"\sqrt{\frac{2}{n}}", "√(2/n)"),
        (r"\hat{x}_i \bar{\alpha} \tilde{D} \hat{a}", "x̂ᵢᾱD̃â"),
        (r"W' = \mathcal{L} \in \mathbb{R}^n", "W′ = ℒ ∈ ℝⁿ"),
        (r"\left\lfloor \frac{n}{s} \right\rfloor + 1", "⌊n/s⌋ + 1"),
        (r"\operatorname{softmax}\left(z\right)_i", "softmax(z)ᵢ"),
        (r"\max \lvert x \rvert", "max |x|"),
        (r"\frac{\left\lvert A \cap B \right\rvert}{\left\lvert A \cup B \right\rvert}", "|A ∩ B|/|A ∪ B|"),
        (r"x_{\text{min}}", "xₘᵢₙ"),
    ],
)
def test_a_line_says_the_same(source: str, line: str) -> None:
    assert unicode_of(parse(source)) == line


@pytest.mark.parametrize(
    "source",
    [
        "x^z",
        "x_d",
        "x_{i, j}",
        "e^{x_i}",
        "x^{0.5}",
        r"\mathbf{x}",
        r"\mathbb{E}",
        r"\mathcal{N}",
        r"\frac{\frac{a}{b}}{c}",
        r"\frac{a}{b}^2",
        r"\sqrt{x}^2",
        r"\sum_{\pi \in B} x",
        r"\tilde{\mathbf{D}}",
    ],
)
def test_what_no_line_says_exactly_needs_a_picture(source: str) -> None:
    assert unicode_of(parse(source)) is None


@pytest.mark.parametrize(("length", "fits"), [(LONGEST, True), (LONGEST + 1, False)])
def test_a_line_is_short_enough_for_a_screen(length: int, fits: bool) -> None:
    assert unicode_of(parse("x" * length)) == ("x" * length if fits else None)

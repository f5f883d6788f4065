"""Formulas in words: everything is said, and where a part ends."""

from __future__ import annotations

import pytest

from questions.formulas import alt_of, parse


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (r"\frac{1}{n} \sum_{i=1}^{n} x_i^2", "1 over n times the sum from i equals 1 to n of x sub i squared"),
        (r"\frac{a + b}{c} = d", "the fraction a plus b, divided by c, end fraction equals d"),
        (r"\sqrt{d} + \sqrt{d + 1}", "the square root of d plus the square root of d plus 1, end root"),
        ("x^3 e^n e^{-1}", "x cubed e to the power of n e to the power of minus 1"),
        ("e^{-x+1} y", "e to the power of minus x plus 1, end power, y"),
        (r"K^\top W'^2", "K transposed W prime squared"),
        ("H^{(l)} x", "H superscript l in brackets, x"),
        ("x_{t+1} y", "x sub t plus 1, end sub, y"),
        (r"\prod_i \int_0^1 \sum", "the product over i of the integral from 0 to 1 of the sum of"),
        (r"\max_a Q", "the maximum over a of Q"),
        (r"\max(a, b)", "max open bracket a, b close bracket"),
        (r"\mathbb{E}_x f", "the expectation over x of f"),
        (r"\mathbb{R} \mathbb{N}", "the real numbers blackboard N"),
        (r"\mathbf{W} \mathcal{L} \hat{p} \bar{\alpha}", "bold W script L p hat alpha bar"),
        (r"\left\lfloor x \right\rfloor", "the floor of x end floor"),
        (r"\lVert x \rVert^2", "the norm of x end norm squared"),
        (r"N - n + K", "capital N minus n plus K"),
        (r"\Sigma \sigma", "capital sigma sigma"),
        (r"p(x \mid y) \le \infty", "p open bracket x given y close bracket is at most infinity"),
        (r"\text{KL}(p \parallel q)", "KL open bracket p relative to q close bracket"),
        (r"f \odot c", "f times, elementwise, c"),
    ],
)  # fmt: skip
def test_a_formula_is_read_aloud(source: str, words: str) -> None:
    assert alt_of(parse(source)) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\frac{a + b}{c}", r"a + \frac{b}{c}"),
        (r"\frac{a}{b + c}", r"\frac{a}{b} + c"),
        (r"\frac{1}{n} x", r"\frac{1}{n x}"),
        (r"\sqrt{a + b}", r"\sqrt{a} + b"),
        ("x_{i+1}", "x_i + 1"),
        ("x^{n+1}", "x^n + 1"),
        ("x^{n k}", "x^n k"),
        ("x_i^2", "x_{i^2}"),
        ("N", "n"),
        ("H^{(l)}", "H^l"),
    ],
)
def test_different_formulas_sound_different(one: str, other: str) -> None:
    assert alt_of(parse(one)) != alt_of(parse(other))

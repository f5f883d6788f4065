"""Names of teams: which can be one, and which look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.competition.names import FOLDED, LONGEST, fold, look_alike, read_team_name
from bot.errors import BadInput

ALIKE = [
    ("Gradients", "GRADIENTS"),
    ("Gradients", "gradients"),
    ("Gradients", "Grаdients"),  # Cyrillic а
    ("Gradients", "Gradіents"),  # Cyrillic і
    ("Tensors", "Tеnsors"),  # Cyrillic е
    ("Tensors", "Tensorѕ"),  # Cyrillic ѕ
    ("Tensors", "Tensоrs"),  # Cyrillic о
    ("Pooling", "Рooling"),  # Cyrillic Р
    ("Cats", "Сats"),  # Cyrillic С
    ("Yaks", "Уaks"),  # Cyrillic У
    ("Box", "Boх"),  # Cyrillic х
    ("Jets", "Јets"),  # Cyrillic Ј
    ("Tom", "Тom"),  # Cyrillic Т
    ("Kernel", "Кernel"),  # Cyrillic К
    ("Max", "Мax"),  # Cyrillic М
    ("BERT", "ВЕRТ"),  # Cyrillic В, Е and Т
    ("HAT", "НАТ"),  # Cyrillic Н, А and Т
    ("Omega", "οmega"),  # Greek ο
    ("Alpha", "Αlphα"),  # Greek Α and α
    ("Vectors", "νectors"),  # Greek ν
    ("Pixels", "ρixels"),  # Greek ρ
    ("Tanh", "τanh"),  # Greek τ
    ("Sum", "Sυm"),  # Greek υ
    ("NETS", "ΝETS"),  # Greek Ν, which is no v
    ("HOT", "ΗΟΤ"),  # Greek Η, Ο and Τ
    ("XYZ", "ΧΥΖ"),  # Greek Χ, Υ and Ζ
    ("Rockets", "R0ckets"),
    ("Models", "Mode1s"),
    ("AI", "Al"),
    ("Allies", "AIIies"),
    ("Allies", "A||ies"),
    ("Islands", "lslands"),
    ("Café", "Cafe"),
    ("Café", "Cafe\u0301"),
    ("Zoë", "zoe"),
    ("naïve", "NAIVE"),
    ("Straße", "STRASSE"),
    ("Łódź", "Lodz"),
    ("Smørrebrød", "Smorrebrod"),
    ("Aeon", "Æon"),
    ("İstanbul", "istanbul"),
    ("GPU", "ＧＰＵ"),
    ("Gradients", "𝔊𝔯𝔞𝔡𝔦𝔢𝔫𝔱𝔰"),
    ("Adam", "ⓐⓓⓐⓜ"),
    ("Office", "Oﬃce"),
    ("Go", "Gօ"),  # Armenian օ
    ("DATA", "ᎠATA"),  # Cherokee
    ("Team 7", "Team ٧"),
    ("Top 10", "Top ١٠"),
    ("The Team", "TheTeam"),
    ("The Team", "The-Team!"),
    ("The Team", "T.h.e  T_e_a_m"),
    ("Team", "Te\u200bam"),
    ("Team", "Te\u2060am\ufe0f"),
    ("Команда", "КОМАНДА"),
    ("ΝΊΚΗ", "νίκη"),
]
DIFFERENT = [
    ("Gradients", "Gradient"),
    ("Tensors", "Censors"),
    ("Modern", "Modem"),  # rn and m are told apart
    ("Team 1", "Team 2"),
    ("Vets", "Nets"),
    ("Кот", "Кит"),
    ("กา", "กี"),  # the vowel makes another word
    ("か", "が"),
    ("Red", "Blue"),
    ("データ", "モデル"),
]
REFUSED = {
    "": "needs a letter or a digit",
    "   ": "needs a letter or a digit",
    "!!!": "needs a letter or a digit",
    "🚀🚀": "needs a letter or a digit",
    "\u3164\u3164": "needs a letter or a digit",
    "\u200b\u2060\u202e": "needs a letter or a digit",
    "\u2800\u2800": "needs a letter or a digit",
    "\u0301\u0301": "needs a letter or a digit",
    "x": "at least 2 characters",
    "x\u200b": "at least 2 characters",
    "x" * 33: "33 characters long",
    "z" * 3000: "3000 characters long",
}


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_look_alike_are_found(one: str, other: str) -> None:
    assert look_alike(one, other)
    assert look_alike(other, one)


def test_the_table_of_lookalikes_is_long() -> None:
    assert len({frozenset(pair) for pair in ALIKE if pair[0].casefold() != pair[1].casefold()}) >= 45


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_differ_are_told_apart(one: str, other: str) -> None:
    assert not look_alike(one, other)


@pytest.mark.parametrize(("typed", "told"), REFUSED.items())
def test_what_can_be_no_name_is_refused_with_a_next_step(typed: str, told: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_team_name(typed)
    assert told in refused.value.problem
    assert refused.value.step


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  The   Gradients\n", "The Gradients"),
        ("everyone", "everyone"),
        ("@here", "@here"),
        ("Grad\u202eients", "Gradients"),
        ("Cafe\u0301", "Café"),
        ("👩\u200d🚀 Crew", "👩\u200d🚀 Crew"),
        ("データ", "データ"),
        ("42", "42"),
        ("x" * LONGEST, "x" * LONGEST),
    ],
)
def test_a_name_is_kept_as_it_is_seen(typed: str, name: str) -> None:
    assert read_team_name(typed) == name


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_name_or_refused(typed: str) -> None:
    try:
        name = read_team_name(typed)
    except BadInput:
        return
    assert 0 < len(fold(name)) <= FOLDED
    assert read_team_name(name) == name
    assert look_alike(name, name)


@given(st.text(st.characters(categories=["L", "N"]), min_size=2, max_size=12))
def test_capitals_make_no_other_name(typed: str) -> None:
    for other in (typed.upper(), typed.lower()):
        assert look_alike(typed, other) or not fold(typed)

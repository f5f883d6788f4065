"""The rules of lint on texts: lengths, sources, characters, markup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from questions.lint import LONGEST_ALT, LONGEST_SHOWN, WIDEST_LISTING, shown_length
from questions.model import Question
from tests.support.items import EXPLANATION, SOURCE, many, number, one, order, right, text, truth, wrong
from tests.unit.questions.linting import options, said

CODE = {"language": "text", "text": "x = 1"}


@pytest.mark.parametrize(("over", "faults"), [(0, []), (1, [f"shows {LONGEST_SHOWN + 1} characters with its answer"])])
def test_a_question_must_fit_with_its_answer(tmp_path: Path, over: int, faults: list[str]) -> None:
    long = [right("k" * 180), *(wrong(letter * 180, letter * 240) for letter in "abc")]
    fields = {"options": long, "explanation": f"{EXPLANATION} {'x' * 800}"}
    question = one(stem="x" * (LONGEST_SHOWN - shown_length(one(stem="x", **fields)) + 1 + over), **fields)
    assert shown_length(question) == LONGEST_SHOWN + over
    assert [text.split(";")[0] for text in said(tmp_path, question)] == faults


@pytest.mark.parametrize(
    ("question", "length"),
    [
        (one(stem="12345", options=[right("12"), wrong("345", "6789"), wrong("6", "78")]), 5 + 2 + 3 + 4 + 1 + 2),
        (many(stem="12345", options=[right("1"), right("2"), wrong("3", "45"), wrong("6", "7")]), 5 + 4 + 3),
        (truth(stem="12345", why="678", follow_up="90"), 5 + 3 + 2),
        (truth(stem="12345", why="678", formula="x^2", worked="e^x"), 5 + 3 + len("x²") + len("e to the power of x")),
        (number(stem="12345", slips=[{"value": "1", "why": "678"}], code=CODE), 5 + 3 + 5),
        (order(stem="12345", steps=["1", "23", "456"], mistake="78"), 5 + 2 * 6 + 2),
        (text(stem="12345", points=[{"text": sign, "weight": 0.25} for sign in ("1", "23", "4", "5")],
              red_flags=["12"], model_answer="345"), 5 + 5 + 2 + 3),
    ],
    ids=["one", "many", "truth", "formulas", "number", "order", "text"],
)  # fmt: skip
def test_the_length_shown_counts_the_answer_and_its_reasons(question: Question, length: int) -> None:
    assert shown_length(question) == length + len(EXPLANATION) + len(SOURCE["title"]) + len(SOURCE["url"])


@pytest.mark.parametrize(
    ("words", "faults"), [(39, ["explanation: 39 words do not explain; write 60 to 150"]), (40, [])]
)
def test_an_explanation_must_explain(tmp_path: Path, words: int, faults: list[str]) -> None:
    assert said(tmp_path, truth(explanation=" ".join(["word"] * words))) == faults


@pytest.mark.parametrize(("lines", "faults"), [(15, []), (16, ["code: more than 15 lines"])])
def test_a_listing_must_be_short(tmp_path: Path, lines: int, faults: list[str]) -> None:
    assert said(tmp_path, truth(code={"language": "text", "text": "x = 1\n" * lines})) == faults


@pytest.mark.parametrize(
    ("url", "faulty"),
    [
        ("https://arxiv.org/abs/1512.03385", False),
        ("https://pytorch.org/docs/stable/nn.html", False),
        ("https://arxiv.org/pdf/1512.03385", True),
        ("https://arxiv.org/abs/1512.03385v2", True),
        ("https://www.arxiv.org/abs/1512.03385", True),
    ],
)
def test_a_paper_on_arxiv_is_cited_in_one_form(tmp_path: Path, url: str, faulty: bool) -> None:
    expected = [f"source: {url} is not of the form https://arxiv.org/abs/1512.03385"] if faulty else []
    assert said(tmp_path, truth(source={"title": "He et al., 2015", "url": url})) == expected


@pytest.mark.parametrize(
    ("line", "faults"),
    [("x" * WIDEST_LISTING, []), ("x" * (WIDEST_LISTING + 1), ["code: a line of more than 80 characters"])],
)
def test_a_listing_must_be_narrow(tmp_path: Path, line: str, faults: list[str]) -> None:
    assert said(tmp_path, truth(code={"language": "text", "text": f"y\n{line}\ny"})) == faults


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/page",
        "https://User@pytorch.org/docs",
        "https://pytorch.org:8443/docs",
        "https://pytorch.org/docs.",
        "https://pytorch.org/docs)",
        "https://pytorch.org/docs?utm_source=list",
        "https://pytorch.org/docs?a=1&utm_source=list",
        "https://pytorch.org/<docs>/x",
    ],
)
def test_a_source_is_a_plain_address(tmp_path: Path, url: str) -> None:
    found = said(tmp_path, truth(source={"title": "PyTorch, documentation", "url": url}))
    assert found == [f"source: {url} is not a plain address"]


@pytest.mark.parametrize("number", ["1301.03385", "1412.6980", "1501.03385", "2512.00001"])
def test_a_number_of_arxiv_has_as_many_digits_as_its_year_had(tmp_path: Path, number: str) -> None:
    source = {"title": "A paper", "url": f"https://arxiv.org/abs/{number}"}
    assert bool(said(tmp_path, truth(source=source))) == (number == "1301.03385")


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"stem": "It costs α·β² ≈ 3 × 10⁻⁴, as x̂ᵢ ∈ ℝ says — “never” 5 €."}, []),
        ({"stem": "A no-break\u00a0space."}, ["stem: holds U+00A0 NO-BREAK SPACE"]),
        ({"stem": "Two\u200b zero\u200b widths."}, ["stem: holds U+200B ZERO WIDTH SPACE"]),
        ({"hint": "A\ttab."}, ["hint: holds U+0009 a control character"]),
        ({"hint": "Private \ue000."}, ["hint: holds U+E000 for private use"]),
        ({"hint": "None \u0378\U000e0080."}, ["hint: holds U+0378 unassigned", "hint: holds U+E0080 unassigned"]),
        ({"why": "Take 𝑥."}, ["why: holds U+1D465 MATHEMATICAL ITALIC SMALL X"]),
        ({"why": "Emoji 🙂."}, ["why: holds U+1F642 SLIGHTLY SMILING FACE"]),
        ({"source": {"title": "Ñ and N\u0303", "url": SOURCE["url"]}}, [
            "source: holds an accent apart from its letter; write the letter that has it (Unicode's form NFC)"]),
        ({"code": {"language": "text", "text": "│ ▁▂▅█\n└──→"}}, []),
    ],
)  # fmt: skip
def test_every_character_is_one_that_both_platforms_show(
    tmp_path: Path, fields: dict[str, Any], faults: list[str]
) -> None:
    assert said(tmp_path, truth(**fields)) == faults


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"hint": "Take `a * b` and `c*d`."}, []),
        ({"hint": "This **matters**, *really*: 2 * 3."}, []),
        ({"hint": "Take `a * b."}, ["hint: a backtick without its partner"]),
        ({"hint": "Take 2*3*4."}, [
            "hint: an asterisk outside backticks begins italics; write × or put it into backticks"]),
        ({"code": {"language": "text", "text": "`2*3*4"}}, []),
    ],
)  # fmt: skip
def test_markup_says_what_it_seems_to_say(tmp_path: Path, fields: dict[str, Any], faults: list[str]) -> None:
    assert said(tmp_path, truth(**fields)) == faults


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"formula": "x^2", "worked": "x^3"}, []),
        ({"formula": "x^2", "worked": "x^2"}, ["worked: repeats the formula"]),
        ({"formula": "+".join("x" * 86)}, []),
        ({"worked": "+".join("x" * 87)}, [f"worked: takes 603 characters to read aloud; at most {LONGEST_ALT}"]),
        ({"formula": "a*b"}, ["formula: at character 2: * is not in the subset"]),
    ],
)
def test_a_formula_is_in_the_subset_and_not_too_long_for_an_ear(
    tmp_path: Path, fields: dict[str, Any], faults: list[str]
) -> None:
    assert said(tmp_path, truth().model_copy(update=fields)) == faults


def test_two_options_do_not_say_the_same(tmp_path: Path) -> None:
    question = one(options=options("Halve the rate", "Halve a rate.", "Halve\nrate", "Double the rate"))
    assert said(tmp_path, question) == [
        "options: 'Halve a rate.' and 'Halve\\nrate' say the same",
        "options: 'Halve the rate' and 'Halve a rate.' say the same",
    ]

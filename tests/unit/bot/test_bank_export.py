"""The bank for other programs: each format holds every question, with what another program needs of it."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from bot.bank_export import COLUMNS, AnkiMissing, export
from questions.bank import load_bank
from questions.model import Question
from tests.support.items import EXPLANATION, SOURCE, bank_of, many, number, one, order, right, text, truth, wrong

KINDS = (
    one(options=[right("`a < b`"), wrong("1. b"), wrong("- c", "It is **not** c.")], follow_up="And <then>?"),
    many(),
    truth(code={"language": "python", "text": "print(1 < 2)\n", "output": "True"}),
    number(tolerance="1%", value="2 GiB", unit="GiB", slips=[{"value": "4", "why": "Doubled."}]),
    order(steps=["Zip", "Add", "Mix"]),
    text(),
)


def table(folder: Path, *questions: Question) -> list[dict[str, str]]:
    export(bank_of(*questions), "csv", folder / "bank.csv")
    with (folder / "bank.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def notes(folder: Path, *questions: Question) -> list[tuple[str, str, list[str]]]:
    """Return id, tags and fields of each note of a package."""
    export(bank_of(*questions), "anki", folder / "bank.apkg")
    with zipfile.ZipFile(folder / "bank.apkg") as package:
        package.extractall(folder)
    with closing(sqlite3.connect(folder / "collection.anki2")) as database:
        found = database.execute("SELECT guid, tags, flds FROM notes ORDER BY id").fetchall()
        assert database.execute("SELECT count(*) FROM cards").fetchone() == (len(questions),)
    return [(guid, tags, fields.split("\x1f")) for guid, tags, fields in found]


def test_json_holds_everything(tmp_path: Path) -> None:
    export(bank_of(*KINDS), "json", tmp_path / "bank.json")
    written = json.loads((tmp_path / "bank.json").read_text(encoding="utf-8"))
    assert [type(question).model_validate_json(json.dumps(item)) for question, item in
            zip(KINDS, written, strict=True)] == list(KINDS)  # fmt: skip


def test_a_table_has_a_row_for_every_question(tmp_path: Path) -> None:
    rows = table(tmp_path, *KINDS)
    assert [tuple(row) for row in rows] == [COLUMNS] * len(KINDS)
    assert [row["id"] for row in rows] == [question.id for question in KINDS]
    assert rows[0] == {
        "id": "ml-one", "topic": "ML", "subtopic": "ML1", "kind": "one", "level": "medium",
        "stem": "Which layer halves the height and width of its input?", "formula": "", "code": "",
        "choices": "A. `a < b`\nB. 1. b\nC. - c", "key": "A. `a < b`",
        "reasons": "B. It was taken for something else; it does not do this.\nC. It is **not** c.",
        "explanation": EXPLANATION, "worked": "", "hint": "Count what goes in and what comes out.",
        "source_title": SOURCE["title"], "source_url": SOURCE["url"], "follow_up": "And <then>?",
        "seed": "", "tags": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "choices", "key", "reasons"),
    [
        (KINDS[1], "A. Weight decay\nB. Dropout\nC. A larger network\nD. Training for longer",
         "A. Weight decay\nB. Dropout", f"C. {KINDS[1].options[2].why}\nD. {KINDS[1].options[3].why}"),
        (KINDS[2], "", "False", "It takes depth for power; a product of matrices is one matrix."),
        (KINDS[3], "", "2 GiB (± 1%)", "4: Doubled."),
        (number(), "", "1960", "1920: The 40 biases were forgotten."),
        (number(unit="MB"), "", "1960 MB", "1920: The 40 biases were forgotten."),
        (KINDS[4], "A. Add\nB. Mix\nC. Zip", "1. Zip\n2. Add\n3. Mix", order().mistake),
        (KINDS[5], "", "\n".join(f"{round(point.weight * 100)} %: {point.text}" for point in text().points),
         f"{text().red_flags[0]}\n{text().model_answer}"),
    ],
)  # fmt: skip
def test_every_kind_has_its_key_and_its_reasons(
    tmp_path: Path, question: Question, choices: str, key: str, reasons: str
) -> None:
    [row] = table(tmp_path, question)
    assert (row["choices"], row["key"], row["reasons"]) == (choices, key, reasons)


def test_anki_gets_a_note_for_every_question_with_its_id_and_tags(tmp_path: Path) -> None:
    found = notes(tmp_path, *KINDS)
    assert [guid for guid, _, _ in found] == [f"warmup-{question.id}" for question in KINDS]
    assert found[0][1].split() == ["ML", "ML1", "one", "medium"]
    assert [fields[2] for _, _, fields in found] == [question.id for question in KINDS]


def test_anki_shows_the_question_in_front_and_everything_else_behind(tmp_path: Path) -> None:
    [(_, _, (front, back, _))] = notes(tmp_path, KINDS[0])
    assert front == (
        "<p>Which layer halves the height and width of its input?</p>"
        "<p>• A. <code>a &lt; b</code><br>• B. 1. b<br>• C. - c</p>"
    )
    assert back == (
        "<p><b>Answer</b></p><p>• A. <code>a &lt; b</code></p>"
        f"<p><b>Why</b> {EXPLANATION}</p>"
        "<p>• B. It was taken for something else; it does not do this.<br>• C. It is <b>not</b> c.</p>"
        f'<p><b>Source</b> <a href="{SOURCE["url"]}">{SOURCE["title"]}</a></p>'
        "<p><b>Next question</b> And &lt;then&gt;?</p>"
    )


def test_anki_shows_a_listing_as_it_is_and_never_what_it_prints(tmp_path: Path) -> None:
    [(_, _, (front, back, _))] = notes(tmp_path, KINDS[2])
    assert front.endswith("<pre>print(1 &lt; 2)</pre>")
    assert "True" not in back


def test_formulas_are_exported_as_they_are_written(tmp_path: Path) -> None:
    question = one(formula=r"\frac{a}{b}", worked="a < b")
    assert [(row["formula"], row["worked"]) for row in table(tmp_path, question)] == [(r"\frac{a}{b}", "a < b")]
    [(_, _, (front, back, _))] = notes(tmp_path, question)
    assert (r"\[\frac{a}{b}\]" in front, r"\[a &lt; b\]" in back) == (True, True)


def test_the_real_bank_becomes_a_deck(tmp_path: Path) -> None:
    bank = load_bank()
    found = notes(tmp_path, *bank.questions)
    assert len({guid for guid, _, _ in found}) == len(bank.questions)


def test_without_genanki_a_deck_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "genanki", None)
    with pytest.raises(AnkiMissing, match=r"^genanki is not installed\. Type: pip install genanki$"):
        export(bank_of(), "anki", tmp_path / "bank.apkg")
    assert list(tmp_path.iterdir()) == []

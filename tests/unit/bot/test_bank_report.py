"""What the verbs that look at the bank print, and their exit statuses."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import copytree

import pytest

from bot.bank_report import coverage, export, lint, listed, render, show
from questions.bank import Filter, load_bank
from questions.coverage import balances, seed_rows, subtopic_rows
from questions.formulas.pictures import INSTALL, PICTURES
from questions.lint import examine

BANK = load_bank()


@pytest.mark.parametrize(
    ("wanted", "seed"),
    [(Filter("CN", "medium", "one"), ""), (Filter(kind="order"), ""), (Filter(), "s12"), (Filter("CN"), "S6")],
)
def test_a_list_names_each_question_that_is_wanted(
    wanted: Filter, seed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [item.id for item in BANK.questions if wanted.takes(item) and (not seed or seed.upper() in item.seed)]
    ids += [] if seed else [family.id for family in BANK.families.values() if wanted.takes(family)]
    assert len(ids) > 1
    assert listed(wanted, seed) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert [line.split()[0] for line in lines] == ids
    first, (file, place) = BANK.by_id[ids[0]], BANK.places[ids[0]]
    assert lines[0].split()[1:] == [first.kind, first.level, first.subtopic, f"{file}:{place}"]
    assert [line.split()[-1] == "family" for line in lines] == [name in BANK.families for name in ids]
    families = sum(name in BANK.families for name in ids)
    assert printed.err == f"{len(ids) - families} questions, {families} families\n"


def test_a_family_is_shown_by_one_of_its_draws(capsys: pytest.CaptureFixture[str]) -> None:
    assert show("cn-conv-output-size") == 0
    assert "a family, one of its draws" in capsys.readouterr().out


def test_an_empty_list_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert listed(Filter(topic="ZZ"), "") == 1
    assert capsys.readouterr() == ("", "0 questions, 0 families\n")


def test_coverage_names_every_subtopic_and_seed_and_fails_if_one_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    rows, seeds, numbers = subtopic_rows(BANK), seed_rows(BANK), balances(BANK)
    short = sum(not row.met for row in rows), sum(bool(row.missing) for row in seeds), sum(not n.met for n in numbers)
    assert coverage() == (1 if any(short) else 0)
    printed = capsys.readouterr().out
    named = [word for line in printed.splitlines() if "│" in line for word in line.split("│")[2].split()[:1]]
    codes = {row.subtopic.code for row in rows} | {row.seed for row in seeds}
    assert codes - set(named) == set()
    assert printed.count("✗") == sum(short)
    last = " ".join(printed[printed.rindex("Not met") :].split())
    assert last == (
        f"Not met: {short[0]} of 165 subtopics, {short[1]} of 107 seeds, {short[2]} of 9 numbers over the bank; "
        f"{len(BANK.questions)} questions in all"
    )


def test_rendering_what_is_there_draws_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copytree(PICTURES, tmp_path / "formulas")
    count = len(list(folder.iterdir()))
    assert render(folder) == 0
    assert capsys.readouterr() == (f"0 pictures drawn, {count} were there, 0 removed\n", "")


def test_rendering_without_what_it_needs_says_how_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert render(tmp_path) == 1
    assert capsys.readouterr() == ("", f"{INSTALL}\n")


def test_a_question_is_shown_with_its_formulas(capsys: pytest.CaptureFixture[str]) -> None:
    question = next(item for item in BANK.questions if item.formula)
    assert show(question.id) == 0
    assert (question.formula or "-") in "".join(capsys.readouterr().out.split("\n"))


def test_an_export_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bank.json"
    assert export("json", file) == 0
    assert capsys.readouterr() == (f"Wrote {len(BANK.questions)} questions to {file}\n", "")


def test_an_export_that_cannot_be_written_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "missing" / "bank.csv"
    assert export("csv", file) == 1
    assert capsys.readouterr() == ("", f"[Errno 2] No such file or directory: '{file}'\n")


def test_lint_prints_every_fault_and_note(capsys: pytest.CaptureFixture[str]) -> None:
    found = examine()
    assert lint() == (1 if found.faults else 0)
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [str(fault) for fault in found.faults]
    said = [f"Note: {note}" for note in found.notes] + ([f"{len(found.faults)} faults"] if found.faults else [])
    assert printed.err.splitlines() == said


def test_a_question_is_shown_with_what_its_listing_does(capsys: pytest.CaptureFixture[str]) -> None:
    outputs = {item.id: item.code.output for item in BANK.questions if item.code and item.code.output}
    shortest = min(outputs, key=lambda name: len(outputs[name]))  # a longer one is wrapped
    assert show(shortest) == 0
    assert f"prints: {outputs[shortest]}" in capsys.readouterr().out


def test_a_question_that_is_not_there_is_told_with_some_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert show("cn-nothing") == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("There is no question cn-nothing. Some of the topic: cn-")

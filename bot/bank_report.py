"""What the ``questions`` verbs print."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import bank_export
from questions import coverage as plan
from questions.bank import Filter, read_bank
from questions.formulas import pictures
from questions.generate import FAMILIES
from questions.lint import examine
from questions.model import (
    FreeText,
    Kind,
    Level,
    Listing,
    Numeric,
    OneBest,
    Ordered,
    Question,
    SelectAll,
    TopicFile,
    TrueFalse,
)  # fmt: skip

SHOWN_SEED = 1
"""The draw of a family that is shown as an example."""
SEEDS = 46
"""S1 to S46 are the questions that the bank was begun with; each must be covered."""


def lint() -> int:
    """Print every fault; return the exit status."""
    report = examine()
    for fault in report.faults:
        print(fault)
    for note in report.notes:
        print(f"Note: {note}", file=sys.stderr)
    if report.faults:
        print(f"{len(report.faults)} faults", file=sys.stderr)
    return 1 if report.faults else 0


def count() -> None:
    """Print how many questions there are of what."""
    bank, faults = read_bank()
    console = Console(width=None if sys.stdout.isatty() else 120)
    table = Table("topic", *Kind, "easy", "medium", "hard", "all", title="Questions by topic, kind and level")
    for topic in bank.taxonomy.topics:
        here = [question for question in bank.questions if question.topic == topic.code]
        if here:
            table.add_row(f"{topic.code} {topic.name}", *_counts(here))
    table.add_section()
    table.add_row("all", *_counts(list(bank.questions)))
    console.print(table)
    seeds = Counter(seed for question in bank.questions for seed in question.seed)
    missing = [f"S{number}" for number in range(1, SEEDS + 1) if f"S{number}" not in seeds]
    console.print(f"Seeds S1 to S{SEEDS} without a question: {', '.join(missing) or 'none'}")
    if faults:
        console.print(f"{len(faults)} faults: see python -m bot questions lint")


def show(question_id: str) -> int:
    """Print one question with its key; return the exit status."""
    bank = replace(read_bank()[0], families=FAMILIES)
    question = bank.find(question_id, SHOWN_SEED)
    if question is None:
        close = [other for other in bank.by_id if question_id.split("-", maxsplit=1)[0] == other.split("-")[0]][:5]
        print(f"There is no question {question_id}. Some of the topic: {', '.join(close) or 'none'}", file=sys.stderr)
        return 1
    Console(highlight=False).print(
        _everything(question, bank.places.get(question_id, ("a family, one of its draws", 0)))
    )
    return 0


def listed(wanted: Filter, seed: str) -> int:
    """Print a line for each question that the filter takes, of one seed if there is one; return the exit status."""
    bank, _ = read_bank()
    families = [] if seed else [family for family in FAMILIES.values() if wanted.takes(family)]
    found = [one for one in bank.questions if wanted.takes(one) and (not seed or seed.upper() in one.seed)]
    for one in (*found, *families):
        file, line = bank.places.get(one.id, ("", 0))
        place = f"{file}:{line}" if file else "family"
        print(f"{one.id:<40} {one.kind:<6} {one.level:<6} {one.subtopic:<4} {place}")
    print(f"{len(found)} questions, {len(families)} families", file=sys.stderr)
    return 0 if found or families else 1


def export(form: str, file: Path) -> int:
    """Write the bank to a file; return the exit status."""
    bank, _ = read_bank()
    try:
        bank_export.export(bank, form, file)
    except (bank_export.AnkiMissing, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Wrote {len(bank.questions)} questions to {file}")
    return 0


def render(folder: Path = pictures.PICTURES) -> int:
    """Draw the formulas that lack their picture, remove pictures that are not needed; return the exit status."""
    bank, faults = read_bank()
    if faults:  # a file with a fault is read as empty, and its pictures would be removed
        print(f"{len(faults)} faults: see python -m bot questions lint", file=sys.stderr)
        return 1
    try:
        done = pictures.render((source for question in bank.questions for source in question.formulas), folder)
    except pictures.TypstMissing as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{done.drawn} pictures drawn, {done.kept} were there, {done.removed} removed")
    return 0


def coverage() -> int:
    """Print what the plan asks for and what is there; return 1 as the exit status if a number is not met."""
    bank, _ = read_bank()
    console = Console(width=None if sys.stdout.isatty() else 120)
    rows, seeds, balances = plan.subtopic_rows(bank), plan.seed_rows(bank), plan.balances(bank)
    table = Table("", "subtopic", "band", "planned", "needed", "written", "kinds", title="Questions by subtopic")
    for row in rows:
        kinds = ", ".join(f"{kind} {row.kinds[kind]}" for kind in Kind if row.kinds[kind])
        part = row.subtopic
        numbers = map(str, (part.planned, row.needed, row.written))
        table.add_row(_sign(row.met), f"{part.code} {escape(part.name)}", part.band, *numbers, kinds)
    console.print(table)
    table = Table("", "seed", "questions", "missing", title="Questions by seed")
    for seed in seeds:
        items = ", ".join(f"{question.id} ({question.kind})" for question in seed.questions)
        table.add_row(_sign(not seed.missing), seed.seed, items, seed.missing)
    console.print(table)
    table = Table("", "over the bank", "found", "wanted", title="Kinds and levels")
    for balance in balances:
        table.add_row(_sign(balance.met), balance.what, balance.found, balance.wanted)
    console.print(table)
    unmet = (
        sum(not row.met for row in rows),
        sum(bool(seed.missing) for seed in seeds),
        sum(not balance.met for balance in balances),
    )
    console.print(
        f"Not met: {unmet[0]} of {len(rows)} subtopics, {unmet[1]} of {len(seeds)} seeds, "
        f"{unmet[2]} of {len(balances)} numbers over the bank; {len(bank.questions)} questions in all"
    )
    return 1 if any(unmet) else 0


def _sign(met: bool) -> str:
    return "✓" if met else "✗"


def schema() -> str:
    """Return the JSON Schema of a topic file."""
    return json.dumps(TopicFile.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def _counts(questions: list[Question]) -> list[str]:
    kinds = Counter(question.kind for question in questions)
    levels = Counter(question.level for question in questions)
    numbers = [*(kinds[kind.value] for kind in Kind), *(levels[level] for level in Level), len(questions)]
    return [str(number) if number else "·" for number in numbers]


def _everything(question: Question, place: tuple[str, int]) -> str:
    lines = [
        f"[bold]{question.id}[/bold]  {question.kind}, {question.level}, {question.subtopic}  {place[0]}:{place[1]}",
        "",
        escape(question.stem),
        *(["", escape(question.formula)] if question.formula else []),
        *(["", escape(question.code.text), *map(escape, _ending(question.code))] if question.code else []),
        "",
        *map(escape, _key(question)),
        "",
        f"[bold]Why[/bold]  {escape(question.explanation)}",
        *([f"[bold]Worked[/bold]  {escape(question.worked)}"] if question.worked else []),
        f"[bold]Hint[/bold]  {escape(question.hint)}",
        f"[bold]Source[/bold]  {escape(question.source.title)}  {question.source.url}",
    ]
    if question.follow_up:
        lines.append(f"[bold]Next question[/bold]  {escape(question.follow_up)}")
    if question.seed:
        lines.append(f"[bold]Seeds[/bold]  {', '.join(question.seed)}")
    return "\n".join(lines)


def _ending(listing: Listing) -> list[str]:
    printed = [] if listing.output is None else [f"prints: {listing.output}"]
    return printed + ([f"fails: {listing.fails}"] if listing.fails else [])


def _key(question: Question) -> list[str]:
    match question:
        case OneBest() | SelectAll():
            return [
                f"{'✓' if option.right else '✗'} {option.text}" + _because(option.why) for option in question.options
            ]
        case TrueFalse():
            return [f"{question.answer}" + _because(question.why)]
        case Numeric():
            head = f"{question.value} {question.unit} ± {question.tolerance}  = {question.compute}"
            return [head, *(f"✗ {slip.value}{_because(slip.why)}" for slip in question.slips)]
        case Ordered():
            return [*(f"{number}. {step}" for number, step in enumerate(question.steps, 1)), question.mistake]
        case FreeText():
            points = [f"{point.weight:.2f} {point.text}" for point in question.points]
            return [*points, *(f"red flag: {flag}" for flag in question.red_flags), question.model_answer]


def _because(why: str | None) -> str:
    return f"\n      {why}" if why else ""

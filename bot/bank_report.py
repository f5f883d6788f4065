"""What the ``questions`` verbs print."""

from __future__ import annotations

import json
import sys
from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from questions.bank import read_bank
from questions.lint import lint as find_faults
from questions.model import FreeText, Kind, Level, Numeric, OneBest, Ordered, Question, SelectAll, TopicFile, TrueFalse

SEEDS = 46
"""S1 to S46 are the questions that the bank was begun with; each must be covered."""


def lint() -> int:
    """Print every fault; return the exit status."""
    faults = find_faults()
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} faults", file=sys.stderr)
    return 1 if faults else 0


def stats() -> None:
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
    bank, _ = read_bank()
    question = bank.by_id.get(question_id)
    if question is None:
        close = [other for other in bank.by_id if question_id.split("-", maxsplit=1)[0] == other.split("-")[0]][:5]
        print(f"There is no question {question_id}. Some of the topic: {', '.join(close) or 'none'}", file=sys.stderr)
        return 1
    Console(highlight=False).print(_everything(question, bank.places[question_id]))
    return 0


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
        *(["", escape(question.code.text)] if question.code else []),
        "",
        *map(escape, _key(question)),
        "",
        f"[bold]Why[/bold]  {escape(question.explanation)}",
        f"[bold]Hint[/bold]  {escape(question.hint)}",
        f"[bold]Source[/bold]  {escape(question.source.title)}  {question.source.url}",
    ]
    if question.follow_up:
        lines.append(f"[bold]Next question[/bold]  {escape(question.follow_up)}")
    if question.seed:
        lines.append(f"[bold]Seeds[/bold]  {', '.join(question.seed)}")
    return "\n".join(lines)


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

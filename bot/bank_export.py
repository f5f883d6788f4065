"""Write the bank for other programs: JSON with every field, a CSV table, or a deck for Anki."""

from __future__ import annotations

import csv
import html
import itertools
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bot.markup import (
    Block,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Hyperlink,
    Inline,
    Listing,
    Moment,
    Paragraph,
    Place,
    Quote,
    Strong,
    Text,
    escape,
    fenced,
    parse,
)
from questions.bank import Bank
from questions.model import FreeText, Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse
from questions.taxonomy import DATA

COLUMNS = (
    "id", "topic", "subtopic", "kind", "level", "stem", "formula", "code", "choices", "key", "reasons", "explanation",
    "worked", "hint", "source_title", "source_url", "follow_up", "seed", "tags",
)  # fmt: skip
"""The columns of the CSV file; those that hold several texts hold one in each line."""

_DECK, _NOTE = 1_732_310_001, 1_732_310_002
"""Anki knows a deck and a kind of note again by their numbers; chosen once."""
_LETTERS = "ABCDEF"
_PLAIN = ("id", "topic", "subtopic", "kind", "level", "stem", "explanation", "hint")
_STYLE = ".card {font-family: sans-serif; text-align: left} pre {background: #eee; padding: 0.5em}"


class AnkiMissing(Exception):
    """The package that writes Anki's files is not installed."""


def export(bank: Bank, form: str, file: Path) -> None:
    """Write every question to ``file``; ``form`` is json, csv or anki.

    Raises OSError when the file cannot be written, AnkiMissing when genanki is not installed.
    """
    match form:
        case "json":
            content = [question.model_dump(mode="json", exclude_none=True) for question in bank.questions]
            file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        case "csv":
            with file.open("w", encoding="utf-8", newline="") as table:
                writer = csv.DictWriter(table, COLUMNS)
                writer.writeheader()
                writer.writerows(map(_row, bank.questions))
        case _:
            _write_anki(bank, file, max(path.stat().st_mtime for path in DATA.glob("*.yaml")))


def _row(question: Question) -> dict[str, str]:
    return {name: str(getattr(question, name)) for name in _PLAIN} | {
        "formula": question.formula or "",
        "worked": question.worked or "",
        "code": question.code.text if question.code else "",
        "choices": "\n".join(_choices(question)),
        "key": "\n".join(_key(question)),
        "reasons": "\n".join(_reasons(question)),
        "source_title": question.source.title,
        "source_url": question.source.url,
        "follow_up": question.follow_up or "",
        "seed": " ".join(question.seed),
        "tags": " ".join(question.tags),
    }


def _choices(question: Question) -> list[str]:
    """Return what there is to choose from; steps in alphabetical order, which tells nothing."""
    match question:
        case OneBest() | SelectAll():
            return [f"{letter}. {option.text}" for letter, option in zip(_LETTERS, question.options, strict=False)]
        case Ordered():
            return [f"{letter}. {step}" for letter, step in zip(_LETTERS, sorted(question.steps), strict=False)]
        case TrueFalse() | Numeric() | FreeText():
            return []


def _key(question: Question) -> list[str]:
    match question:
        case OneBest() | SelectAll():
            options = zip(_LETTERS, question.options, strict=False)
            return [f"{letter}. {option.text}" for letter, option in options if option.right]
        case Ordered():
            return [f"{place}. {step}" for place, step in enumerate(question.steps, 1)]
        case TrueFalse():
            return [str(question.answer)]
        case Numeric():
            within = "" if question.tolerance == "0" else f" (± {question.tolerance})"
            unit = question.unit if question.value[-1].isdigit() else ""  # an author may have written it already
            return [f"{question.value} {unit}".strip() + within]
        case FreeText():
            return [f"{round(point.weight * 100)} %: {point.text}" for point in question.points]


def _reasons(question: Question) -> list[str]:
    """Return why what is not the key is wrong; of a free text, its red flags and a model answer."""
    match question:
        case OneBest() | SelectAll():
            options = zip(_LETTERS, question.options, strict=False)
            return [f"{letter}. {option.why}" for letter, option in options if not option.right]
        case Ordered():
            return [question.mistake]
        case TrueFalse():
            return [question.why]
        case Numeric():
            return [f"{slip.value}: {slip.why}" for slip in question.slips]
        case FreeText():
            return [*question.red_flags, question.model_answer]


def _write_anki(bank: Bank, file: Path, changed: float) -> None:
    """Write a package of notes that were last changed at ``changed``, in seconds since 1970.

    Importing a newer one updates the notes: their ids are those of the questions.
    """
    try:
        import genanki  # noqa: PLC0415 - an extra that only this verb needs
    except ImportError as error:
        raise AnkiMissing("genanki is not installed. Type: pip install genanki") from error
    form = genanki.Model(
        _NOTE,
        "Warmup question",
        fields=[{"name": "Question"}, {"name": "Answer"}, {"name": "Id"}],
        templates=[{"name": "Card", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}"}],
        css=_STYLE,
    )
    deck = genanki.Deck(_DECK, "Warmup: deep learning")
    for question in bank.questions:
        fields = [_front(question), _back(question), question.id]
        tags = [question.topic, question.subtopic, question.kind, question.level, *question.tags]
        deck.add_note(genanki.Note(form, fields, tags=tags, guid=f"warmup-{question.id}"))
    with tempfile.TemporaryDirectory() as folder:  # genanki's own way to a file leaves a temporary one behind
        collection = Path(folder, "collection.anki2")
        with closing(sqlite3.connect(collection)) as database, database:
            genanki.Package(deck).write_to_db(database.cursor(), changed, itertools.count(int(changed * 1000)))
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
            package.write(collection, collection.name)
            package.writestr("media", "{}")


def _front(question: Question) -> str:
    listing = [fenced(question.code.text, question.code.language)] if question.code else []
    return _page([question.stem]) + _formula(question.formula) + _page([*listing, *_list(_choices(question))])


def _back(question: Question) -> str:
    more = [f"**Next question** {question.follow_up}"] if question.follow_up else []
    source = f"**Source** [{escape(question.source.title)}]({question.source.url})"
    why = f"**Why** {question.explanation}"
    answer = _page(["**Answer**", *_list(_key(question)), why])
    return answer + _formula(question.worked) + _page([*_list(_reasons(question)), source, *more])


def _formula(source: str | None) -> str:
    """Return a formula as Anki draws it itself."""
    return f"<p>\\[{html.escape(source)}\\]</p>" if source else ""


def _list(texts: list[str]) -> list[str]:
    """Return texts as the lines of one paragraph; none of them can begin a list or a quotation."""
    return ["\n".join(f"• {text}" for text in texts)] if texts else []


def _page(parts: list[str]) -> str:
    return "".join(map(_block, parse("\n\n".join(parts))))


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return f"<p>{_inline(block.children)}</p>"
        case CodeBlock():
            return f"<pre>{html.escape(block.text)}</pre>"
        case Listing():
            name = "ol" if block.ordered else "ul"
            items = "".join(f"<li>{_inline(item)}</li>" for item in block.items)
            return f"<{name}>{items}</{name}>"
        case Quote():
            return f"<blockquote>{_inline(block.children)}</blockquote>"


def _inline(children: tuple[Inline, ...]) -> str:
    return "".join(_runs(children))


def _runs(children: tuple[Inline, ...]) -> Iterator[str]:
    for child in children:
        match child:
            case Text():
                yield html.escape(child.text)
            case Code():
                yield f"<code>{html.escape(child.text)}</code>"
            case Break():
                yield "<br>"
            case Moment() | Place():
                yield html.escape(child.fallback)
            case Strong():
                yield f"<b>{_inline(child.children)}</b>"
            case Emphasis():
                yield f"<i>{_inline(child.children)}</i>"
            case Hyperlink():
                yield f'<a href="{html.escape(child.url)}">{_inline(child.children)}</a>'

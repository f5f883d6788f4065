"""Find what is wrong with the bank beyond its schema: wrong keys, listings that print something else, give-aways.

The rules follow the item-writing literature (Haladyna, Downing & Rodriguez 2002): a key must not be found by its
place, its length or the wording of its rivals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from urllib.parse import urlsplit

from questions.bank import Bank, Fault, read_bank
from questions.characters import strange
from questions.compute import compute
from questions.duplicates import duplicates, same_options
from questions.formulas import alt_of, parse, unicode_of
from questions.grade import grade_many, grade_number
from questions.listings import check_listings, installed
from questions.model import FreeText, Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse
from questions.taxonomy import DATA

LONGEST_SHOWN = 3300
"""Characters of a question with everything revealed, so that both platforms show it with room for its controls."""
LONGEST_KEY_SHARE = 0.35
"""The largest share of one-best-answer items whose key may be the longest option."""
MOST_FOR_EVERYTHING = Fraction(1, 3)
"""What choosing every option of a question may earn at most."""
LONGEST_ALT = 600
"""Characters of a formula in words; a longer one is too much for an ear, and should be split or simplified."""
WIDEST_LISTING = 80
"""Characters in a line of a listing; longer ones wrap even on a desktop."""

_ABSOLUTE = re.compile(r"\b(always|never|only|all|none|every|impossible|must|guarantees?)\b", re.IGNORECASE)
_CATCH_ALL = re.compile(
    r"(all|none|both|neither)( of)?( the| these)? (above|these|options|answers)\b"
    r"|(both|neither) [a-f] (and|n?or) [a-f]\b",
    re.IGNORECASE,
)
_ARXIV = re.compile(
    r"https://arxiv\.org/abs/((0[7-9]|1[0-4])(0[1-9]|1[0-2])\.\d{4}|(1[5-9]|[2-9]\d)(0[1-9]|1[0-2])\.\d{5})"
)
"""Identifiers began in April 2007 with four digits after the point; since January 2015 there are five."""
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


@dataclass(frozen=True, slots=True)
class Report:
    """What lint found: faults, in the order of files and lines, and notes on what could not be checked here."""

    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = ()


def lint(folder: Path = DATA) -> list[Fault]:
    """Return every fault of the bank under ``folder`` that shows without running its listings, in order."""
    bank, faults = read_bank(folder)
    return sorted([*faults, *_static(bank)])


def examine(folder: Path = DATA) -> Report:
    """Check the bank under ``folder`` by every rule: those of ``lint``, and its listings by running them."""
    bank, faults = read_bank(folder)
    wrong, notes = check_listings(bank.questions, installed())
    listings = [_at(bank, question, text) for question, text in wrong]
    return Report(tuple(sorted([*faults, *_static(bank), *listings])), tuple(notes))


def _static(bank: Bank) -> Iterator[Fault]:
    for question in bank.questions:
        yield from (_at(bank, question, text) for text in item_faults(question))
    yield from (_at(bank, question, text) for question, text in duplicates(bank.questions))
    yield from (Fault("", 0, "", text) for text in _balance(bank))


def item_faults(question: Question) -> Iterator[str]:
    """Say what is wrong with one question, seen alone and without running its listing."""
    rules: tuple[Callable[[Question], Iterator[str]], ...] = (
        _key, _slips, _options, _lengths, _source, _characters, _markup, _formulas,
    )  # fmt: skip
    for rule in rules:
        yield from rule(question)


def _at(bank: Bank, question: Question, text: str) -> Fault:
    return Fault(*bank.places[question.id], question.id, text)


def _key(question: Question) -> Iterator[str]:
    if not isinstance(question, Numeric):
        return
    try:
        value = compute(question.compute)
    except ValueError as error:
        yield f"compute: {error}"
        return
    slack = question.margin or abs(question.key) / 10**9
    if abs(value - question.key) > slack:
        yield f"compute: {question.compute!r} gives {float(value):g}, the key says {question.value}"


def _slips(question: Question) -> Iterator[str]:
    if isinstance(question, Numeric):
        for slip in question.slips:
            if grade_number(question, slip.value).slip != slip.why:
                yield f"slips: whoever answers {slip.value} is told another slip's reason"


def _options(question: Question) -> Iterator[str]:
    if not isinstance(question, OneBest | SelectAll):
        return
    for option in question.options:
        if _CATCH_ALL.match(option.text):
            yield f"options: {option.text!r} is a catch-all; write a real alternative"
    for one, other in same_options(question):
        yield f"options: {one!r} and {other!r} say the same"
    wrong = [bool(_ABSOLUTE.search(option.text)) for option in question.options if not option.right]
    right = [bool(_ABSOLUTE.search(option.text)) for option in question.options if option.right]
    if len(wrong) > 1 and all(wrong) and not any(right):
        yield "options: absolute words stand in every wrong option and in no right one: a give-away"
    if isinstance(question, OneBest):
        key = next(len(option.text) for option in question.options if option.right)
        rivals = max(len(option.text) for option in question.options if not option.right)
        if key > rivals * 1.4 and key - rivals > 12:
            yield "options: the key is more than 1.4 times as long as any rival: a give-away"
    elif grade_many(question, range(len(question.options))).credit > MOST_FOR_EVERYTHING:
        yield "options: choosing every option earns more than a third; write more wrong ones"


def shown_length(question: Question) -> int:
    """Return how many characters are shown of a question with its answer revealed."""
    length = len(question.stem) + len(question.explanation) + len(question.source.title) + len(question.source.url)
    length += len(question.code.text) if question.code else 0
    length += len(question.follow_up or "")
    trees = map(parse, question.formulas)
    length += sum(len(unicode_of(tree) or alt_of(tree)) for tree in trees)
    match question:
        case OneBest() | SelectAll():
            length += sum(len(option.text) + len(option.why or "") for option in question.options)
        case Numeric():
            length += sum(len(slip.why) for slip in question.slips)
        case Ordered():
            length += 2 * sum(map(len, question.steps)) + len(question.mistake)
        case FreeText():
            length += sum(len(point.text) for point in question.points) + len(question.model_answer)
            length += sum(map(len, question.red_flags))
        case TrueFalse():
            length += len(question.why)
    return length


def _lengths(question: Question) -> Iterator[str]:
    length = shown_length(question)
    if length > LONGEST_SHOWN:
        yield f"shows {length} characters with its answer; at most {LONGEST_SHOWN} leave room for the controls"
    words = len(question.explanation.split())
    if words < 40:
        yield f"explanation: {words} words do not explain; write 60 to 150"
    if question.code is None:
        return
    lines = question.code.text.rstrip().splitlines()
    if len(lines) > 15:
        yield "code: more than 15 lines"
    if max(map(len, lines), default=0) > WIDEST_LISTING:
        yield f"code: a line of more than {WIDEST_LISTING} characters"


def _source(question: Question) -> Iterator[str]:
    url = question.source.url
    if "arxiv.org" in url and not _ARXIV.fullmatch(url):
        yield f"source: {url} is not of the form https://arxiv.org/abs/1512.03385"
    elif not _HOST.fullmatch(urlsplit(url).netloc) or re.search(r"[.,;:)>\]]$|[?&]utm_|[<>\"|\\^`{}]", url):
        yield f"source: {url} is not a plain address"


def _characters(question: Question) -> Iterator[str]:
    for field, value in question.model_dump(mode="json").items():
        for said in dict.fromkeys(said for text in _texts(value) for said in strange(text)):
            yield f"{field}: holds {said}"


def _markup(question: Question) -> Iterator[str]:
    for field, value in question.model_dump(
        mode="json", exclude={"code", "compute", "source", "formula", "worked"}
    ).items():
        for text in _texts(value):
            if text.count("`") % 2:
                yield f"{field}: a backtick without its partner"
            elif re.search(r"\w\*\w", re.sub(r"`[^`]*`", "", text)):
                yield f"{field}: an asterisk outside backticks begins italics; write × or put it into backticks"


def _formulas(question: Question) -> Iterator[str]:
    for field, source in (("formula", question.formula), ("worked", question.worked)):
        length = len(alt_of(parse(source))) if source else 0
        if length > LONGEST_ALT:
            yield f"{field}: takes {length} characters to read aloud; at most {LONGEST_ALT}"
    if question.formula and question.formula == question.worked:
        yield "worked: repeats the formula"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _balance(bank: Bank) -> Iterator[str]:
    choices = [question for question in bank.questions if isinstance(question, OneBest)]
    if len(choices) >= 20:
        yield from _key_lengths(choices)
        yield from _key_places([question for question in choices if not question.shuffle])
    truths = [question.answer for question in bank.questions if isinstance(question, TrueFalse)]
    if len(truths) >= 20 and abs(sum(truths) - len(truths) / 2) > 1.5 * math.sqrt(len(truths)):
        yield f"{sum(truths)} of {len(truths)} propositions are true; that is more one-sided than chance"


def _key_lengths(choices: list[OneBest]) -> Iterator[str]:
    longest = sum(_key_is_longest(question) for question in choices)
    if longest > len(choices) * LONGEST_KEY_SHARE:
        share = longest / len(choices)
        yield f"the key is the longest option in {share:.0%} of {len(choices)} items; at most 35%"


def _key_places(fixed: list[OneBest]) -> Iterator[str]:
    """Hold the place of the key in unshuffled options against chance: at most three standard deviations above it."""
    for place in range(5):
        there = [question for question in fixed if place < len(question.options)]
        chances = [1 / len(question.options) for question in there]
        held = sum(question.options[place].right for question in there)
        deviation = math.sqrt(sum(chance * (1 - chance) for chance in chances))
        if len(fixed) >= 12 and held > sum(chances) + 3 * deviation:
            yield f"the key stands in place {place + 1} in {held} of {len(fixed)} unshuffled items"


def _key_is_longest(question: OneBest) -> bool:
    key = next(len(option.text) for option in question.options if option.right)
    return all(len(option.text) < key for option in question.options if not option.right)

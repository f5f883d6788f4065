"""What a question is: six kinds, one strict schema, exactly as written in ``questions/data/*.yaml``.

Everything is frozen and validated strictly: YAML 1.1 reads an unquoted ``no`` as false, ``012`` as ten
and ``1:30`` as ninety, so a field that wants text takes nothing but text.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from questions.formulas import parse
from questions.numbers import UNITS, NotANumber, read_number


class Kind(StrEnum):
    """How a question is answered and graded."""

    ONE = "one"
    MANY = "many"
    TRUTH = "truth"
    NUMBER = "number"
    ORDER = "order"
    TEXT = "text"


class Level(StrEnum):
    """How hard the author thinks a question is."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


def _text(most: int) -> StringConstraints:
    return StringConstraints(min_length=1, max_length=most, strip_whitespace=True)


def _in_the_subset(source: str) -> str:
    parse(source)
    return source


Line = Annotated[str, _text(240)]
Subtopic = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[1-9][0-9]?$")]
Seed = Annotated[str, StringConstraints(pattern=r"^S([1-9]|[1-9][0-9]|10[0-7])$")]
Formula = Annotated[str, _text(300), AfterValidator(_in_the_subset)]
Tag = Literal["by-hand", "spot-the-bug", "shapes", "why", "paper", "whiteboard", "estimate", "explain"]


class Strict(BaseModel):
    """Refuse unknown fields, implicit conversions and changes after construction."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Source(Strict):
    """Where the claim can be checked: a paper or official documentation."""

    title: Annotated[str, _text(140)] = Field(description="Authors, title, year; or the documentation page's name")
    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$", max_length=200)]


class Listing(Strict):
    """A short code listing shown under the stem."""

    language: Literal["python", "text"]
    text: Annotated[str, StringConstraints(min_length=1, max_length=700)]
    output: str | None = Field(default=None, description="What a Python listing prints, exactly; never shown")
    fails: Annotated[str, _text(60)] | None = Field(
        default=None, description="The kind of error that ends a Python listing, such as ValueError; never shown"
    )

    @model_validator(mode="after")
    def _only_python_runs(self) -> Self:
        if self.language != "python" and (self.output is not None or self.fails is not None):
            raise ValueError("only a Python listing can state an output or an error")
        return self


class Option(Strict):
    """One choice; a wrong one carries the misconception that leads to it."""

    text: Annotated[str, _text(180)]
    right: bool = False
    why: Line | None = Field(default=None, description="Wrong options: which belief leads here and what is true")

    @model_validator(mode="after")
    def _wrong_options_say_why(self) -> Self:
        if not self.right and self.why is None:
            raise ValueError("a wrong option needs a 'why': the belief that leads to it and what is true")
        return self


class Slip(Strict):
    """A wrong number that a known slip produces, so that whoever makes it is told which one it was."""

    value: Annotated[str, _text(40)]
    why: Line


class KeyPoint(Strict):
    """One checkable claim that a good free-text answer makes; the weights of a question sum to 1."""

    text: Line
    weight: Annotated[float, Field(gt=0, le=0.7)]


class Base(Strict):
    """What every kind of question has."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}-[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    subtopic: Subtopic
    level: Level = Field(strict=False)
    stem: Annotated[str, _text(800)]
    code: Listing | None = None
    formula: Formula | None = Field(default=None, description="In the small part of LaTeX; shown under the stem")
    explanation: Annotated[str, _text(1200)]
    worked: Formula | None = Field(default=None, description="A formula like that, shown with the explanation")
    hint: Line
    source: Source
    follow_up: Line | None = Field(default=None, description="The interviewer's next question")
    seed: tuple[Seed, ...] = Field(default=(), strict=False)
    tags: tuple[Tag, ...] = Field(default=(), strict=False)

    @property
    def topic(self) -> str:
        """Return the two-letter topic code."""
        return self.subtopic[:2]

    @property
    def formulas(self) -> tuple[str, ...]:
        """Return the formulas that are shown with the question and with its explanation, as far as there are any."""
        return tuple(source for source in (self.formula, self.worked) if source)

    @model_validator(mode="after")
    def _id_names_the_topic(self) -> Self:
        if not self.id.startswith(self.topic.lower() + "-"):
            raise ValueError(f"id must start with '{self.topic.lower()}-', the topic of subtopic {self.subtopic}")
        return self

    @cached_property
    def revision(self) -> str:
        """Return eight hex digits that change when what is asked or its key changes."""
        around = {"explanation", "worked", "hint", "source", "follow_up", "seed", "tags", "level", "subtopic"}
        beside = {"why", "mistake", "compute", "slips", "model_answer", "red_flags"}
        exclude: dict[str, Any] = dict.fromkeys(around | beside, True)
        exclude |= {} if self.formula else {"formula": True}  # what has none keeps the revision that it always had
        exclude |= {"options": {"__all__": {"why"}}, "code": {"output", "fails"}}
        asked = self.model_dump_json(exclude=exclude)
        return hashlib.sha256(asked.encode()).hexdigest()[:8]


def _distinct(texts: list[str], what: str) -> None:
    folded = [text.casefold() for text in texts]
    for index, text in enumerate(folded):
        if text in folded[:index]:
            raise ValueError(f"two {what} say the same: {texts[index]!r}")


class OneBest(Base):
    """One best answer among three to five options."""

    kind: Literal["one"]
    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=5, strict=False)]
    shuffle: bool = Field(default=True, description="false where the options have a natural order, such as numbers")

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        _distinct([option.text for option in self.options], "options")
        right = sum(option.right for option in self.options)
        if right != 1:
            raise ValueError(f"exactly one option must be right, not {right}")
        return self


class SelectAll(Base):
    """Every option that applies, with partial credit."""

    kind: Literal["many"]
    options: Annotated[tuple[Option, ...], Field(min_length=4, max_length=6, strict=False)]
    shuffle: bool = True

    @model_validator(mode="after")
    def _some_keys(self) -> Self:
        _distinct([option.text for option in self.options], "options")
        right = sum(option.right for option in self.options)
        wrong = len(self.options) - right
        if right < 2 or right > 2 * wrong:
            said = f"{right} right and {wrong} wrong options"
            raise ValueError(f"{said}: two or more must be right, and choosing all of them must earn at most half")
        return self


class TrueFalse(Base):
    """One unambiguous proposition in the stem."""

    kind: Literal["truth"]
    answer: bool
    why: Line = Field(description="For those who chose the other side: the belief that leads there and what is true")


class Numeric(Base):
    """A number, graded exactly within a stated tolerance."""

    kind: Literal["number"]
    value: Annotated[str, _text(40)]
    unit: str = Field(default="", description="Shown beside the field; other units of the same quantity are converted")
    tolerance: Annotated[str, _text(20)] = Field(default="0", description="Absolute, or relative such as '1%'")
    compute: Annotated[str, _text(300)] = Field(description="An expression that yields the value, checked by lint")
    slips: tuple[Slip, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if self.unit and self.unit not in UNITS:
            raise ValueError(f"unknown unit {self.unit!r}; known: {', '.join(sorted(UNITS))}")
        try:
            key, margin = self.key, self.margin
            slips = [read_number(slip.value, self.unit) for slip in self.slips]
        except NotANumber as error:
            raise ValueError(f"not a number: {error}") from error
        if margin < 0:
            raise ValueError(f"the tolerance {self.tolerance} refuses the value itself")
        for slip, value in zip(self.slips, slips, strict=True):
            if abs(value - key) <= margin:
                raise ValueError(f"slip {slip.value} would be graded as right")
        return self

    @property
    def key(self) -> Fraction:
        """Return the exact right value, in ``unit``."""
        return read_number(self.value, self.unit)

    @property
    def margin(self) -> Fraction:
        """Return the largest accepted distance from the key, in ``unit``."""
        if self.tolerance.endswith("%"):
            return abs(self.key) * read_number(self.tolerance[:-1], "") / 100
        return read_number(self.tolerance, "")


class Ordered(Base):
    """Steps to put in order; they are written in the right order."""

    kind: Literal["order"]
    steps: Annotated[tuple[Annotated[str, _text(140)], ...], Field(min_length=3, max_length=6, strict=False)]
    mistake: Line = Field(description="The commonest wrong order: the belief that leads to it and what is true")

    @model_validator(mode="after")
    def _different_steps(self) -> Self:
        _distinct(list(self.steps), "steps")
        return self


class FreeText(Base):
    """An open question, marked against weighted key points."""

    kind: Literal["text"]
    points: Annotated[tuple[KeyPoint, ...], Field(min_length=3, max_length=6, strict=False)]
    red_flags: Annotated[tuple[Line, ...], Field(min_length=1, max_length=2, strict=False)]
    model_answer: Annotated[str, _text(1000)]

    @model_validator(mode="after")
    def _weights_sum_to_one(self) -> Self:
        total = sum(round(point.weight * 100) for point in self.points)
        if total != 100:
            raise ValueError(f"the weights of the key points must sum to 1, not {total / 100}")
        return self


Question = Annotated[
    OneBest | SelectAll | TrueFalse | Numeric | Ordered | FreeText,
    Field(discriminator="kind"),
]


class TopicFile(Strict):
    """One file of the bank: every question of one topic."""

    topic: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    questions: Annotated[tuple[Question, ...], Field(strict=False)]

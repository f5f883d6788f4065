"""Read the bank: one YAML file per topic, every fault with its file, line and question id."""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from questions import cache
from questions.generate import FAMILIES
from questions.generate.family import Family
from questions.model import Level, Question, TopicFile
from questions.taxonomy import DATA, Taxonomy, load_taxonomy

_NOT_TOPICS = frozenset({"taxonomy.yaml"})


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in the bank, and where."""

    path: str
    line: int
    question: str
    text: str

    def __str__(self) -> str:
        name = f" {self.question}:" if self.question else ""
        return f"{self.path}:{self.line}:{name} {self.text}"


class BankError(Exception):
    """The bank cannot be used; ``faults`` says where and why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Filter:
    """What a person wants to practise; an empty part means anything."""

    topic: str = ""
    level: str = ""
    kind: str = ""

    def takes(self, question: Question | Family[Any], level: Level | None = None) -> bool:
        """Tell whether the question is wanted; ``level`` is how hard it turned out to be, if that is known."""
        return (
            (not self.topic or question.topic == self.topic)
            and (not self.level or (level or question.level) == self.level)
            and (not self.kind or question.kind == self.kind)
        )


@dataclass(frozen=True)
class Bank:
    """Every question, by id, in the order of the files; and the families, whose questions are drawn with a seed."""

    questions: tuple[Question, ...]
    taxonomy: Taxonomy
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Where each question stands: file name and line, by id."""
    families: Mapping[str, Family[Any]] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Return the questions by their ids."""
        return {question.id: question for question in self.questions}

    def pool(self, wanted: Filter, levels: Mapping[str, Level] | None = None) -> tuple[Question | Family[Any], ...]:
        """Return the questions and families that the filter takes; ``levels`` are those known from answers, by id."""
        known = levels or {}
        return tuple(one for one in (*self.questions, *self.families.values()) if wanted.takes(one, known.get(one.id)))

    def revision(self, name: str) -> str | None:
        """Return the revision under which answers and reports of an id are counted; None where there is no such id.

        That of a family is empty: its draws count together.
        """
        if name in self.families:
            return ""
        return self.by_id[name].revision if name in self.by_id else None

    def find(self, name: str, seed: int = 0) -> Question | None:
        """Return the question of an id, or the one that a family draws with a seed; None where there is none."""
        family = self.families.get(name)
        if family is None:
            return self.by_id.get(name)
        return family.generate(random.Random(seed))  # noqa: S311 - the same seed must give the same question again


class _Loader(yaml.CSafeLoader):
    """YAML takes the last of two fields of the same name in silence; a key written twice must be a fault."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} is there twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load_bank(folder: Path = DATA) -> Bank:
    """Read and validate every topic file under ``folder``.

    Raises BankError with every fault of every file when there is any.
    """
    bank, faults = read_bank(folder)
    if faults:
        raise BankError(faults)
    return replace(bank, families=FAMILIES)


def read_bank(folder: Path = DATA) -> tuple[Bank, list[Fault]]:
    """Return the readable part of the bank, and every fault of the schema, of codes and of ids."""
    taxonomy = load_taxonomy(DATA / "taxonomy.yaml")
    questions: list[Question] = []
    faults: list[Fault] = []
    places: dict[str, tuple[str, int]] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name in _NOT_TOPICS:
            continue
        loaded, lines = _read(path, faults)
        if loaded is None:
            continue
        for question, line in zip(loaded.questions, lines, strict=True):
            if question.topic != loaded.topic:
                said = f"is of topic {question.topic}; this file holds {loaded.topic}"
                faults.append(Fault(path.name, line, question.id, said))
            faults += _misplaced(question, path.name, line, taxonomy, places)
            places.setdefault(question.id, (path.name, line))
            questions.append(question)
    return Bank(tuple(questions), taxonomy, places), faults


def _read(path: Path, faults: list[Fault]) -> tuple[TopicFile | None, list[int]]:
    """Return what a file holds, None if that is faulty, and the line of each of its questions."""
    data = path.read_bytes()
    known = cache.recall(path, data)
    if known:
        return known
    root, raw, loaded = _read_yaml(path.name, data, faults)
    lines = [_line_of(root, ("questions", index)) for index in range(len(loaded.questions) if loaded else 0)]
    if loaded:
        cache.keep(path, data, raw, lines)
    return loaded, lines


def _misplaced(
    question: Question, name: str, line: int, taxonomy: Taxonomy, places: Mapping[str, tuple[str, int]]
) -> Iterator[Fault]:
    if question.subtopic not in taxonomy.subtopics:
        yield Fault(name, line, question.id, f"unknown subtopic {question.subtopic}; see taxonomy.yaml")
    if question.id in places:
        file, first = places[question.id]
        yield Fault(name, line, question.id, f"this id is taken by {file}:{first}; ids are unique in the bank")


def _read_yaml(name: str, data: bytes, faults: list[Fault]) -> tuple[yaml.Node | None, object, TopicFile | None]:
    root: yaml.Node | None = None
    raw: object = None
    loader: _Loader | None = None
    try:
        loader = _Loader(data.decode("utf-8"))
        root = loader.get_single_node()
        raw = loader.construct_document(root) if root else None
        return root, raw, TopicFile.model_validate(raw)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        faults.append(Fault(name, line, "", f"not YAML: {error.problem}"))
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_context=False):
            where = problem["loc"]
            if where[:1] == ("questions",):
                where = where[:2] + where[3:]  # the third part is the kind, by which pydantic chose
            said = f"{_field(where)}{problem['msg'].removeprefix('Value error, ')}"
            faults.append(Fault(name, _line_of(root, where), _id_at(raw, where), said))
    except (yaml.YAMLError, ValueError) as error:
        faults.append(Fault(name, 1, "", f"not YAML: {error}"))
    finally:
        if loader is not None:
            loader.dispose()
    return root, raw, None


def _field(where: tuple[int | str, ...]) -> str:
    inside = where[2:] if where[:1] == ("questions",) else where
    return f"{'.'.join(map(str, inside))}: " if inside else ""


def _id_at(raw: object, where: tuple[int | str, ...]) -> str:
    match where, raw:
        case (("questions", int(index), *_), {"questions": list(items)}) if index < len(items):
            item = items[index]
            return str(item.get("id", f"question {index + 1}")) if isinstance(item, dict) else f"question {index + 1}"
    return ""


def _line_of(node: yaml.Node | None, where: tuple[int | str, ...]) -> int:
    """Return the 1-based line of the deepest node on the way to ``where``."""
    line = 1
    for part in where:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = node.value[part]
        if found is None:
            return line if node is None else node.start_mark.line + 1
        node = found
        line = node.start_mark.line + 1
    return line

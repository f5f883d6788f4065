"""The topics and subtopics that questions belong to, read from ``questions/data/taxonomy.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Subtopic:
    """A part of a topic: ``planned`` is how many questions it is to have, ``band`` how often it is asked (A to D)."""

    code: str
    name: str
    band: str
    planned: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A two-letter code, a name, the words people use for it, and its parts."""

    code: str
    name: str
    aliases: tuple[str, ...]
    subtopics: tuple[Subtopic, ...]


@dataclass(frozen=True)
class Taxonomy:
    """Every topic, in the bank's order."""

    topics: tuple[Topic, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Topic]:
        """Return the topics by their codes."""
        return {topic.code: topic for topic in self.topics}

    @cached_property
    def subtopics(self) -> Mapping[str, Subtopic]:
        """Return the subtopics of all topics by their codes."""
        return {part.code: part for topic in self.topics for part in topic.subtopics}

    def find(self, word: str) -> Topic | None:
        """Return the topic that a person means by ``word``: its code, an alias, its name, or the start of one name."""
        wanted = word.strip().casefold()
        for topic in self.topics:
            if wanted in (topic.code.casefold(), topic.name.casefold(), *topic.aliases):
                return topic
        starts = [topic for topic in self.topics if wanted and topic.name.casefold().startswith(wanted)]
        return starts[0] if len(starts) == 1 else None


def load_taxonomy(path: Path = DATA / "taxonomy.yaml") -> Taxonomy:
    """Read the taxonomy file."""
    raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return Taxonomy(
        tuple(
            Topic(
                code=topic["code"],
                name=topic["name"],
                aliases=tuple(topic["aliases"]),
                subtopics=tuple(Subtopic(**part) for part in topic["subtopics"]),
            )
            for topic in raw["topics"]
        )
    )

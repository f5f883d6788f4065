"""Finding the topic that a person means."""

from __future__ import annotations

from collections import Counter

import pytest

from questions.taxonomy import Subtopic, Taxonomy, Topic
from tests.support.items import real_taxonomy

SMALL = Taxonomy((
    Topic("CN", "Convolutional networks", ("cnn", "conv"), (Subtopic("CN1", "Convolution", "A", 9),)),
    Topic("OP", "Optimisation", ("sgd",), (Subtopic("OP1", "Gradient descent", "B", 8),)),
    Topic("CV", "Conveyors", (), ()),
))  # fmt: skip


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("CN", "CN"),
        ("cn", "CN"),
        ("cnn", "CN"),
        ("CNN", "CN"),
        ("conv", "CN"),
        ("Convolutional networks", "CN"),
        ("convolutional NETWORKS", "CN"),
        ("convol", "CN"),
        ("convey", "CV"),
        ("o", "OP"),
        ("  sgd \n", "OP"),
        ("CV", "CV"),
    ],
)
def test_a_topic_is_found_by_code_alias_name_or_the_start_of_its_name(word: str, code: str) -> None:
    assert SMALL.find(word) == SMALL.by_code[code]


@pytest.mark.parametrize("word", ["", " ", "c", "con", "networks", "CN1", "cnns", "Optimisations", "zebra"])
def test_nothing_is_found_for_nonsense_or_for_what_could_mean_two(word: str) -> None:
    assert SMALL.find(word) is None


def test_nothing_is_found_for_nothing_though_there_is_one_topic_only() -> None:
    assert Taxonomy(SMALL.topics[:1]).find("") is None


def test_subtopics_are_known_by_their_codes() -> None:
    assert SMALL.subtopics == {
        "CN1": Subtopic("CN1", "Convolution", "A", 9),
        "OP1": Subtopic("OP1", "Gradient descent", "B", 8),
    }


@pytest.mark.parametrize(
    ("word", "code"),
    [("cnn", "CN"), ("LLM", "LM"), ("transformers", "TR"), ("Face", "FR"), ("weight", None), ("regular", "RG")],
)
def test_the_real_taxonomy_knows_what_people_say(word: str, code: str | None) -> None:
    found = real_taxonomy().find(word)
    assert (found.code if found else None) == code


def test_no_word_of_the_real_taxonomy_means_two_topics() -> None:
    words = Counter(
        word
        for topic in real_taxonomy().topics
        for word in {topic.code.casefold(), topic.name.casefold(), *topic.aliases}
    )
    assert [word for word, times in words.items() if times > 1] == []


def test_every_word_of_the_real_taxonomy_finds_its_topic() -> None:
    taxonomy = real_taxonomy()
    wrong = [
        word
        for topic in taxonomy.topics
        for word in (topic.code, topic.code.lower(), topic.name, *topic.aliases, *map(str.upper, topic.aliases))
        if taxonomy.find(word) != topic
    ]
    assert wrong == []


def test_every_subtopic_of_the_real_taxonomy_stands_once_and_under_its_topic() -> None:
    parts = [(topic.code, part.code) for topic in real_taxonomy().topics for part in topic.subtopics]
    assert [part for topic, part in parts if not part.startswith(topic)] == []
    assert len({part for _, part in parts}) == len(parts)


def test_every_subtopic_of_the_real_taxonomy_is_planned() -> None:
    parts = real_taxonomy().subtopics.values()
    assert {part.band for part in parts} == set("ABCD")
    assert [part.code for part in parts if part.planned < 1] == []

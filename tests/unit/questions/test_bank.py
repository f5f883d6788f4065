"""Reading the bank: what is read, and every fault with its file, line and question id."""

from __future__ import annotations

from pathlib import Path

import pytest

from questions.bank import BankError, Fault, Filter, load_bank, read_bank
from tests.support.items import bank_of, many, one, truth

HEAD = """\
# A comment, so that lines and positions differ.
topic: "ML"
questions:
"""
ITEM = """\
  - id: ml-a
    kind: truth
    subtopic: ML1
    level: easy
    stem: "Ten linear layers are one."
    answer: true
    why: "It takes depth for power."
    explanation: "A product of matrices is one matrix."
    hint: "Multiply them."
    source: {title: "Deep Learning", url: "https://www.deeplearningbook.org/"}
"""
SECOND = ITEM.replace("ml-a", "ml-b")
CODE = """\
    code:
      language: python
      text: 12
"""


def write(folder: Path, *items: str, head: str = HEAD, name: str = "ml.yaml") -> Path:
    (folder / name).write_text(head + "".join(items), encoding="utf-8")
    return folder


def faults(folder: Path) -> list[Fault]:
    return read_bank(folder)[1]


def test_questions_are_read_in_the_order_of_the_files_with_their_places(tmp_path: Path) -> None:
    write(tmp_path, ITEM, SECOND)
    write(tmp_path, ITEM.replace("ml-a", "ac-a").replace("ML1", "AC1"), head=HEAD.replace("ML", "AC"), name="ac.yaml")
    bank = load_bank(tmp_path)
    assert [question.id for question in bank.questions] == ["ac-a", "ml-a", "ml-b"]
    assert bank.places == {"ac-a": ("ac.yaml", 4), "ml-a": ("ml.yaml", 4), "ml-b": ("ml.yaml", 14)}


def test_an_empty_folder_is_an_empty_bank(tmp_path: Path) -> None:
    assert load_bank(tmp_path).questions == ()


def test_the_taxonomy_and_what_is_not_yaml_are_no_topic_files(tmp_path: Path) -> None:
    for name in ("taxonomy.yaml", "notes.txt", "schema.json"):
        (tmp_path / name).write_text("not: a topic", encoding="utf-8")
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("level: easy", "level: tricky", 7, "level: Input should be 'easy', 'medium' or 'hard'"),
        ("level: easy", "level: easy\n    clue: none", 8, "clue: Extra inputs are not permitted"),
        ("answer: true", "answer: maybe", 9, "answer: Input should be a valid boolean"),
        ('"Multiply them."', "no", 12, "hint: Input should be a valid string"),
        ('"Multiply them."', "on", 12, "hint: Input should be a valid string"),
        ('"Multiply them."', "012", 12, "hint: Input should be a valid string"),
        ('"Multiply them."', "1:30", 12, "hint: Input should be a valid string"),
        ('"Multiply them."', "1_960", 12, "hint: Input should be a valid string"),
        ('"Multiply them."', ".5", 12, "hint: Input should be a valid string"),
        ('"Multiply them."', "2026-11-23", 12, "hint: Input should be a valid string"),
        ('"Multiply them."', "~", 12, "hint: Input should be a valid string"),
        ('"Multiply them."', "", 12, "hint: Input should be a valid string"),
        ("answer: true", 'answer: "true"', 9, "answer: Input should be a valid boolean"),
        ("answer: true", "answer: 1", 9, "answer: Input should be a valid boolean"),
        ("level: easy", "level: easy\n    seed: [7]", 8, "seed.0: Input should be a valid string"),
        ('"https://www', '"http://www', 13, "source.url: String should match pattern '^https://\\S+$'"),
        ("subtopic: ML1", "subtopic: ML99", 4, "unknown subtopic ML99; see taxonomy.yaml"),
        ("subtopic: ML1", "subtopic: OP1", 4, "id must start with 'op-', the topic of subtopic OP1"),
    ],
)
def test_a_fault_says_file_line_and_question(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    write(tmp_path, ITEM.replace(old, new))
    assert faults(tmp_path) == [Fault("ml.yaml", line, "ml-a", said)]


def test_a_missing_field_is_named_at_the_question(tmp_path: Path) -> None:
    write(tmp_path, ITEM, SECOND.replace('    hint: "Multiply them."\n', ""))
    assert faults(tmp_path) == [Fault("ml.yaml", 14, "ml-b", "hint: Field required")]


def test_a_field_called_text_is_named_too(tmp_path: Path) -> None:
    write(tmp_path, ITEM + CODE)
    assert faults(tmp_path) == [Fault("ml.yaml", 16, "ml-a", "code.text: Input should be a valid string")]


def test_a_question_of_no_known_kind_is_named(tmp_path: Path) -> None:
    write(tmp_path, ITEM.replace("kind: truth", "kind: essay"))
    fault = faults(tmp_path)[0]
    assert (fault.path, fault.line, fault.question) == ("ml.yaml", 4, "ml-a")
    assert fault.text.startswith("Input tag 'essay' found using 'kind' does not match any of the expected tags")


def test_a_question_without_id_is_named_by_its_number(tmp_path: Path) -> None:
    write(tmp_path, ITEM, ITEM.replace("  - id: ml-a\n    kind", "  - kind"))
    assert faults(tmp_path) == [Fault("ml.yaml", 14, "question 2", "id: Field required")]


def test_what_is_no_question_at_all_is_named_by_its_number(tmp_path: Path) -> None:
    write(tmp_path, ITEM, "  - just words\n")
    assert [(fault.line, fault.question) for fault in faults(tmp_path)] == [(14, "question 2")]


def test_a_question_of_another_topic_is_named_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, ITEM, ITEM.replace("ml-a", "op-a").replace("ML1", "OP1"))
    assert [(fault.path, fault.line, fault.question) for fault in faults(tmp_path)] == [("ml.yaml", 14, "op-a")]
    assert faults(tmp_path)[0].text.endswith("is of topic OP; this file holds ML")


def test_an_id_taken_in_another_file_is_told_where(tmp_path: Path) -> None:
    write(tmp_path, ITEM, SECOND)
    write(tmp_path, SECOND, name="more.yaml")
    said = "this id is taken by ml.yaml:14; ids are unique in the bank"
    assert faults(tmp_path) == [Fault("more.yaml", 4, "ml-b", said)]


def test_an_id_taken_in_the_same_file_is_told_where(tmp_path: Path) -> None:
    write(tmp_path, ITEM, ITEM, ITEM)
    said = "this id is taken by ml.yaml:4; ids are unique in the bank"
    assert faults(tmp_path) == [Fault("ml.yaml", 14, "ml-a", said), Fault("ml.yaml", 24, "ml-a", said)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('topic: "ML"\nquestions: [\n', 3),
        ('topic: "ML"\n\tquestions: []\n', 2),
        ('topic: "ML"\nquestions: *unknown\n', 2),
        ('topic: "ML"\nquestions: !!python/object:os.system []\n', 2),
        ('topic: "ML"\nquestions: []\n---\ntopic: "OP"\n', 3),
    ],
)
def test_what_is_not_yaml_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    write(tmp_path, head=text)
    assert [(fault.path, fault.line, fault.text[:10]) for fault in faults(tmp_path)] == [
        ("ml.yaml", line, "not YAML: ")
    ]


@pytest.mark.parametrize(
    "data",
    [b'topic: "ML\x07"\n', b'topic: "ML\xff"\n', b"topic: 2026-02-30\n", b"topic: 0b_\n"],
    ids=["control-character", "not-utf-8", "impossible-date", "empty-binary-number"],
)
def test_a_file_that_cannot_be_read_is_a_fault_of_that_file(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, ITEM)
    (tmp_path / "bad.yaml").write_bytes(data)
    bank, found = read_bank(tmp_path)
    assert [fault.path for fault in found] == ["bad.yaml"]
    assert [question.id for question in bank.questions] == ["ml-a"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n- list\n", "words\n"])
def test_a_file_that_is_no_topic_file_is_a_fault_at_its_head(tmp_path: Path, text: str) -> None:
    write(tmp_path, head=text)
    assert [(fault.path, fault.line, fault.question) for fault in faults(tmp_path)] == [("ml.yaml", 1, "")]


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, ITEM.replace("easy", "tricky"), SECOND.replace("true", "maybe"))
    write(tmp_path, head="topic: [\n", name="op.yaml")
    assert [(fault.path, fault.line) for fault in faults(tmp_path)] == [("ml.yaml", 7), ("ml.yaml", 19), ("op.yaml", 2)]


def test_one_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    write(tmp_path, ITEM)
    write(tmp_path, head="topic: [\n", name="op.yaml")
    assert [question.id for question in read_bank(tmp_path)[0].questions] == ["ml-a"]


def test_a_faulty_bank_is_not_loaded(tmp_path: Path) -> None:
    write(tmp_path, ITEM.replace("level: easy", "level: tricky"))
    with pytest.raises(BankError) as caught:
        load_bank(tmp_path)
    assert str(caught.value) == "ml.yaml:7: ml-a: level: Input should be 'easy', 'medium' or 'hard'"
    assert caught.value.faults == tuple(faults(tmp_path))


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (Fault("ml.yaml", 7, "ml-a", "level: wrong"), "ml.yaml:7: ml-a: level: wrong"),
        (Fault("ml.yaml", 2, "", "not YAML"), "ml.yaml:2: not YAML"),
    ],
)
def test_a_fault_is_printed_as_editors_read_places(fault: Fault, shown: str) -> None:
    assert str(fault) == shown


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Filter(), ["ml-one", "ml-many", "op-truth"]),
        (Filter(topic="ML"), ["ml-one", "ml-many"]),
        (Filter(level="hard"), ["ml-many", "op-truth"]),
        (Filter(kind="one"), ["ml-one"]),
        (Filter(topic="ML", level="hard", kind="many"), ["ml-many"]),
        (Filter(topic="ML", kind="truth"), []),
    ],
)
def test_a_pool_holds_what_the_filter_takes(wanted: Filter, ids: list[str]) -> None:
    bank = bank_of(one(level="easy"), many(level="hard"), truth(subtopic="OP1", level="hard"))
    assert [question.id for question in bank.pool(wanted)] == ids


def test_a_question_is_found_by_its_id() -> None:
    assert bank_of(one(), many()).by_id == {"ml-one": one(), "ml-many": many()}


def test_a_field_that_is_there_twice_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "cn.yaml").write_text('topic: "CN"\ntopic: "ML"\nquestions: []\n', encoding="utf-8")
    assert [str(fault) for fault in read_bank(tmp_path)[1]] == ["cn.yaml:2: not YAML: 'topic' is there twice"]

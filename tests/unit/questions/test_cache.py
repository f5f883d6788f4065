"""The cache of the bank: it never shows in what is read, only in how long that takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from questions import cache
from questions.bank import Bank, load_bank, read_bank
from tests.support.items import many, number, one, order, text, truth

KINDS = (one(), many(), truth(), number(), order(), text())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "First.")
    return tmp_path


def write(folder: Path, hint: str) -> None:
    written = [question.model_dump(mode="json") | {"hint": hint} for question in KINDS]
    content = yaml.safe_dump({"topic": "ML", "questions": written}, allow_unicode=True)
    (folder / "ml.yaml").write_text(content, encoding="utf-8")


def entries(folder: Path) -> list[Path]:
    return sorted((folder / cache.FOLDER).iterdir())


def remembered(folder: Path) -> bool:
    path = folder / "ml.yaml"
    return cache.recall(path, path.read_bytes()) is not None


def hints(bank: Bank) -> set[str]:
    return {question.hint for question in bank.questions}


def test_a_bank_reads_the_same_with_and_without_its_cache(folder: Path) -> None:
    first = load_bank(folder)
    assert remembered(folder)
    again = load_bank(folder)
    assert (again.questions, again.places) == (first.questions, first.places)
    assert [question.revision for question in again.questions] == [question.revision for question in KINDS]


def test_a_cached_file_is_not_read_as_yaml_again(folder: Path) -> None:
    load_bank(folder)
    entry = entries(folder)[0]
    _, lines, said = entry.read_bytes().split(b"\n", 2)
    rest = lines + b"\n" + said.replace(b"First.", b"Other.")
    entry.write_bytes(cache._digest(rest) + b"\n" + rest)
    assert hints(load_bank(folder)) == {"Other."}


def test_a_changed_file_is_read_anew_and_its_old_entry_goes(folder: Path) -> None:
    load_bank(folder)
    old = entries(folder)
    write(folder, "Second.")
    assert hints(load_bank(folder)) == {"Second."}
    assert (len(entries(folder)), entries(folder) == old) == (1, False)


def test_a_file_that_is_changed_back_is_read_as_it_is(folder: Path) -> None:
    for hint in ("Second.", "First."):
        load_bank(folder)
        write(folder, hint)
    assert hints(load_bank(folder)) == {"First."}


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:0],
        lambda data: data[:-1],
        lambda data: data + b" ",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"First.", b"Fifth."),
        lambda data: b"\0" * len(data),
        lambda data: b"\xff" + data[1:],
    ],
    ids=["empty", "short", "longer", "half", "changed", "zeros", "not-utf-8"],
)
def test_a_damaged_entry_is_ignored_and_mended(folder: Path, damage: object) -> None:
    load_bank(folder)
    entry = entries(folder)[0]
    whole = entry.read_bytes()
    assert callable(damage)
    entry.write_bytes(damage(whole))
    assert not remembered(folder)
    assert hints(load_bank(folder)) == {"First."}
    assert entry.read_bytes() == whole


def test_an_entry_that_the_schema_does_not_take_any_more_is_ignored(folder: Path) -> None:
    path = folder / "ml.yaml"
    cache.keep(path, path.read_bytes(), {"topic": "ML", "questions": [{"kind": "essay"}]}, [1])
    assert len(entries(folder)) == 1
    assert hints(load_bank(folder)) == {"First."}


def test_a_faulty_file_is_not_kept_and_tells_its_faults_each_time(folder: Path) -> None:
    with (folder / "ml.yaml").open("a", encoding="utf-8") as file:
        file.write("- {id: ml-x}\n")
    faults = read_bank(folder)[1]
    assert len(faults) == 1
    assert read_bank(folder)[1] == faults
    assert not (folder / cache.FOLDER).exists()


def test_faults_beyond_one_file_are_told_of_cached_files_too(folder: Path) -> None:
    (folder / "more.yaml").write_bytes((folder / "ml.yaml").read_bytes())
    faults = read_bank(folder)[1]
    assert len(faults) == len(KINDS)
    assert read_bank(folder)[1] == faults


def test_a_bank_where_nothing_can_be_written_is_read_all_the_same(folder: Path) -> None:
    (folder / cache.FOLDER).write_text("a file where the folder would be", encoding="utf-8")
    assert hints(load_bank(folder)) == {"First."}
    assert hints(load_bank(folder)) == {"First."}


def test_what_json_cannot_say_is_not_kept(folder: Path) -> None:
    path = folder / "ml.yaml"
    cache.keep(path, path.read_bytes(), {1, 2}, [1])
    assert not remembered(folder)


def test_processes_that_start_at_once_read_the_same_and_leave_one_entry(folder: Path) -> None:
    code = "import sys; from questions.bank import load_bank; from pathlib import Path; import json\n"
    code += "sys.stdin.read(1); print(json.dumps([q.id for q in load_bank(Path(sys.argv[1])).questions]))"
    root = Path(cache.__file__).parents[1]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(folder)], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = [process.communicate(b"x")[0] for process in started]
    assert [json.loads(answer) for answer in said] == [[question.id for question in KINDS]] * 2
    assert len(entries(folder)) == 1
    assert remembered(folder)

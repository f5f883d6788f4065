"""Listings: run in a process of their own, and held against what the bank says of them."""

from __future__ import annotations

from typing import Any

import pytest

from questions import run_listings
from questions.listings import UNFINISHED, UNSTATED, Outcome, check_listings, installed, run_all
from questions.model import Question
from tests.support.items import truth

BOTH = frozenset({"numpy", "torch"})
NUMPY = frozenset({"numpy"})
IN_INDEX_ERROR = "ends in IndexError: list index out of range"


def of(text: str, **stated: Any) -> Question:
    return truth(code={"language": "python", "text": text} | stated)


def check(text: str, packages: frozenset[str] = NUMPY, **stated: Any) -> tuple[list[str], list[str]]:
    faults, notes = check_listings([of(text, **stated)], packages)
    return [said for _, said in faults], notes


def test_each_listing_runs_in_a_namespace_of_its_own_and_all_in_one_process() -> None:
    sources = [
        "import os\nx = 1\nprint(os.getpid())",
        "import os\nprint('x' in globals(), __name__)\nprint(os.getpid())",
        "import numpy as np\nnp.set_printoptions(precision=1)\nnp.seterr(all='raise')",
        "import numpy as np\nprint(np.array([1 / 3]), np.geterr()['over'])",
        "import warnings\nwarnings.simplefilter('error')",
        "import warnings\nwarnings.warn('seen by nobody')\nprint('on')",
        "import sys\nprint('aside', file=sys.stderr)",
        "1 / 0",
        "print('half')\nraise SystemExit(3)",
        "x = (",
        "print('ü')",
    ]
    first, second, *others = run_all(sources)
    assert second == Outcome(f"False __main__\n{first.printed}")
    assert others == [
        Outcome(""),
        Outcome("[0.33333333] warn\n"),
        Outcome(""),
        Outcome("on\n"),
        Outcome(""),
        Outcome("", "ZeroDivisionError", "division by zero"),
        Outcome("half\n", "SystemExit", "3"),
        Outcome("", "SyntaxError", "'(' was never closed (<listing>, line 1)"),
        Outcome("ü\n"),
    ]


def test_a_listing_that_ends_the_process_or_hangs_stops_no_other() -> None:
    sources = ["print(1)", "import os\nos._exit(0)", "print(2)", "while True: pass", "print(3)"]
    assert run_all(sources, seconds=0.3) == [Outcome("1\n"), UNFINISHED, Outcome("2\n"), UNFINISHED, Outcome("3\n")]


def test_no_listing_takes_no_process() -> None:
    assert run_all([]) == []


def test_what_is_written_past_python_is_not_taken_for_an_outcome() -> None:
    assert run_all(["import os\nos.write(1, b'[]\\n')", "print(1)"]) == [Outcome(""), Outcome("1\n")]


@pytest.mark.parametrize(
    ("text", "stated", "faults"),
    [
        ("print(1)", {"output": "1"}, []),
        ("print('1  ')\nprint()", {"output": "1"}, []),
        ("print('1')", {"output": "1 \n"}, []),
        ("x = 1", {"output": ""}, []),
        ("print(' 1')", {"output": "1"}, ["code: prints ' 1'; the bank says '1'"]),
        ("print(1)", {"output": "2"}, ["code: prints '1'; the bank says '2'"]),
        ("print('a' * 99)", {"output": "b"}, [f"code: prints '{'a' * 60}…'; the bank says 'b'"]),
        ("int('x')", {"fails": "ValueError"}, []),
        ("int(", {"fails": "SyntaxError"}, []),
        ("print(1)\nint('x')", {"output": "1", "fails": "ValueError"}, []),
        ("print(1)\nint('x')", {"fails": "ValueError"}, []),
        ("int('7')", {"fails": "ValueError"}, ["code: runs to its end; the bank says ValueError"]),
        ("[][0]", {"fails": "ValueError"}, [f"code: {IN_INDEX_ERROR}; the bank says ValueError"]),
        ("[][0]", {"output": ""}, [f"code: {IN_INDEX_ERROR}; the bank says that it runs to its end"]),
        ("print(1)", {}, [UNSTATED]),
        ("x = (", {}, [UNSTATED, "code: does not compile: '(' was never closed (<listing>, line 1)"]),
        ("import torchlight", {}, [UNSTATED]),
        ("# import torch", {}, [UNSTATED]),
        ("import torch", {}, []),
        ("from torch import nn", {}, []),
        ("import torch.nn as nn\nx = =", {}, [UNSTATED, "code: does not compile: invalid syntax (<listing>, line 2)"]),
    ],
)  # fmt: skip
def test_a_listing_is_held_against_what_the_bank_says(text: str, stated: dict[str, Any], faults: list[str]) -> None:
    assert check(text, **stated) == (faults, [])


def test_a_listing_that_hangs_is_a_fault() -> None:
    assert check("import os\nos._exit(0)", output="") == (
        ["code: did not end within 5 s, or ended the interpreter"],
        [],
    )


@pytest.mark.parametrize("package", ["numpy", "torch"])
def test_without_a_package_its_listings_are_compiled_and_noted(package: str) -> None:
    note = f"{package} is not installed: 1 listings that use it were compiled, but not run"
    assert check(f"import {package}", packages=BOTH - {package}, output="wrong") == ([], [note])
    assert check("print(1)", packages=BOTH - {package}, output="1") == ([], [])


def test_listings_in_other_languages_and_questions_without_one_are_left_alone() -> None:
    others: list[Any] = [truth(), truth(code={"language": "text", "text": "print(1"})]
    assert check_listings(others, NUMPY) == ([], [])


def test_the_tests_have_numpy() -> None:
    assert "numpy" in installed()


def test_running_leaves_this_process_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_listings.run("import numpy as np\nprint(np.zeros(2))") == ("[0. 0.]\n", "", "")
    assert run_listings.run("raise ValueError('no')") == ("", "ValueError", "no")
    assert capsys.readouterr() == ("", "")

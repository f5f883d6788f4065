"""Looks into a real process's database from outside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def rows(database: Path, statement: str) -> list[tuple[Any, ...]]:
    """Return what a statement selects."""
    with closing(sqlite3.connect(database)) as opened:
        return opened.execute(statement).fetchall()


def counted(database: Path, user: str) -> int:
    """Return how many answers were counted for the person of a platform's id."""
    joined = "topic_records JOIN people ON people.id = topic_records.person_id"
    ((sum_,),) = rows(database, f"SELECT coalesce(sum(answered), 0) FROM {joined} WHERE user_id = '{user}'")  # noqa: S608
    return int(sum_)

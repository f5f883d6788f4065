"""A database with a past: many people who answered a great deal, consistent down to the standings."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

from sqlalchemy import insert

from adapters.storage.ledger_tables import ledger
from adapters.storage.tables import people, servings, sightings, topic_records
from adapters.storage.work import SqlStorage
from bot.practice.calendar import Calendar
from questions.bank import Bank
from tests.support.world import MONDAY, UTC_ZONE

BATCH = 5_000


async def fill(storage: SqlStorage, bank: Bank, *, answers: int, persons: int, workspace: str) -> None:
    """Write answers of people as if they had been given in the last year; every second one earned 10 points."""
    chance = random.Random(5)
    calendar = Calendar(UTC_ZONE)
    seen: dict[tuple[int, str], object] = {}
    records: Counter[tuple[int, str]] = Counter()
    shown: list[dict[str, object]] = []
    paid: list[dict[str, object]] = []
    for number in range(1, answers + 1):
        person = chance.randrange(1, persons + 1)
        question = chance.choice(bank.questions)
        at = MONDAY - timedelta(minutes=chance.randrange(500_000))
        day = calendar.day(at)
        right = number % 2 == 0
        shown.append({
            "person_id": person, "workspace": workspace, "question": question.id, "revision": question.revision,
            "wanted": "__", "shown_order": "0123", "state": "answered", "hinted": False, "response": "0",
            "score": 1000 * right, "served_at": at, "answered_at": at, "id": number,
        })  # fmt: skip
        seen[person, question.id] = at
        records[person, question.topic] += 1
        if right:
            paid.append({
                "person_id": person, "workspace": workspace, "points": 10, "reason": "practice",
                "question": question.id, "serving_id": number, "season": calendar.season_of(day), "day": day,
                "periods": " ".join(calendar.boards(day, question.topic)), "note": "right", "at": at,
            })  # fmt: skip
    everybody: list[dict[str, object]] = [
        {"id": n, "platform": "browser", "space": "local", "user_id": f"p{n}", "name": f"P{n}", "entered_at": MONDAY}
        for n in range(1, persons + 1)
    ]
    tables = (
        (people, everybody),
        (servings, shown),
        (ledger, paid),
        (sightings, [{"person_id": who, "question": what, "last_seen": at} for (who, what), at in seen.items()]),
        (
            topic_records,
            [
                {"person_id": who, "topic": topic, "answered": count, "right": 0, "score": 0}
                for (who, topic), count in records.items()
            ],
        ),
    )
    async with storage.writing() as connection:
        for table, rows in tables:
            for start in range(0, len(rows), BATCH):
                await connection.execute(insert(table), rows[start : start + BATCH])
    async with storage.transaction() as work:
        await work.standings.rebuild()

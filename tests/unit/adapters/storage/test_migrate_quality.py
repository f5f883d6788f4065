"""A database that was in use before statistics and rulings: what was answered and reported is not forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from adapters.storage import migrate
from adapters.storage.engine import open_engine
from tests.support.databases import KINDS, bare_database

AT = "'2026-11-23 12:00:00'"
BEFORE = f"""
INSERT INTO people (id, platform, space, user_id, name, entered_at)
VALUES (1, 'test', 'home', 'ada', 'Ada', {AT}), (2, 'test', 'home', 'bob', 'Bob', {AT});

INSERT INTO servings (person_id, workspace, question, revision, wanted, shown_order, state, hinted, response, score,
                      served_at)
VALUES (1, 'test:home', 'cn-a', '0badf00d', '__', '', 'answered', '0', '', 0, {AT}),
       (1, 'test:home', 'cn-a', '0badf00d', '__', '', 'open', '0', '', 0, {AT}),
       (1, 'test:home', 'cn-b', '0badf00d', '__', '', 'skipped', '0', '', 0, {AT}),
       (2, 'test:home', 'cn-a', '0badf00d', '__', '', 'revealed', '0', '', 0, {AT});

INSERT INTO sightings (person_id, question, last_seen)
VALUES (1, 'cn-a', {AT}), (1, 'cn-b', {AT}), (2, 'cn-a', {AT});

INSERT INTO reports (person_id, question, revision, reason, note, state, at)
VALUES (1, 'cn-a', '0badf00d', 'key', '', 'open', {AT}), (2, 'cn-gone', '0badf00d', 'key', '', 'open', {AT});
"""  # noqa: S608 - nobody types any of it


@pytest.mark.parametrize("kind", KINDS)
async def test_answers_and_reports_of_before_are_known_of(tmp_path: Path, kind: str) -> None:
    async with bare_database(kind, tmp_path) as url:
        engine = open_engine(url)
        async with engine.begin() as connection:
            await connection.run_sync(lambda sync: command.upgrade(migrate._config(sync), "0004"))
            for statement in filter(str.strip, BEFORE.split(";")):
                await connection.execute(text(statement))
        await migrate.migrate(engine)
        async with engine.begin() as connection:
            answered = await connection.execute(text("SELECT person_id, question FROM sightings WHERE answered = '1'"))
            reported = await connection.execute(text("SELECT question, workspace, state FROM reports ORDER BY id"))
            assert answered.all() == [(1, "cn-a")]
            assert reported.all() == [("cn-a", "test:home", "open"), ("cn-gone", "", "open")]
        await engine.dispose()

"""The browser page's people and messages, as it would find them on Discord or Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.storage.transcript import Member, Note, SqlTranscript
from tests.support.databases import KINDS, open_database
from tests.support.world import MONDAY


@pytest.fixture(params=KINDS)
async def transcript(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlTranscript]:
    async with open_database(request.param, tmp_path) as storage:
        yield SqlTranscript(storage)


async def _say(transcript: SqlTranscript, *payloads: str, audience: str = "") -> list[Note]:
    return [await transcript.add("study", audience, payload, MONDAY) for payload in payloads]


async def _read(transcript: SqlTranscript, seq: int = 0, member: str = "ada", limit: int = 100) -> list[str]:
    return [note.payload for note in await transcript.since(seq, member, limit)]


async def test_a_message_is_kept_as_it_was_said(transcript: SqlTranscript) -> None:
    note = await transcript.add("study", "ada", '{"text": "Zoë 🦉"}', MONDAY)
    assert note == Note(note.id, note.seq, "study", "ada", '{"text": "Zoë 🦉"}', MONDAY)
    assert await transcript.get(note.id) == note
    assert list(await transcript.since(0, "ada", 10)) == [note]


async def test_a_message_that_never_was_is_none(transcript: SqlTranscript) -> None:
    assert await transcript.get(1) is None
    assert await transcript.replace(1, "new") is None


async def test_the_sequence_begins_at_nothing_and_grows(transcript: SqlTranscript) -> None:
    assert await transcript.newest_seq() == 0
    first, second = await _say(transcript, "one", "two")
    assert 0 < first.seq < second.seq == await transcript.newest_seq()


async def test_a_replaced_message_is_the_same_one_and_newer(transcript: SqlTranscript) -> None:
    first, second = await _say(transcript, "one", "two")
    changed = await transcript.replace(first.id, "one, again")
    assert changed is not None
    assert changed == replace(first, seq=changed.seq, payload="one, again")
    assert changed.seq > second.seq
    assert await transcript.get(first.id) == changed
    assert await _read(transcript) == ["two", "one, again"]
    assert await _read(transcript, second.seq) == ["one, again"]


async def test_a_replaced_message_keeps_its_audience(transcript: SqlTranscript) -> None:
    (secret,) = await _say(transcript, "secret", audience="ada")
    await transcript.replace(secret.id, "still secret")
    assert await _read(transcript, member="ada") == ["still secret"]
    assert await _read(transcript, member="bob") == []


async def test_a_message_for_one_member_is_for_nobody_else(transcript: SqlTranscript) -> None:
    await _say(transcript, "for all")
    await _say(transcript, "for Ada", audience="ada")
    await _say(transcript, "for Bob", audience="bob")
    assert await _read(transcript, member="ada") == ["for all", "for Ada"]
    assert await _read(transcript, member="bob") == ["for all", "for Bob"]
    assert await _read(transcript, member="") == ["for all"]


async def test_a_page_that_was_away_gets_what_it_missed(transcript: SqlTranscript) -> None:
    notes = await _say(transcript, "one", "two", "three")
    assert await _read(transcript, notes[0].seq) == ["two", "three"]
    assert await _read(transcript, notes[2].seq) == []


async def test_of_more_than_the_limit_the_newest_come_oldest_first(transcript: SqlTranscript) -> None:
    await _say(transcript, "one", "two", "three")
    await _say(transcript, "for Bob", audience="bob")
    assert await _read(transcript, limit=2) == ["two", "three"]


@pytest.mark.parametrize(
    ("keep", "forgotten", "left"), [(5, 0, ["one", "two", "three"]), (3, 0, ["one", "two", "three"]), (1, 2, ["three"])]
)
async def test_all_but_the_newest_are_forgotten(
    transcript: SqlTranscript, keep: int, forgotten: int, left: list[str]
) -> None:
    await _say(transcript, "one", "two", "three")
    assert await transcript.trim(keep) == forgotten
    assert await _read(transcript) == left
    assert await transcript.trim(keep) == 0


async def test_a_changed_message_counts_as_new_when_others_are_forgotten(transcript: SqlTranscript) -> None:
    first, *_ = await _say(transcript, "one", "two", "three")
    await transcript.replace(first.id, "one, again")
    assert await transcript.trim(2) == 1
    assert await _read(transcript) == ["three", "one, again"]


async def test_nothing_is_forgotten_of_nothing(transcript: SqlTranscript) -> None:
    assert await transcript.trim(5) == 0


async def test_the_sequence_goes_on_after_messages_were_forgotten(transcript: SqlTranscript) -> None:
    await _say(transcript, "one", "two", "three")
    newest = await transcript.newest_seq()
    await transcript.trim(1)
    (fourth,) = await _say(transcript, "four")
    assert fourth.seq > newest


async def test_nobody_is_there_at_first(transcript: SqlTranscript) -> None:
    assert list(await transcript.members()) == []


async def test_members_are_listed_by_name(transcript: SqlTranscript) -> None:
    assert await transcript.add_member("m1", "Cyd", moderator=False)
    assert await transcript.add_member("m2", "Ada", moderator=True)
    assert await transcript.add_member("m3", "Bob", moderator=False)
    assert list(await transcript.members()) == [
        Member("m2", "Ada", moderator=True),
        Member("m3", "Bob", moderator=False),
        Member("m1", "Cyd", moderator=False),
    ]


async def test_a_taken_member_id_is_told_so(transcript: SqlTranscript) -> None:
    assert await transcript.add_member("ada", "Ada", moderator=False)
    assert not await transcript.add_member("ada", "Eve", moderator=True)
    assert list(await transcript.members()) == [Member("ada", "Ada", moderator=False)]

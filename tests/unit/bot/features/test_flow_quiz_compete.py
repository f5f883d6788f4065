"""A live round in a competition: what closed before the end counts, whenever the round itself ends."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.competing import CompetitionState
from bot.message import Message
from tests.support.daily_room import GRACE
from tests.support.databases import KINDS, open_database
from tests.support.items import truth
from tests.support.quiz_room import QuizRoom
from tests.support.room import ADA, BOB
from tests.support.rows import differences


def ends(room: QuizRoom) -> list[Message]:
    """Return the posts at the end of competitions."""
    return [one.message for one in room.board.notices if one.key.startswith("contest:") and one.key.endswith(":end")]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_competition_waits_for_a_round_whose_question_closed_before_its_end(kind: str, tmp_path: Path) -> None:
    async with open_database(kind, tmp_path) as storage:
        room = QuizRoom(storage, *(truth(id=f"ml-t{place}") for place in range(4)))
        for who, team in ((ADA, "Foxes"), (BOB, "Owls")):
            await room.command(who, "team create", f"name:{team}")
        await room.command(GRACE, "compete create", "name:Cup start:now end:10m counts:quiz")
        over = room.clock.at + timedelta(minutes=10)
        await room.work()
        room.clock.at = over - timedelta(seconds=40)
        await room.begin("questions:3 seconds:20")
        await room.say(ADA, "False")
        # Nobody else answers before the end: until somebody does, Ada's answer is not paid, and the cup waits for it.
        await room.pass_seconds((over - room.clock.at).total_seconds() + 5)
        assert ends(room) == []
        await room.until_question(2)
        await room.say(BOB, "False")  # this question closes after the end
        await room.until_over()
        await room.pass_seconds(30)
        [end] = ends(room)
        text = f"{end.text} {end.fields}"
        assert text.index("Foxes") < text.index("Owls")
        assert await differences(storage) == []
        async with storage.snapshot() as work:
            [cup] = await work.competitions.of(room.channel.workspace, [CompetitionState.ENDED], 9)
            points = {score.name: score.points for score in await work.competitions.scores(cup)}
        assert points == {"Ada": 15, "Bob": 0}

"""Saying what keeps Warmup from posting in a channel, before anything is due there."""

from __future__ import annotations

from typing import Any

import pytest

from bot.refs import ChannelRef, WorkspaceRef
from tests.unit.adapters.slack.conftest import Loopback

INVITE = "I am not in that channel. Type `/invite` there, choose Warmup, and try again."
ARCHIVED = "That channel is archived. Choose another, or unarchive it."
RESTRICTED = "That channel lets only some people post. Allow apps to post there, or choose another."
REMOVED = "I am not installed in this workspace any more. Install me again from the app's page."
LATER = "Slack does not answer at the moment. Try again in a minute."


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize(
    ("change", "said"),
    [({}, ""), ({"bot_is_member": False}, INVITE), ({"archived": True}, ARCHIVED)],
    ids=["none", "not there", "archived"],
)
async def test_a_channel_says_what_is_in_the_way(
    loopback: Loopback, change: dict[str, Any], said: str, private: bool
) -> None:
    channel = loopback.slack.add_channel(loopback.team, "there", private=private, **change)
    app = await loopback.start()
    assert await app.platform.obstacle(loopback.place(channel)) == said


@pytest.mark.parametrize("flag", ["is_read_only", "is_thread_only"])
async def test_a_channel_in_which_only_some_people_post_says_so(loopback: Loopback, flag: str) -> None:
    app = await loopback.start()
    about = {"id": loopback.channel.id, "is_member": True, flag: True}
    loopback.slack.faults.add("conversations.info", status=200, body={"ok": True, "channel": about})
    assert await app.platform.obstacle(loopback.place()) == RESTRICTED


async def test_a_person_can_be_written_to_without_asking(loopback: Loopback) -> None:
    app = await loopback.start()
    loopback.slack.calls.clear()
    assert await app.platform.obstacle(ChannelRef(loopback.workspace(), loopback.ada.id, direct=True)) == ""
    assert loopback.slack.calls == []


@pytest.mark.parametrize(
    "place", [ChannelRef(WorkspaceRef("slack", "T9"), "C1XX"), ChannelRef(WorkspaceRef("discord", "1"), "C1XX")]
)
async def test_a_workspace_without_warmup_is_said_to_be_so(loopback: Loopback, place: ChannelRef) -> None:
    app = await loopback.start()
    assert await app.platform.obstacle(place) == REMOVED


async def test_a_token_that_was_taken_back_is_said_to_be_so(loopback: Loopback) -> None:
    app = await loopback.start()
    loopback.slack.revoke(loopback.team)
    for _ in range(2):
        assert await app.platform.obstacle(loopback.place()) == REMOVED
    assert await loopback.presence.has_left(loopback.workspace())


@pytest.mark.parametrize("channel", ["C0NOTHERE1", "study", ""])
async def test_a_channel_that_there_is_not_needs_an_invitation(loopback: Loopback, channel: str) -> None:
    app = await loopback.start()
    assert await app.platform.obstacle(ChannelRef(loopback.workspace(), channel)) == INVITE


async def test_a_slack_that_does_not_answer_is_asked_again_later(loopback: Loopback) -> None:
    app = await loopback.start()
    loopback.slack.faults.add("conversations.info", status=503)
    assert await app.platform.obstacle(loopback.place()) == LATER
    assert await app.platform.obstacle(loopback.place()) == ""

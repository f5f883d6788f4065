"""Threads, people and user groups: posted into once, told to one person, and nobody else is ever notified."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.platform import SETTLED
from bot.errors import Forbidden, Gone, PlatformError, Unreachable
from bot.message import Image, Message, Tone
from bot.refs import UserRef
from tests.contract.harness import biggest_message
from tests.support.picture import PNG
from tests.unit.adapters.slack.conftest import Loopback

HELLO = Message(text="hello")
GROUP = "S0LEARNERS"
KEY = "explain:1"
POST, REPLIES, HISTORY = "chat.postMessage", "conversations.replies", "conversations.history"


def ada(loopback: Loopback) -> UserRef:
    return UserRef("slack", loopback.team.id, loopback.ada.id)


def told(loopback: Loopback) -> list[str]:
    """Return what Ada was told."""
    return [message.text for message in loopback.slack.seen_by(loopback.ada, loopback.slack.dm(loopback.ada))]


async def test_a_thread_is_named_without_asking_and_begins_with_the_first_post(loopback: Loopback) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), HELLO)
    calls = len(loopback.slack.calls)
    thread = await app.platform.thread(sent, "Thoughts")
    assert (thread, len(loopback.slack.calls)) == (replace(loopback.place(), thread=sent.id), calls)
    posted = await app.platform.send(thread, Message(text="look", images=(Image(PNG, "a grey dot"),)))
    assert await app.platform.thread(posted, "More thoughts") == thread
    assert [one.ts for one in loopback.slack.seen_by(loopback.ada, loopback.channel, sent.id)] == [posted.id]
    assert [one.ts for one in loopback.slack.seen_by(loopback.ada, loopback.channel)] == [sent.id]
    await app.platform.edit(posted, Message(text="changed"))
    assert loopback.channel.messages[posted.id].texts == ["changed"]


async def test_a_channel_and_its_threads_have_posts_of_their_own(loopback: Loopback) -> None:
    app = await loopback.start()
    sent = [await app.platform.send(loopback.place(), HELLO, key) for key in ("daily:1", "daily:2")]
    places = [loopback.place(), *[await app.platform.thread(one, "Thoughts") for one in sent]]
    posted = [await app.platform.send(place, HELLO, KEY) for place in places * 2]
    assert posted[:3] == posted[3:]
    assert len({one.id for one in posted}) == 3


@pytest.mark.parametrize("after", [True, False])
async def test_a_post_in_a_thread_whose_answer_was_lost_is_looked_for_there(loopback: Loopback, after: bool) -> None:
    app = await loopback.start()
    thread = await app.platform.thread(await app.platform.send(loopback.place(), HELLO), "Thoughts")
    loopback.slack.faults.add(POST, reset=True, after=after)
    if after:
        sent = await app.platform.send(thread, HELLO, KEY)
    else:
        with pytest.raises(Unreachable):
            await app.platform.send(thread, HELLO, KEY)
        loopback.clock.pass_time(seconds=SETTLED.total_seconds())
        sent = await app.platform.send(thread, HELLO, KEY)
    assert [one.ts for one in loopback.slack.seen_by(loopback.ada, loopback.channel, thread.thread)] == [sent.id]
    assert loopback.slack.calls_of(HISTORY) == []
    assert {call.arguments["ts"] for call in loopback.slack.calls_of(REPLIES)} == {thread.thread}


@pytest.mark.parametrize("error", ["cannot_reply_to_message", "thread_not_found"])
async def test_a_thread_whose_message_is_gone_is_gone(loopback: Loopback, error: str) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), HELLO)
    thread = await app.platform.thread(sent, "Thoughts")
    if error == "thread_not_found":
        loopback.slack.faults.add(POST, error=error)
    else:
        loopback.channel.messages[sent.id].deleted = True
    with pytest.raises(Gone):
        await app.platform.send(thread, HELLO, KEY)


async def test_a_person_is_told_once_for_a_key(loopback: Loopback) -> None:
    app = await loopback.start()
    for key in ("remind:1", "remind:1", "remind:2"):
        await app.platform.tell(ada(loopback), loopback.workspace(), replace(HELLO, notify=GROUP), key)
    assert told(loopback) == ["hello"] * 2
    assert {call.arguments["channel"] for call in loopback.slack.calls_of(POST)} == {loopback.ada.id}


@pytest.mark.parametrize("after", [True, False])
async def test_what_may_have_been_told_is_not_told_again(loopback: Loopback, after: bool) -> None:
    app = await loopback.start()
    loopback.slack.faults.add(POST, reset=True, after=after)
    for _ in range(2):
        with pytest.raises(Unreachable):
            await app.platform.tell(ada(loopback), loopback.workspace(), HELLO, "remind:1")
        loopback.clock.pass_time(hours=1)
    assert len(told(loopback)) == after
    assert loopback.slack.calls_of(HISTORY) == []


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("messages_tab_disabled", Forbidden),
        ("cannot_dm_bot", Forbidden),
        ("restricted_action", Forbidden),
        ("user_not_visible", Forbidden),
        ("user_disabled", Gone),
        ("channel_not_found", Gone),
    ],
)
async def test_who_takes_no_messages_is_not_told(loopback: Loopback, code: str, error: type[PlatformError]) -> None:
    app = await loopback.start()
    loopback.slack.faults.add(POST, error=code)
    with pytest.raises(error):
        await app.platform.tell(ada(loopback), loopback.workspace(), HELLO, "remind:1")
    await app.platform.tell(ada(loopback), loopback.workspace(), HELLO, "remind:1")
    assert told(loopback) == ["hello"]


@pytest.mark.parametrize("person", ["C0WARM00001", "nobody", "U404", ""])
async def test_nobody_of_that_id_is_gone(loopback: Loopback, person: str) -> None:
    app = await loopback.start()
    with pytest.raises(Gone):
        await app.platform.tell(UserRef("slack", loopback.team.id, person), loopback.workspace(), HELLO)


@pytest.mark.parametrize("title", ["", "Question of the day"])
async def test_a_post_notifies_one_group_and_an_edit_nobody(loopback: Loopback, title: str) -> None:
    app = await loopback.start()
    message = Message(text="hello <!channel>", title=title, tone=Tone.GOOD, notify=GROUP)
    sent = await app.platform.send(loopback.place(), message)
    shown = loopback.channel.messages[sent.id]
    assert shown.pinged == [GROUP]
    assert shown.blocks[0]["text"]["text"] == f"<!subteam^{GROUP}>"
    assert shown.blocks[0]["block_id"] == "tone-good"
    assert [block.get("block_id") == "tone-good" for block in shown.blocks[1:]].count(True) == 0
    assert shown.text.startswith(f"<!subteam^{GROUP}> ")
    [call] = loopback.slack.calls_of(POST)
    await app.platform.edit(sent, message)
    [edit] = loopback.slack.calls_of("chat.update")
    assert "subteam" not in str(edit.arguments)
    assert [block["type"] for block in call.arguments["blocks"][1:]] == [
        one["type"] for one in edit.arguments["blocks"]
    ]


async def test_with_a_group_in_front_a_message_still_fits(loopback: Loopback) -> None:
    app = await loopback.start()
    sent = await app.platform.send(loopback.place(), replace(biggest_message(), notify=GROUP))
    assert loopback.channel.messages[sent.id].pinged == [GROUP]


@pytest.mark.parametrize(
    ("notify", "found"), [(GROUP, True), ("", True), ("U0ADA", False), ("s0x", False), ("S", False)]
)
async def test_only_what_can_be_a_group_can_be_notified(loopback: Loopback, notify: str, found: bool) -> None:
    app = await loopback.start()
    said = await app.platform.obstacle(loopback.place(), notify=notify)
    assert (said == "") is found
    assert found or said == "That is no user group of this workspace. Choose one, as in `@ml-team`."


@pytest.mark.parametrize("threads", [True, False])
async def test_a_channel_must_take_threads_where_they_are_wanted(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch, threads: bool
) -> None:
    app = await loopback.start()
    asked = app.api.call

    async def call(*args: Any, **arguments: Any) -> Any:
        said = await asked(*args, **arguments)
        return {**said, "channel": {**said["channel"], "is_non_threadable": True}}

    monkeypatch.setattr(app.api, "call", call)
    found = await app.platform.obstacle(loopback.place(), threads=threads)
    assert bool(found) is threads

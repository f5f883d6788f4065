"""What every platform's adapter must do when it speaks without being asked: threads, people, groups, and once only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.dispatch import Dispatcher
from bot.errors import Gone
from bot.markup import escape
from bot.message import Action, Button, Message
from bot.refs import UserRef
from tests.contract.harness import Harness

Fresh = Callable[[], Dispatcher[Any]]

QUESTION = Message(text="of the day", title="Question", rows=((Button("A", Action("stage-mine", ("1",))),),))
OTHER = Message(text="of the day", title="Question", rows=((Button("A", Action("stage-mine", ("2",))),),))
KEY = "daily:1:2026-11-23"


async def test_a_thread_is_opened_once_and_takes_posts(harness: Harness, fresh: Fresh) -> None:
    sent = await harness.platform.send(harness.channel, QUESTION)
    thread = await harness.platform.thread(sent, "What do you think?")
    await harness.restart(fresh())
    assert await harness.platform.thread(sent, "What do you think?") == thread
    posted = await harness.platform.send(thread, Message(text="explained"))
    assert (await harness.see("alan", thread))[-1].id == posted.id
    await harness.platform.edit(posted, Message(text="explained better"))
    assert (await harness.see("alan", thread))[-1].text == "explained better"


async def test_a_post_with_a_key_is_made_once_in_a_thread_too(harness: Harness) -> None:
    first = await harness.platform.send(harness.channel, QUESTION, KEY)
    thread = await harness.platform.thread(first, "What do you think?")
    posted = [await harness.platform.send(thread, Message(text="explained"), "explain:1") for _ in range(2)]
    assert posted[0] == posted[1]
    assert [message.id for message in await harness.see("alan", thread)].count(posted[0].id) == 1


async def test_the_thread_of_what_stands_in_a_thread_is_that_thread(harness: Harness) -> None:
    thread = await harness.platform.thread(await harness.platform.send(harness.channel, QUESTION), "Thoughts")
    posted = await harness.platform.send(thread, Message(text="explained"))
    assert await harness.platform.thread(posted, "More thoughts") == thread


async def test_what_a_person_is_told_is_seen_by_them_alone(harness: Harness) -> None:
    workspace = harness.channel.workspace
    await harness.platform.tell(harness.user("ada"), workspace, Message(text="for you"), "remind:1")
    await harness.platform.tell(harness.user("alan"), workspace, Message(text="for Alan"), "remind:1")
    assert [message.text for message in await harness.told("ada")] == ["for you"]
    assert [message.text for message in await harness.told("alan")] == ["for Alan"]
    assert await harness.see("grace") == []


async def test_a_person_is_told_once_for_each_key(harness: Harness) -> None:
    for key in ("remind:1", "remind:1", "remind:2"):
        await harness.platform.tell(harness.user("ada"), harness.channel.workspace, Message(text=key), key)
    assert [message.text for message in await harness.told("ada")] == ["remind:1", "remind:2"]


async def test_somebody_who_is_not_there_cannot_be_told(harness: Harness) -> None:
    ada = harness.user("ada")
    with pytest.raises(Gone):
        await harness.platform.tell(
            UserRef(ada.platform, ada.space, "nobody"), harness.channel.workspace, Message(text="x"), "remind:1"
        )


async def test_a_post_that_may_have_been_made_long_ago_is_made_once(harness: Harness, fresh: Fresh) -> None:
    first = await harness.platform.send(harness.channel, QUESTION, KEY)
    await harness.platform.send(harness.channel, OTHER, "daily:2:2026-11-23")
    await harness.restart(fresh())
    begun = await harness.forget_keys()
    again = await harness.platform.send(harness.channel, QUESTION, KEY, begun)
    assert again == first
    assert len(await harness.see("alan")) == 2


async def test_a_post_that_was_never_made_is_made_however_late(harness: Harness) -> None:
    await harness.platform.send(harness.channel, OTHER, "daily:2:2026-11-23")
    begun = await harness.forget_keys()
    sent = await harness.platform.send(harness.channel, QUESTION, KEY, begun)
    assert (await harness.see("alan"))[-1].id == sent.id
    assert len(await harness.see("alan")) == 2


async def test_a_post_notifies_the_group_that_it_names_and_nobody_else(harness: Harness) -> None:
    group, ada = harness.group, harness.user_id("ada")
    typed = f"@everyone @here @channel <!channel> <@{ada}> <@&{group}> <!subteam^{group}>"
    message = Message(text=escape(typed), title=f"For {typed}"[:100], rows=QUESTION.rows, notify=group)
    await harness.platform.send(harness.channel, message)
    expected = [group] if group else []
    assert harness.notified() == expected
    plain = await harness.platform.send(harness.channel, Message(text=escape(typed)))
    await harness.platform.edit(plain, message)
    await harness.type("ada", f'/stage-echo words:"{typed}"')
    assert harness.notified() == expected
    assert await harness.platform.obstacle(harness.channel, threads=True, notify=group) == ""

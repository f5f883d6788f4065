from __future__ import annotations

import io

import discord
import pytest
from discord import app_commands, ui

from tests.support.discord.client import NOBODY, Room, card, seen, show
from tests.support.discord.state import FORUM, REQUIRE_TAG
from tests.support.waiting import until


async def test_a_client_logs_in_syncs_and_knows_the_server(room: Room) -> None:
    client = await room.client()

    @client.tree.command(name="practice", description="Practise a question")
    async def practice(interaction: discord.Interaction) -> None:
        await show(interaction)

    synced = await client.tree.sync()

    assert [command.name for command in synced] == ["practice"]
    assert [command["name"] for command in room.server.state.commands[""]] == ["practice"]
    found = client.get_channel(int(room.channel.id))
    assert isinstance(found, discord.TextChannel)
    assert found.permissions_for(found.guild.me).send_messages
    record = await room.server.slash(room.bob, room.channel, "practice").answered()
    assert record.original is not None
    assert seen(room, room.ada) == [["What is dropout?"]]
    assert room.server.violations == []


async def test_a_deferred_private_answer_is_seen_by_its_person_only(room: Room) -> None:
    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        assert room.server.seen_by(room.bob, room.channel)[0].loading
        await interaction.edit_original_response(view=card("Yours"))

    message = await room.asked(answer)

    assert not message.loading
    assert seen(room, room.bob) == [["Yours"]]
    assert seen(room, room.ada) == []


async def test_the_first_follow_up_completes_a_deferral_and_the_second_is_a_message_of_its_own(room: Room) -> None:
    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send("one")
        await interaction.followup.send("two")

    message = await room.asked(answer)
    await until(lambda: bool(room.server.records[0].followups))

    assert message.ephemeral
    assert seen(room, room.bob) == [["one"], ["two"]]
    assert seen(room, room.ada) == [["two"]]


async def test_a_press_updates_the_message_it_stands_on(room: Room) -> None:
    async def answer(interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            assert interaction.message is not None
            await interaction.response.edit_message(view=card("Answered"))
        else:
            await show(interaction)

    message = await room.asked(answer)
    record = await room.server.press(room.ada, message, "say.1:1").answered()

    assert record.original is message
    assert message.texts == ["Answered"]


async def test_a_form_with_a_choice_and_a_text_comes_back_filled_in(room: Room) -> None:
    got: dict[str, object] = {}
    texts: ui.TextInput[ui.Modal] = ui.TextInput(custom_id="why", max_length=50)
    radio: ui.RadioGroup[ui.Modal] = ui.RadioGroup(
        custom_id="level", options=[discord.RadioGroupOption(label=name, value=name) for name in ("easy", "hard")]
    )

    async def answer(interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.modal_submit:
            got.update(level=radio.value, why=texts.value)
            await interaction.response.edit_message(view=card("Thanks"))
        elif interaction.type is discord.InteractionType.component:
            modal = ui.Modal(title="Report", custom_id="report.1")
            modal.add_item(ui.Label(text="Level", component=radio)).add_item(ui.Label(text="Why", component=texts))
            await interaction.response.send_modal(modal)
        else:
            await show(interaction)

    message = await room.asked(answer)
    record = await room.server.press(room.bob, message, "say.1:1").answered()
    assert record.modal is not None
    inputs: dict[str, str | list[str]] = {"level": "hard", "why": "so"}
    await room.server.submit(room.bob, room.channel, "report.1", inputs).answered()

    assert got == {"level": "hard", "why": "so"}
    assert message.texts == ["Thanks"]


async def test_typing_into_an_option_brings_suggestions(room: Room) -> None:
    client = await room.client()

    @client.tree.command(name="practice", description="Practise a question")
    async def practice(interaction: discord.Interaction, topic: str) -> None:
        await interaction.response.send_message(topic)

    @practice.autocomplete("topic")
    async def suggest(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=current.upper(), value=current)]

    record = await room.server.autocomplete(room.bob, room.channel, "practice", "topic", "cnn").answered()
    await room.server.slash(room.bob, room.channel, "practice", {"topic": "rnn"}).answered()

    assert record.choices == [{"name": "CNN", "value": "cnn"}]
    assert seen(room, room.bob) == [["rnn"]]


async def test_a_picture_travels_and_must_be_attached_to_be_shown(room: Room) -> None:
    client = await room.client()
    target = client.get_partial_messageable(int(room.channel.id))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://chart.png", description="rising")))

    posted = await target.send(view=view, file=discord.File(io.BytesIO(b"png"), "chart.png"))
    with pytest.raises(discord.HTTPException, match="50035"):
        await target.send(view=view)

    stored = room.channel.messages[str(posted.id)]
    assert [(item.filename, item.data) for item in stored.attachments] == [("chart.png", b"png")]
    assert any(request.files == {"chart.png": b"png"} for request in room.server.requests)


async def test_a_forum_takes_posts_and_may_want_a_tag(room: Room) -> None:
    forum = room.server.add_channel(room.guild, "daily", FORUM, tags=("cnn",), flags=REQUIRE_TAG)
    client = await room.client()
    found = client.get_channel(int(forum.id))
    assert isinstance(found, discord.ForumChannel)

    with pytest.raises(discord.HTTPException, match="40067"):
        await found.create_thread(name="Monday", view=card())
    made = await found.create_thread(name="Monday", view=card(), applied_tags=list(found.available_tags))
    with pytest.raises(discord.HTTPException, match="50008"):
        await client.get_partial_messageable(int(forum.id)).send("no")

    assert made.thread.id == made.message.id
    post = room.server.state.channels[str(made.thread.id)]
    assert [message.texts for message in room.server.seen_by(room.bob, post)] == [["What is dropout?"]]


async def test_messages_in_private_come_without_a_server(room: Room) -> None:
    async def answer(interaction: discord.Interaction) -> None:
        assert interaction.guild_id is None
        await interaction.response.send_message("psst", allowed_mentions=NOBODY)

    await room.client(answer)
    channel = room.server.dm_channel(room.bob)
    await room.server.slash(room.bob, channel, "practice").answered()

    assert [message.texts for message in room.server.seen_by(room.bob, channel)] == [["psst"]]


async def test_a_v2_message_takes_no_content_and_an_outage_is_no_kick(room: Room) -> None:
    client = await room.client()
    sent = await client.get_partial_messageable(int(room.channel.id)).send(view=card())
    with pytest.raises(discord.HTTPException, match="50035"):
        await sent.edit(content="plain")
    room.server.outage(room.guild)
    room.server.recover(room.guild)
    await room.client()

    assert client.left == []
    assert room.channel.messages[str(sent.id)].texts == ["What is dropout?"]

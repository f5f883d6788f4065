from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError

from tests.support.slack.client import Room, opened_room
from tests.support.slack.server import FakeSlack


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened_room() as opened:
        yield opened


async def uploaded(room: Room, **more: Any) -> str:
    answer = await room.client.files_upload_v2(
        content=b"png", filename="chart.png", title="Chart", alt_txt="rising", **more
    )
    return str(answer["file"]["id"])


async def show(room: Room, file: str) -> None:
    image = {"type": "image", "slack_file": {"id": file}, "alt_text": "rising"}
    await room.client.chat_postMessage(channel=room.channel.id, text="Chart", blocks=[image])


async def test_a_file_can_be_shown_once_it_is_ready(room: Room) -> None:
    file = await uploaded(room)
    with pytest.raises(SlackApiError, match="invalid slack file"):
        await show(room, file)
    await show(room, file)

    stored = room.slack.state.files[file]
    assert (stored.data, stored.name, stored.title, stored.alt) == (b"png", "chart.png", "Chart", "rising")
    (message,) = room.slack.seen_by(room.bob, room.channel)
    assert message.blocks[0]["slack_file"] == {"id": file}
    assert room.slack.violations == []


async def test_who_asks_learns_when_a_file_is_ready() -> None:
    async with opened_room(FakeSlack(file_ready_after=2)) as room:
        file = await uploaded(room)
        kinds = [(await room.client.files_info(file=file))["file"]["mimetype"] for _ in range(3)]
        await show(room, file)

        assert kinds == ["", "", "image/png"]


async def test_a_file_is_posted_where_the_bot_is_a_member(room: Room) -> None:
    public = room.slack.add_channel(room.workspace, "public", bot_is_member=False)
    file = await uploaded(room, channel=room.channel.id, initial_comment="Look")
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await uploaded(room, channel=public.id)

    (message,) = room.slack.seen_by(room.bob, room.channel)
    assert (message.text, [stored.id for stored in message.files]) == ("Look", [file])


async def test_uploads_that_are_wrong_are_refused(room: Room) -> None:
    begun = await room.client.files_getUploadURLExternal(filename="a.png", length=4)
    async with room.slack.http.session().post(begun["upload_url"], data=b"png") as answer:
        assert (answer.status, (await answer.json())["error"]) == (400, "length_mismatch")
    with pytest.raises(SlackApiError, match="file_not_found"):
        await room.client.files_completeUploadExternal(files=[{"id": begun["file_id"], "title": "A"}])
    with pytest.raises(SlackApiError, match="file_not_found"):
        await room.client.files_info(file=begun["file_id"])
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await show(room, "F404")
    with pytest.raises(SlackApiError, match="alt_txt_too_large"):
        await room.client.files_getUploadURLExternal(filename="a.png", length=4, alt_txt="x" * 1001)
    room.slack.faults.add("upload", status=500)
    with pytest.raises(SlackRequestError):
        await uploaded(room)

    assert room.slack.violations == [
        "upload: 3 bytes, announced were 4",
        "image: a slack_file that there is not",
    ]

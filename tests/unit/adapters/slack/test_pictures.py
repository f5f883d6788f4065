"""Pictures: uploaded once, shown when Slack has made them ready; where that fails, their words stand in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.slack.failures import Refused
from adapters.slack.pictures import NOT_READY, Pictures
from bot.message import Image, Message
from tests.support.picture import PNG
from tests.unit.adapters.slack.conftest import Loopback

DOT, SAME, OTHER = Image(PNG, "a dot"), Image(PNG, "a dot", "dot.png"), Image(PNG, "another dot")
BEGIN, UPLOAD, END, LOOK = (
    "files.getUploadURLExternal",
    "upload",
    "files.completeUploadExternal",
    "files.info",
)


class Saying:
    """Says things with pictures, and is refused as often as it is told."""

    def __init__(self, *refusals: str) -> None:
        self.said: list[Sequence[str]] = []
        self._refusals = list(refusals)

    async def __call__(self, files: Sequence[str]) -> int:
        self.said.append(files)
        if files and self._refusals:
            raise Refused(self._refusals.pop())
        return len(self.said)


@pytest.fixture
async def pictures(loopback: Loopback) -> Pictures:
    return Pictures((await loopback.start()).api, pauses=(0.0,) * 3)


async def show(loopback: Loopback, pictures: Pictures, *images: Image, saying: Saying | None = None) -> Sequence[str]:
    """Return the ids of pictures, as they were said at last."""
    by = saying or Saying()
    assert await pictures.show(loopback.team.id, images, by) == len(by.said)
    return by.said[-1]


async def test_a_picture_is_uploaded_with_its_words(loopback: Loopback, pictures: Pictures) -> None:
    [file] = await show(loopback, pictures, SAME)
    kept = loopback.slack.state.files[file]
    assert (kept.data, kept.alt, kept.name, kept.title, kept.channels) == (PNG, "a dot", "dot.png", "dot.png", [])


async def test_the_same_picture_is_uploaded_once_and_another_again(loopback: Loopback, pictures: Pictures) -> None:
    first = await show(loopback, pictures, DOT)
    assert await show(loopback, pictures, SAME) == first
    both = await show(loopback, pictures, OTHER, DOT)
    assert (both[1], both[0] != first[0]) == (first[0], True)
    assert len(loopback.slack.calls_of(UPLOAD)) == 2


async def test_only_so_many_are_remembered_those_used_last(
    loopback: Loopback, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.pictures.REMEMBERED", 2)
    third = Image(PNG, "third")
    for image in (DOT, OTHER, DOT, third, DOT):
        await show(loopback, pictures, image)
    assert len(loopback.slack.calls_of(UPLOAD)) == 3
    await show(loopback, pictures, OTHER)
    assert len(loopback.slack.calls_of(UPLOAD)) == 4


async def test_without_pictures_slack_is_asked_for_nothing(loopback: Loopback, pictures: Pictures) -> None:
    before = len(loopback.slack.calls)
    assert await show(loopback, pictures) == ()
    assert len(loopback.slack.calls) == before


@pytest.mark.parametrize("looks", [1, 2, 3])
async def test_slack_is_asked_until_a_picture_is_ready(loopback: Loopback, pictures: Pictures, looks: int) -> None:
    loopback.slack.files.ready_after = looks - 1
    await show(loopback, pictures, DOT)
    assert len(loopback.slack.calls_of(LOOK)) == looks


async def test_what_shows_a_picture_that_is_not_ready_is_said_again(loopback: Loopback, pictures: Pictures) -> None:
    saying = Saying(NOT_READY, NOT_READY)
    [file] = await show(loopback, pictures, DOT, saying=saying)
    assert saying.said == [[file]] * 3


async def test_a_picture_that_never_gets_ready_is_left_out_with_a_warning(
    loopback: Loopback, pictures: Pictures
) -> None:
    saying = Saying(*[NOT_READY] * 9)
    with capture_logs() as logs:
        assert await show(loopback, pictures, DOT, saying=saying) == ()
    assert len(saying.said) == 4
    assert [(line["log_level"], line["count"]) for line in logs] == [("warning", 1)]


async def test_another_refusal_is_no_matter_of_pictures(loopback: Loopback, pictures: Pictures) -> None:
    saying = Saying("msg_too_long")
    with pytest.raises(Refused, match="msg_too_long"):
        await pictures.show(loopback.team.id, [DOT], saying)
    assert len(saying.said) == 1


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        *((step, {"status": 503}) for step in (BEGIN, UPLOAD, END, LOOK)),
        *((step, {"error": "missing_scope"}) for step in (BEGIN, END, LOOK)),
        *((step, {"reset": True}) for step in (UPLOAD, END)),
        (UPLOAD, {"status": 404}),
    ],
    ids=str,
)
async def test_a_picture_that_cannot_be_uploaded_is_left_out_and_tried_again_the_next_time(
    loopback: Loopback, pictures: Pictures, step: str, fault: dict[str, Any]
) -> None:
    loopback.slack.faults.add(step, **fault)
    with capture_logs() as logs:
        assert await show(loopback, pictures, DOT) == ()
    assert [line["event"] for line in logs] == ["a picture was not uploaded"]
    [file] = await show(loopback, pictures, DOT)
    assert loopback.slack.state.files[file].data == PNG


async def test_of_two_pictures_one_may_fail(loopback: Loopback, pictures: Pictures) -> None:
    loopback.slack.faults.add(UPLOAD, status=500)
    first, second = await show(loopback, pictures, DOT, OTHER)
    assert (first, loopback.slack.state.files[second].alt) == ("", "another dot")


@pytest.mark.parametrize("trouble", ["scope", "never ready"])
async def test_in_place_of_a_picture_stand_its_words(loopback: Loopback, trouble: str) -> None:
    app = await loopback.start()
    app._voice.pictures._pauses = (0.0,) * 2
    loopback.slack.files.ready_after = 99 if trouble == "never ready" else 1
    if trouble == "scope":
        loopback.team.scopes -= {"files:write"}
    sent = await app.platform.send(loopback.place(), Message(text="look", images=(DOT,)))
    assert loopback.channel.messages[sent.id].texts == ["look", "Picture: a dot"]


async def test_each_workspace_has_its_own_upload(loopback: Loopback) -> None:
    app = await loopback.start(credentials=loopback.for_many)
    loopback.slack.oauth.redirect_urls = [f"http://127.0.0.1:{app.port}/slack/oauth_redirect"]
    teams = [loopback.slack.add_workspace(name, installed=False) for name in "AB"]
    for team in teams:
        person = loopback.slack.add_user(team, "Ada", admin=True)
        await loopback.slack.install(person, f"http://127.0.0.1:{app.port}/slack/install")
    saying = Saying()
    for team in [*teams, *teams]:
        await app._voice.pictures.show(team.id, [DOT], saying)
    [a], [b], *again = saying.said
    assert (a != b, again) == (True, [[a], [b]])

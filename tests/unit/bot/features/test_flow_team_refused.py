"""What nobody can do with teams, and what means nothing: refused with a next step, and nothing is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.storage.work import SqlStorage
from bot.commands import Where
from bot.competition import teams as teams_module
from bot.features.team import router
from bot.message import Message
from bot.refs import ChannelRef, Role, WorkspaceRef
from tests.support.room import refusal_of, token_of
from tests.support.team_room import ADA, BOB, CYD, GRACE, TeamRoom, labels, mention
from tests.support.world import HOME, someone

DIRECT = ChannelRef(WorkspaceRef("test", "dm-7"), "7", direct=True)
AWAY = ChannelRef(WorkspaceRef("test", "away"), "study")
GONE = "That team is not there any more. `/team list` shows those that there are."
RUBBISH = ["🎉", "x" * 3000, "\u202e\u200f", "'; DROP TABLE teams; --", "team:x", "nonsense:1e9", "::", "* *", "<@&5>"]
TEAMLESS = {"team-leave", "team-left", "team-edit", "team-disband", "team-disbanded", "team-show", "team-join"}


@pytest.fixture
def room(storage: SqlStorage) -> TeamRoom:
    return TeamRoom(storage)


def test_all_commands_belong_into_a_workspace_and_two_are_moderators() -> None:
    assert {name for name, one in router.commands.items() if one.requires is Role.MODERATOR} == {
        "team limit",
        "team balance",
    }
    assert all(one.where is Where.WORKSPACE for one in router.commands.values())
    moderators = {name for name, one in router.controls.items() if one.requires is Role.MODERATOR}
    assert moderators == {"team-shuffle", "team-accept"}


@pytest.mark.parametrize("command", sorted(router.commands))
@pytest.mark.parametrize("typed", RUBBISH)
async def test_rubbish_is_refused_with_a_next_step_or_means_nothing_bad(
    room: TeamRoom, command: str, typed: str
) -> None:
    await room.found(ADA, "Gradients", BOB)
    for who in (CYD, GRACE):
        reply = await room.typed(who, command, typed)
        assert isinstance(reply.message, Message)
        assert "broke on our side" not in reply.message.text
    assert (await room.teams())["Gradients"] == ["Ada", "Bob"]


@pytest.mark.parametrize(
    ("command", "text", "told"),
    [
        ("team create", "", "/team create needs a name. Type `/team create name [emoji] [open]`."),
        ("team create", "name:!!!", "A team's name needs a letter or a digit. Choose another, such as `Gradients`."),
        ("team create", "name:x", "A team's name needs at least 2 characters. Choose a longer one."),
        ("team create", "name:Kernels emoji::x:", "That emoji is one of this platform or workspace alone."),
        ("team create", "name:Kernels emoji:<:x:1>", "That emoji is one of this platform or workspace alone."),
        ("team create", "name:Kernels emoji:two", "A team takes exactly one emoji."),
        ("team create", "name:Kernels open:perhaps", "I do not know that open. Choose one of `yes`, `no`."),
        ("team join", "", "/team join needs a team."),
        ("team join", "Nobody", "There is no team Nobody here. `/team list` shows those that there are."),
        ("team show", "", "You are in no team. `/team list` shows those that there are; join one there."),
        ("team show", "!!!", r"There is no team \!\!\! here."),
        ("team leave", "", "You are in no team."),
        ("team disband", "", "You are in no team."),
        ("team rename", "", "Say what is to change."),
        ("team rename", "name:Kernels", "You are in no team."),
        ("team invite", "", "/team invite needs a member."),
        ("team invite", "member:<@&5>", r"I cannot tell whom \<\@\&5\> means."),
        ("team kick", "member:@bob", "You are in no team."),
        ("team transfer", "member:@bob", "You are in no team."),
    ],
)
async def test_what_cannot_be_is_told_with_a_next_step(room: TeamRoom, command: str, text: str, told: str) -> None:
    await room.found(ADA, "Gradients", BOB)
    refused = refusal_of(await room.typed(CYD, command, text))
    assert refused.startswith(told)
    assert refused.endswith((".", "`."))


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ("1", "A team cannot have that size. Choose 2 to 50."),
        ("51", "A team cannot have that size. Choose 2 to 50."),
        ("many", "That is no size. Write how many a team may have, 2 to 50."),
        ("9" * 400, "A team cannot have that size."),
    ],
)
async def test_a_size_that_cannot_be_is_refused(room: TeamRoom, size: str, told: str) -> None:
    assert refusal_of(await room.typed(GRACE, "team limit", f"size:{size}")).startswith(told)


async def test_somebody_in_a_team_neither_makes_nor_joins_another(room: TeamRoom) -> None:
    await room.found(ADA, "Gradients")
    await room.found(BOB, "Tensors")
    number = (await room.of(BOB)).id  # type: ignore[union-attr]
    for reply in (
        await room.typed(ADA, "team create", "name:Kernels"),
        await room.typed(ADA, "team join", "Tensors"),
        await room.pressed(ADA, f"team-join.1:{number}"),
        await room.pressed(ADA, "team-choose.1", str(number)),
    ):
        told = refusal_of(reply)
        assert told == "You are in 🚀 **Gradients** already. Leave it with `/team leave` first."
    assert await room.teams() == {"Gradients": ["Ada"], "Tensors": ["Bob"]}


async def test_controls_of_teams_that_there_are_not_are_refused(room: TeamRoom) -> None:
    for number in ("1", "999999999999999999", "x", ""):
        for name in sorted(TEAMLESS):
            assert refusal_of(await room.pressed(ADA, f"{name}.1:{number}")) == GONE
    for name in ("team-open", "team-choose"):
        for values in (("1",), ("x",), ()):
            assert refusal_of(await room.pressed(ADA, f"{name}.1", *values)) == GONE
    assert refusal_of(await room.sent(ADA, "team-saved.1:7", {"name": "Kernels"})) == GONE
    told = refusal_of(await room.sent(ADA, "team-created.1", {"name": "Kernels", "open": "perhaps"}))
    assert told.startswith("That is neither yes nor no.")
    assert refusal_of(await room.sent(ADA, "team-created.1", {})).startswith("A team's name needs a letter")
    assert await room.teams() == {}


async def test_leaving_a_team_that_one_is_not_in_changes_nothing(room: TeamRoom) -> None:
    await room.found(ADA, "Gradients")
    number = (await room.of(ADA)).id  # type: ignore[union-attr]
    for name in ("team-leave", "team-left"):
        assert refusal_of(await room.pressed(BOB, f"{name}.1:{number}")).startswith("You are not in 🚀 **Gradients**.")
    assert await room.teams() == {"Gradients": ["Ada"]}


async def test_a_team_of_another_workspace_is_not_there(room: TeamRoom) -> None:
    await room.found(ADA, "Gradients")
    number = (await room.of(ADA)).id  # type: ignore[union-attr]
    room.at(AWAY)
    assert refusal_of(await room.typed(BOB, "team join", "Gradients")).startswith("There is no team Gradients here.")
    for who in (BOB, GRACE):
        for name in sorted(TEAMLESS):
            assert refusal_of(await room.pressed(who, f"{name}.1:{number}")) == GONE
    own = await room.press(ADA, f"team-show.1:{number}")  # her own, wherever she is
    assert labels(own) == ["Leave", "Change", "Disband"]
    assert (await room.command(BOB, "team list")).text.startswith("There is none here yet.")
    await room.command(BOB, "team create", "name:Gradients")  # another workspace has names of its own
    assert await room.teams() == {"Gradients": ["Ada"]}


async def test_a_moderator_elsewhere_has_no_say_in_a_team_that_invited_them(room: TeamRoom) -> None:
    await room.found(ADA, "Gradients", text="open:no")
    await room.command(ADA, "team invite", mention(GRACE))
    number = (await room.of(ADA)).id  # type: ignore[union-attr]
    room.at(replace(DIRECT, direct=False))
    shown = await room.press(GRACE, f"team-show.1:{number}")
    assert labels(shown) == ["Join"]
    assert refusal_of(await room.pressed(GRACE, f"team-disbanded.1:{number}")).startswith("Only the captain")
    await room.press(GRACE, token_of(shown, "Join"))
    room.at(ChannelRef(HOME, "study"))
    assert await room.teams() == {"Gradients": ["Ada", "Grace"]}


async def test_a_conversation_outside_any_team_has_no_teams(room: TeamRoom) -> None:
    room.at(DIRECT)
    for command in sorted(router.commands):
        assert refusal_of(await room.typed(GRACE, command)).startswith("This works in a channel of your team only.")
    sent = await room.sent(ADA, "team-created.1", {"name": "Kernels", "open": "yes"})
    assert refusal_of(sent) == "A team belongs into a channel of your team. Type `/team create` in one."


async def test_a_workspace_has_so_many_teams_and_a_team_so_many_invitations(
    room: TeamRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teams_module, "MOST", 2)
    monkeypatch.setattr(teams_module, "MOST_INVITED", 2)
    await room.found(ADA, "Gradients")
    await room.found(BOB, "Tensors")
    told = refusal_of(await room.typed(CYD, "team create", "Kernels"))
    assert told == "There are 2 teams here, the most that there can be. Join one: `/team list`."
    for name in ("Dan", "Eve"):
        await room.command(ADA, "team invite", mention(someone(name)))
    told = refusal_of(await room.typed(ADA, "team invite", mention(CYD)))
    assert told.startswith("🚀 **Gradients** has invited 2 people who have not joined.")

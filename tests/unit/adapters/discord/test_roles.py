"""Roles on Discord: one call each, with a connection and without; and what is in the way in Discord's words."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from adapters.discord.app import DiscordApp
from adapters.discord.permissions import MANAGE_ROLES as WORDS
from adapters.discord.permissions import needed
from adapters.discord.roles import GIVEN, NOT_ALLOWED, TAKEN, UNFIT
from bot.errors import Forbidden, Gone, RateLimited, Unreachable
from bot.refs import UserRef, WorkspaceRef
from tests.support.discord.state import MANAGE_ROLES, Role, User
from tests.support.waiting import until
from tests.unit.adapters.discord.conftest import Loopback, Speaking

TOO_LOW = "Move my role above **deep \\*learners\\*** in Server Settings → Roles: I can give only roles below my own."


@pytest.fixture
def role(loopback: Loopback) -> Role:
    """Return a role that Warmup can give."""
    made = loopback.discord.add_role(loopback.guild, "deep *learners*")
    loopback.discord.add_own_role(loopback.guild)
    return made


def ref(user: User) -> UserRef:
    return UserRef("discord", "", user.id)


def held(loopback: Loopback, user: User) -> set[str]:
    return loopback.guild.held.get(user.id, set())


async def test_a_role_is_given_and_taken_with_one_call_each(loopback: Loopback, role: Role, speaking: Speaking) -> None:
    roles, ada, here = speaking.platform.roles, ref(loopback.ada), loopback.workspace()
    loopback.discord.requests.clear()
    for _ in range(2):
        assert await roles.give(ada, here, role.id)
    assert held(loopback, loopback.ada) == {role.id}
    for _ in range(2):
        assert await roles.take(ada, here, role.id)
    assert held(loopback, loopback.ada) == set()
    path = f"/guilds/{here.id}/members/{ada.id}/roles/{role.id}"
    asked = [(one.method, one.path, unquote(one.headers["X-Audit-Log-Reason"])) for one in loopback.discord.requests]
    assert asked == [("PUT", path, GIVEN)] * 2 + [("DELETE", path, TAKEN)] * 2


async def test_other_roles_stay_as_they_are(loopback: Loopback, role: Role, speaking: Speaking) -> None:
    other = loopback.discord.add_role(loopback.guild, "other")
    loopback.guild.held[loopback.ada.id] = {other.id}
    await speaking.platform.roles.give(ref(loopback.ada), loopback.workspace(), role.id)
    await speaking.platform.roles.take(ref(loopback.ada), loopback.workspace(), role.id)
    assert held(loopback, loopback.ada) == {other.id}


async def test_whoever_left_is_not_there_any_more(loopback: Loopback, role: Role, speaking: Speaking) -> None:
    loopback.discord.leave(loopback.guild, loopback.ada)
    roles, here = speaking.platform.roles, loopback.workspace()
    for user in (ref(loopback.ada), UserRef("discord", "", "5")):
        assert not await roles.give(user, here, role.id)
        assert not await roles.take(user, here, role.id)
    assert not await roles.give(UserRef("slack", "T1", "U1"), here, role.id)


async def test_a_role_that_was_deleted_is_gone(loopback: Loopback, role: Role, speaking: Speaking) -> None:
    loopback.discord.delete_role(loopback.guild, role)
    for change in (speaking.platform.roles.give, speaking.platform.roles.take):
        for name in (role.id, "Leader", ""):
            with pytest.raises(Gone):
                await change(ref(loopback.ada), loopback.workspace(), name)


async def test_a_role_that_is_too_high_or_no_right_is_forbidden(
    loopback: Loopback, role: Role, speaking: Speaking
) -> None:
    roles, here, ada = speaking.platform.roles, loopback.workspace(), ref(loopback.ada)
    own = next(one for one in loopback.guild.more_roles if one.name == "Warmup")
    loopback.discord.move_to_top(loopback.guild, role)
    for change in (roles.give, roles.take):
        with pytest.raises(Forbidden):
            await change(ada, here, role.id)
    loopback.discord.move_to_top(loopback.guild, own)
    assert await roles.give(ada, here, role.id)
    loopback.discord.set_permissions(loopback.guild, own, 0)
    with pytest.raises(Forbidden):
        await roles.take(ada, here, role.id)


async def test_a_server_that_removed_warmup_is_not_asked(loopback: Loopback, role: Role, speaking: Speaking) -> None:
    await loopback.presence.joined(loopback.workspace())
    await loopback.presence.left(loopback.workspace())
    loopback.discord.requests.clear()
    for workspace in (loopback.workspace(), WorkspaceRef("slack", "T1")):
        with pytest.raises(Forbidden):
            await speaking.platform.roles.give(ref(loopback.ada), workspace, role.id)
    assert loopback.discord.requests == []
    found = await speaking.platform.roles.obstacle(loopback.workspace(), role.id)
    assert found.startswith("I am not a member of this server.")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("status", "reset", "error"), [(503, False, Unreachable), (None, True, Unreachable), (429, False, RateLimited)]
)
async def test_failures_have_the_names_that_posts_have(
    loopback: Loopback, role: Role, speaking: Speaking, status: int | None, reset: bool, error: type[Exception]
) -> None:
    loopback.discord.faults.add("PUT", ".*/roles/.*", status=status, reset=reset, retry_after=90.0, times=20)
    with pytest.raises(error):
        await speaking.platform.roles.give(ref(loopback.ada), loopback.workspace(), role.id)


@pytest.mark.usefixtures("impatient")
async def test_a_call_that_was_cut_off_is_made_again(loopback: Loopback, role: Role, speaking: Speaking) -> None:
    loopback.discord.faults.add("PUT", ".*/roles/.*", reset=True, after=True)
    assert await speaking.platform.roles.give(ref(loopback.ada), loopback.workspace(), role.id)
    assert held(loopback, loopback.ada) == {role.id}


async def test_with_the_right_and_a_role_above_nothing_is_in_the_way(
    loopback: Loopback, role: Role, speaking: Speaking
) -> None:
    assert await speaking.platform.roles.obstacle(loopback.workspace(), role.id) == ""


async def test_each_obstacle_is_named_with_how_to_mend_it(loopback: Loopback, speaking: Speaking) -> None:
    discord, guild = loopback.discord, loopback.guild
    role = discord.add_role(guild, "deep *learners*")
    app = discord.add_role(guild, "an *app*", managed=True)

    async def says(words: str, which: str = role.id) -> None:
        async def seen() -> bool:
            return await speaking.platform.roles.obstacle(loopback.workspace(), which) == words

        await until(seen)

    await says(NOT_ALLOWED)
    own = discord.add_own_role(guild)
    await says("")
    discord.move_to_top(guild, role)
    await says(TOO_LOW)
    discord.move_to_top(guild, own)
    await says("")
    discord.set_permissions(guild, own, 1 << 3)  # administrators may do it too
    await says("")
    discord.set_permissions(guild, own, 0)
    await says(NOT_ALLOWED)
    await says("The role **an \\*app\\*** belongs to an app or to Discord itself, so nobody can be given it. "
               "Choose another.", app.id)  # fmt: skip
    discord.delete_role(guild, role)
    for which in (role.id, guild.id, "5", "Leader", "9" * 40):
        await says(UNFIT, which)


async def test_without_a_connection_nobody_is_told_to_mend_a_role(loopback: Loopback, role: Role) -> None:
    app = loopback.app()
    assert await app.platform.roles.obstacle(loopback.workspace(), role.id) == (
        "I am not connected to Discord at the moment. Try again in a minute."
    )
    with pytest.raises(Unreachable):
        await app.platform.roles.give(ref(loopback.ada), loopback.workspace(), role.id)


async def test_in_an_outage_nobody_is_told_to_mend_a_role(loopback: Loopback, role: Role) -> None:
    app = await loopback.start()
    loopback.discord.outage(loopback.guild)

    async def seen() -> bool:
        return "outage" in await app.platform.roles.obstacle(loopback.workspace(), role.id)

    await until(seen)


async def test_the_invitation_does_not_ask_for_the_right(loopback: Loopback, role: Role) -> None:
    assert needed().value & MANAGE_ROLES == 0
    app = await loopback.start()
    assert isinstance(app, DiscordApp)
    assert not app.client.intents.members
    assert WORDS in NOT_ALLOWED
    assert await app.platform.roles.give(ref(loopback.grace), loopback.workspace(), role.id)

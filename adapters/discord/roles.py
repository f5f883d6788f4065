"""The Roles port: give and take a role on Discord, one call each, and say what keeps Warmup from doing so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import discord

from adapters.discord.events import PLATFORM
from adapters.discord.failures import UNKNOWN_MEMBER, UNKNOWN_USER, snowflake, translated
from adapters.discord.obstacle import member, witness
from adapters.discord.pace import Pace
from adapters.discord.permissions import MANAGE_ROLES
from bot.errors import Forbidden, Unreachable
from bot.markup import escape
from bot.ports import Presence
from bot.refs import UserRef, WorkspaceRef

GIVEN = "/reward: leads now"
TAKEN = "/reward: leads no more"
"""What a server's audit log says of a change."""
UNFIT = "That is not a role of this server's that can be given. Choose another, or make one in Server Settings → Roles."
OF_AN_APP = "The role **{role}** belongs to an app or to Discord itself, so nobody can be given it. Choose another."
NOT_ALLOWED = (
    f"I lack **{MANAGE_ROLES}**. Open Server Settings → Roles, choose a role that I have, and turn it on under "
    "Permissions. I use it for this role alone."
)
TOO_LOW = "Move my role above **{role}** in Server Settings → Roles: I can give only roles below my own."

Change = Callable[..., Awaitable[None]]


class DiscordRoles:
    """Changes the roles of members; a member is named by their id, so that no privileged intent is needed."""

    def __init__(
        self, client: Callable[[], discord.Client], presence: Presence, pace: Pace, *, over_http: bool
    ) -> None:
        self._client = client
        self._presence = presence
        self._pace = pace
        self._over_http = over_http

    async def give(self, user: UserRef, workspace: WorkspaceRef, role: str) -> bool:
        """Give somebody a role, also where they have it; false if they are not there any more."""
        return await self._change(self._client().http.add_role, user, workspace, role, GIVEN)

    async def take(self, user: UserRef, workspace: WorkspaceRef, role: str) -> bool:
        """Take a role from somebody, also where they do not have it; false if they are not there any more."""
        return await self._change(self._client().http.remove_role, user, workspace, role, TAKEN)

    async def obstacle(self, workspace: WorkspaceRef, role: str) -> str:
        """Return what keeps Warmup from giving a role and how to mend it, as markup; empty if nothing does."""
        client, server = self._client(), snowflake(workspace.id)

        async def see(guild: discord.Guild | None) -> discord.Member:
            return guild.me if guild else await member(client, self._pace, server)

        seen = await witness(client, self._presence, workspace, see, over_http=self._over_http)
        return seen if isinstance(seen, str) else obstacle_to(seen, role)

    async def _change(self, change: Change, user: UserRef, workspace: WorkspaceRef, role: str, reason: str) -> bool:
        await self._expect_member(workspace)
        if user.platform != PLATFORM:
            return False
        ids = snowflake(workspace.id), snowflake(user.id), snowflake(role)
        with translated():
            try:
                await self._pace.ask(lambda: change(*ids, reason=reason))
            except discord.NotFound as error:
                if error.code not in (UNKNOWN_MEMBER, UNKNOWN_USER):
                    raise
                return False
        return True

    async def _expect_member(self, workspace: WorkspaceRef) -> None:
        """Raise Forbidden where Warmup was removed: its roles are still there, and it may be added again."""
        if workspace.platform != PLATFORM or await self._presence.has_left(workspace):
            raise Forbidden(f"Warmup was removed from {workspace.key}")
        client = self._client()
        if client.user is None or client.is_closed():
            raise Unreachable("Warmup is not logged in to Discord")


def obstacle_to(me: discord.Member, role: str) -> str:
    """Return what keeps a member from giving a role, as markup; empty if nothing does."""
    there = me.guild.get_role(int(role)) if role.isdecimal() else None
    if me.guild.unavailable:
        return "Discord has an outage that this server is part of. Try again when it is over."
    if there is None or there.is_default():
        return UNFIT
    if there.managed:
        return OF_AN_APP.format(role=escape(there.name))
    if not me.guild_permissions.manage_roles:
        return NOT_ALLOWED
    if there >= me.top_role and me.id != me.guild.owner_id:
        return TOO_LOW.format(role=escape(there.name))
    return ""

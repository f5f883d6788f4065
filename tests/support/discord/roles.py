"""The endpoints of members and their roles, with the rules of who may give which."""

from __future__ import annotations

from tests.support.discord.faults import ApiError
from tests.support.discord.state import BOT, MANAGE_ROLES, Guild, Json, State, User
from tests.support.discord.threads import Call, Endpoint


class Roles:
    """Members of servers; the bot gives and takes roles below its own."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[tuple[str, str, Endpoint]]:
        """Return every endpoint with its method and path."""
        member = "/guilds/{guild}/members/{user}"
        return [
            ("GET", member, self.member),
            ("PUT", f"{member}/roles/{{role}}", self.give),
            ("DELETE", f"{member}/roles/{{role}}", self.take),
        ]

    def member(self, call: Call) -> Json:
        """Return a member of a server."""
        guild = self._state.guild(call.params["guild"])
        return self._member(guild, call.params["user"]).member(guild)

    def give(self, call: Call) -> None:
        """Give a member a role, also one that they have."""
        guild, user = self._changed(call)
        guild.held.setdefault(user.id, set()).add(call.params["role"])

    def take(self, call: Call) -> None:
        """Take a role from a member, also one that they do not have."""
        guild, user = self._changed(call)
        guild.held.get(user.id, set()).discard(call.params["role"])

    def _changed(self, call: Call) -> tuple[Guild, User]:
        guild = self._state.guild(call.params["guild"])
        roles = {role["id"]: role for role in guild.roles()}
        own = [roles[number] for number in guild.held.get(BOT, ())]
        if not any(int(role["permissions"]) & MANAGE_ROLES for role in own):
            raise ApiError(403, 50013, "Missing Permissions")
        role = roles.get(call.params["role"])
        if role is None:
            raise ApiError(404, 10011, "Unknown Role")
        if role["id"] == guild.id or role["managed"]:
            raise ApiError(400, 50028, "Invalid Role")
        if role["position"] >= max(one["position"] for one in own):
            raise ApiError(403, 50013, "Missing Permissions")
        return guild, self._member(guild, call.params["user"])

    def _member(self, guild: Guild, number: str) -> User:
        user = self._state.users.get(number)
        if user is None or number in guild.left:
            raise ApiError(404, 10007, "Unknown Member")
        return user

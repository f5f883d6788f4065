"""The use case: a role of the platform for whoever leads or won, given and taken only when that changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.errands import Errand
from bot.errors import BadInput, Expired
from bot.ports import Clock, Storage, UnitOfWork
from bot.posting import Posting
from bot.practice.calendar import Calendar
from bot.practice.streaks import enter
from bot.refs import Actor, UserRef, WorkspaceRef
from bot.rewarding import Holder, Holding, Reward, RewardKind, Roles

KIND = "roles"
"""The kind of the errand that gives and takes roles."""
TURN = timedelta(minutes=15)
"""How long it takes at most until a change of leaders is seen."""
MOST_TIED = 5
"""Where more share the first rank nobody gets the role until it is decided."""

Deserving = Callable[[UnitOfWork, WorkspaceRef], Awaitable[Sequence[int]]]
"""Return the ids of the people who deserve a role in a workspace at this moment."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to change so that those have a role who deserve it."""

    reward: Reward
    take: tuple[Holder, ...]
    give: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """A reward with who holds a role for it, and what is in the way as markup, empty if nothing is."""

    reward: Reward
    holders: tuple[Holder, ...]
    obstacle: str


class NoRoles(BadInput):
    """The platform has no roles; ``platform`` is its name."""

    def __init__(self, platform: str) -> None:
        super().__init__(
            _NO_ROLES.get(platform, "There are no roles here."), "`/leaderboard` shows everywhere who leads."
        )


_NO_ROLES = {
    "slack": "Slack has no roles that Warmup could give.",
    "browser": "The browser page has no roles.",
}


class Rewarding:
    """Sets rewards up, finds what has to change, and keeps what was changed.

    ``winners`` finds who is in the team that won the latest competition; without it that reward is not offered.
    """

    def __init__(
        self, storage: Storage, clock: Clock, calendar: Calendar, posting: Posting, winners: Deserving | None = None
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._calendar = calendar
        self._posting = posting
        self._deserving: dict[RewardKind, Deserving] = {RewardKind.SEASON: self._leaders}
        if winners is not None:
            self._deserving[RewardKind.COMPETITION] = winners

    async def looks(self, workspace: WorkspaceRef) -> Sequence[Look]:
        """Return the rewards of a workspace.

        Raises NoRoles.
        """
        roles, found = self._roles(workspace), []
        async with self._storage.snapshot() as work:
            for kind in RewardKind:
                reward = await work.rewards.get(workspace, kind)
                if reward is not None:
                    found.append((reward, tuple(await work.rewards.holders(workspace, kind))))
        return [Look(reward, holders, await _obstacle(roles, reward, holders)) for reward, holders in found]

    async def set_up(self, actor: Actor, workspace: WorkspaceRef, kind: RewardKind, role: str) -> None:
        """Give a role from now on; whoever holds another one for that loses it.

        Raises NoRoles, and BadInput for what is in the way.
        """
        if kind not in self._deserving:
            raise BadInput("No role is given for that.", "`/reward of:season` is for whoever leads the season.")
        words = await self._roles(workspace).obstacle(workspace, role)
        if words:
            raise BadInput(words, "Then try again; nothing was changed.")
        now = self._clock.now()
        async with self._storage.transaction() as work:
            owner = await enter(work, actor, now, self._calendar)
            for other in RewardKind:
                if other is not kind and await _uses(work, workspace, other, role):
                    raise BadInput("That role is given for something else already.", "Choose another, or end that one.")
            await work.rewards.put(workspace, kind, role, owner.id, now)
            await self._hurry(work, workspace, kind)

    async def end(self, actor: Actor, workspace: WorkspaceRef, kind: RewardKind) -> None:
        """Give a role no more, and take it from whoever holds it.

        Raises NoRoles, and Expired where none is given.
        """
        self._roles(workspace)
        now = self._clock.now()
        async with self._storage.transaction() as work:
            owner = await enter(work, actor, now, self._calendar)
            reward = await work.rewards.get(workspace, kind)
            if reward is None or not reward.role:
                raise Expired("No role is given for that.", "`/reward` shows what is set up.")
            await work.rewards.put(workspace, kind, "", owner.id, now)
            await self._hurry(work, workspace, kind)

    async def plan(self, workspace: WorkspaceRef, kind: RewardKind) -> Plan | None:
        """Return what has to change at this moment; None where nothing is to be given or taken any more."""
        async with self._storage.snapshot() as work:
            reward = await work.rewards.get(workspace, kind)
            if reward is None:
                return None
            deserving = await self._deserve(work, reward)
            holders = await work.rewards.holders(workspace, kind)
        keep = {one.user: one for one in holders if one.role == reward.role and one.person in deserving}
        give = [
            Holder(person, user, reward.role, Holding.GIVING)
            for person, user in deserving.items()
            if user not in keep or keep[user].holding is Holding.GIVING
        ]
        return Plan(reward, tuple(one for one in holders if keep.get(one.user) != one), tuple(give))

    async def keep(self, reward: Reward, holder: Holder, holding: Holding) -> None:
        """Keep how somebody holds a role, in a transaction of its own."""
        async with self._storage.transaction() as work:
            await work.rewards.hold(reward.workspace, reward.kind, replace(holder, holding=holding))

    async def release(self, reward: Reward, holder: Holder) -> None:
        """Keep that somebody does not hold a role any more, in a transaction of its own."""
        async with self._storage.transaction() as work:
            await work.rewards.release(reward.workspace, reward.kind, holder)

    async def revoke(self, reward: Reward, role: str) -> None:
        """Keep that a role is not there any more, in a transaction of its own."""
        async with self._storage.transaction() as work:
            await work.rewards.revoke(reward.workspace, reward.kind, role)

    async def turn(self, errand: Errand, owner: str, reward: Reward | None, *, told: bool | None = None) -> None:
        """Finish a turn that began with a reward; the next comes at its time, or at once where it was set up anew.

        ``told`` is whether the owner knows what is in the way, None for as before.
        """
        workspace, kind = read_key(errand.key)
        now = self._clock.now()
        async with self._storage.transaction() as work:
            if reward is not None and told is not None:
                await work.rewards.set_told(reward, told=told)
            await work.rewards.clear(workspace, kind)
            # The errand first: whoever sets a reward up waits for its row then, or is seen below.
            await work.errands.finish(errand, owner, now, now + TURN)
            after = await work.rewards.get(workspace, kind)
            if after is None:
                await work.errands.drop(errand.key)
            elif reward is None or after.made_at != reward.made_at:
                await work.errands.move(errand.key, now)

    async def _deserve(self, work: UnitOfWork, reward: Reward) -> Mapping[int, UserRef]:
        if not reward.role or reward.kind not in self._deserving:
            return {}
        return await work.people.addresses(await self._deserving[reward.kind](work, reward.workspace))

    async def _leaders(self, work: UnitOfWork, workspace: WorkspaceRef) -> Sequence[int]:
        """Return who leads the running season; nobody while too many do."""
        season = self._calendar.season_of(self._calendar.day(self._clock.now()))
        board = await work.standings.board(workspace, season, None, MOST_TIED + 1)
        first = [row.person for row in board.top if row.rank == 1]
        return first if len(first) <= MOST_TIED else []

    async def _hurry(self, work: UnitOfWork, workspace: WorkspaceRef, kind: RewardKind) -> None:
        """Have the next turn come at once; after the one under way, if there is one."""
        key, now = write_key(workspace, kind), self._clock.now()
        await work.errands.again(key, KIND, workspace.platform, 0, now)
        await work.errands.move(key, now)

    def _roles(self, workspace: WorkspaceRef) -> Roles:
        roles = self._posting.roles_of(workspace)
        if roles is None:
            raise NoRoles(workspace.platform)
        return roles


def write_key(workspace: WorkspaceRef, kind: RewardKind) -> str:
    """Return the key of the errand about a reward."""
    return f"{KIND}:{workspace.key}:{kind}"


def read_key(key: str) -> tuple[WorkspaceRef, RewardKind]:
    """Return which reward an errand is about."""
    workspace, _, kind = key.removeprefix(f"{KIND}:").rpartition(":")
    return WorkspaceRef.of(workspace), RewardKind(kind)


async def _uses(work: UnitOfWork, workspace: WorkspaceRef, kind: RewardKind, role: str) -> bool:
    """Tell whether a role is given for something, or is still to be taken from somebody."""
    reward = await work.rewards.get(workspace, kind)
    holders = await work.rewards.holders(workspace, kind)
    return role in {*([reward.role] if reward else []), *(one.role for one in holders)}


async def _obstacle(roles: Roles, reward: Reward, holders: Sequence[Holder]) -> str:
    """Return what is in the way of the roles that are given, and of those that are still to be taken."""
    found = [await roles.obstacle(reward.workspace, role) for role in _involved(reward, holders)]
    return next(filter(None, found), "")


def _involved(reward: Reward, holders: Sequence[Holder]) -> Sequence[str]:
    return sorted({*filter(None, [reward.role]), *(one.role for one in holders)})

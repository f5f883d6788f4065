"""What is done for rewards: a role is taken from those who lead no more, and given to those who do."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.competition.rewards import KIND, Plan, Rewarding, read_key
from bot.errands import Errand
from bot.errors import Forbidden, Gone, Unreachable
from bot.features.reward_view import blocked_message, deleted_message
from bot.markup import escape
from bot.message import Message
from bot.posting import Posting
from bot.rewarding import Holder, Holding, Reward, Roles
from scheduler.errands import Handler

log = structlog.get_logger(__name__)


class RoleErrands:
    """The handler of errands about rewards; each change is a call and is kept before the next one is made."""

    def __init__(self, rewarding: Rewarding, posting: Posting) -> None:
        self._rewarding = rewarding
        self._posting = posting

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Return each handler by the kind of errand that it does."""
        return {KIND: self.roles}

    async def roles(self, errand: Errand, owner: str) -> None:
        """Give and take what has to be, and look again after a while; without a change nothing is called."""
        workspace, kind = read_key(errand.key)
        plan = await self._rewarding.plan(workspace, kind)
        if plan is None:
            await self._rewarding.turn(errand, owner, None)
            return
        roles = self._posting.roles_of(workspace)
        if roles is None:
            raise Unreachable(f"this process gives no roles on {workspace.platform}")
        blocked = await self._change(roles, plan, errand)
        told: bool | None = None
        if blocked:
            told = True
            if not plan.reward.told:
                role, error = next(iter(blocked.items()))
                words = await roles.obstacle(workspace, role) or escape(str(error))
                await self._tell(plan.reward, blocked_message(plan.reward, words), errand)
        elif plan.take or plan.give:
            told = False
        await self._rewarding.turn(errand, owner, plan.reward, told=told)

    async def _change(self, roles: Roles, plan: Plan, errand: Errand) -> Mapping[str, Forbidden]:
        """Make the changes of a plan, and return the roles with which that is not allowed."""
        blocked: dict[str, Forbidden] = {}
        deleted: set[str] = set()
        steps = [*((self._take, holder) for holder in plan.take), *((self._give, holder) for holder in plan.give)]
        for step, holder in steps:
            if holder.role in blocked or holder.role in deleted:
                continue
            try:
                await step(roles, plan.reward, holder)
            except Forbidden as error:
                log.warning("role not changed", errand=errand.key, error=str(error))
                blocked[holder.role] = error
            except Gone as error:
                log.warning("role is gone", errand=errand.key, error=str(error))
                deleted.add(holder.role)
                if holder.role == plan.reward.role:
                    await self._tell(plan.reward, deleted_message(plan.reward), errand)
                await self._rewarding.revoke(plan.reward, holder.role)
        return blocked

    async def _take(self, roles: Roles, reward: Reward, holder: Holder) -> None:
        if holder.holding is not Holding.ABSENT:
            await roles.take(holder.user, reward.workspace, holder.role)
        await self._rewarding.release(reward, holder)

    async def _give(self, roles: Roles, reward: Reward, holder: Holder) -> None:
        # Kept before the call: if this process dies and somebody else leads by then, it is known whom to take it from.
        await self._rewarding.keep(reward, holder, Holding.GIVING)
        there = await roles.give(holder.user, reward.workspace, holder.role)
        await self._rewarding.keep(reward, holder, Holding.HELD if there else Holding.ABSENT)

    async def _tell(self, reward: Reward, message: Message, errand: Errand) -> None:
        key = f"{errand.key}:{int(errand.due_at.timestamp())}"
        try:
            await self._posting.of(reward.workspace).tell(reward.owner, reward.workspace, message, key)
        except (Gone, Forbidden) as error:
            log.warning("owner not told", errand=errand.key, kind=type(error).__name__)

"""Rewards, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, select, update

from adapters.storage.reward_tables import reward_holders, rewards
from adapters.storage.shown_names import shown_name
from adapters.storage.statements import Statements, insert
from adapters.storage.tables import people
from bot.refs import UserRef, WorkspaceRef
from bot.rewarding import Holder, Holding, Reward, RewardKind

_SHOWN = shown_name().label("shown")


class SqlRewards:
    """The Rewards port."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def put(self, workspace: WorkspaceRef, kind: RewardKind, role: str, owner: int, now: datetime) -> None:
        """Keep a reward, with an empty role that it was ended; whoever holds its role already is given it anew."""
        new = {"role": role, "owner_id": owner, "told": False, "made_at": now}
        kept = insert(self._statements, rewards).values(workspace=workspace.key, kind=kind, **new)
        await self._statements.execute(kept.on_conflict_do_update(index_elements=["workspace", "kind"], set_=new))
        anew = update(reward_holders).where(_of(reward_holders, workspace, kind), reward_holders.c.role == role)
        await self._statements.execute(anew.values(holding=Holding.GIVING))

    async def get(self, workspace: WorkspaceRef, kind: RewardKind) -> Reward | None:
        """Return a reward, also one that was ended while somebody still holds its role."""
        found = (
            select(rewards, people.c.platform, people.c.space, people.c.user_id)
            .join(people, people.c.id == rewards.c.owner_id)
            .where(_of(rewards, workspace, kind))
        )
        row = (await self._statements.execute(found)).one_or_none()
        if row is None:
            return None
        owner = UserRef(row.platform, row.space, row.user_id)
        return Reward(workspace, RewardKind(row.kind), row.role, owner, row.told, row.made_at)

    async def set_told(self, reward: Reward, *, told: bool) -> None:
        """Keep whether its owner knows what is in the way, unless it was set up again meanwhile."""
        same = and_(_of(rewards, reward.workspace, reward.kind), rewards.c.made_at == reward.made_at)
        await self._statements.execute(update(rewards).where(same).values(told=told))

    async def revoke(self, workspace: WorkspaceRef, kind: RewardKind, role: str) -> None:
        """Keep that a role is not there any more: nobody holds it, and a reward of it is ended."""
        await self._statements.execute(
            delete(reward_holders).where(_of(reward_holders, workspace, kind), reward_holders.c.role == role)
        )
        ended = update(rewards).where(_of(rewards, workspace, kind), rewards.c.role == role)
        await self._statements.execute(ended.values(role=""))

    async def clear(self, workspace: WorkspaceRef, kind: RewardKind) -> None:
        """Forget a reward that was ended and whose role nobody holds any more."""
        held = exists().where(_of(reward_holders, workspace, kind))
        await self._statements.execute(
            delete(rewards).where(_of(rewards, workspace, kind), rewards.c.role == "", ~held)
        )

    async def holders(self, workspace: WorkspaceRef, kind: RewardKind) -> Sequence[Holder]:
        """Return who has a role for that, by person, also one that was replaced since."""
        rows = (
            select(reward_holders, _SHOWN)
            .join(people, people.c.id == reward_holders.c.person_id)
            .where(_of(reward_holders, workspace, kind))
            .order_by(reward_holders.c.person_id, reward_holders.c.role)
        )
        return [
            Holder(
                row.person_id,
                UserRef(workspace.platform, row.space, row.user_id),
                row.role,
                Holding(row.holding),
                row.shown,
            )
            for row in await self._statements.execute(rows)
        ]

    async def hold(self, workspace: WorkspaceRef, kind: RewardKind, holder: Holder) -> None:
        """Keep how somebody holds a role."""
        kept = insert(self._statements, reward_holders).values(
            workspace=workspace.key,
            kind=kind,
            role=holder.role,
            space=holder.user.space,
            user_id=holder.user.id,
            person_id=holder.person,
            holding=holder.holding,
        )
        key = ["workspace", "kind", "role", "space", "user_id"]
        await self._statements.execute(kept.on_conflict_do_update(index_elements=key, set_={"holding": holder.holding}))

    async def release(self, workspace: WorkspaceRef, kind: RewardKind, holder: Holder) -> None:
        """Keep that somebody does not hold a role any more."""
        await self._statements.execute(
            delete(reward_holders).where(
                _of(reward_holders, workspace, kind),
                reward_holders.c.role == holder.role,
                reward_holders.c.space == holder.user.space,
                reward_holders.c.user_id == holder.user.id,
            )
        )


def _of(table: Any, workspace: WorkspaceRef, kind: RewardKind) -> ColumnElement[bool]:
    return and_(table.c.workspace == workspace.key, table.c.kind == kind)

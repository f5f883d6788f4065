"""What is done for teams by itself: whoever was invited is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.competition.inviting import INVITE, find_invitation
from bot.errands import Errand
from bot.errors import Forbidden, Gone
from bot.features.team_view import invitation_message
from bot.ports import Clock, Storage
from bot.posting import Posting
from scheduler.errands import Handler

NEWS = timedelta(days=1)
"""How long it is tried to tell somebody of an invitation."""

log = structlog.get_logger(__name__)


class TeamErrands:
    """The handlers of errands about teams."""

    def __init__(self, storage: Storage, posting: Posting, clock: Clock) -> None:
        self._storage = storage
        self._posting = posting
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Return each handler by the kind of errand that it does."""
        return {INVITE: self.invite}

    async def invite(self, errand: Errand, owner: str) -> None:
        """Tell somebody in private that they were invited; one who takes no messages can still join by its name."""
        async with self._storage.snapshot() as work:
            invitation = await find_invitation(work, errand)
        if invitation is not None and self._clock.now() - errand.due_at < NEWS:
            workspace = invitation.team.workspace
            try:
                message = invitation_message(invitation)
                await self._posting.of(workspace).tell(invitation.user, workspace, message, errand.key)
            except (Gone, Forbidden) as error:
                log.info("invitation not told", team=invitation.team.id, kind=type(error).__name__)
        async with self._storage.transaction() as work:
            await work.errands.finish(errand, owner, self._clock.now())

"""Every kind of errand, and what does it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.features.services import Services
from bot.ports import Clock, Storage
from scheduler.contests import ContestErrands
from scheduler.daily import DailyErrands
from scheduler.errands import Handler
from scheduler.reminders import ReminderErrands
from scheduler.roles import RoleErrands
from scheduler.rounds import RoundErrands
from scheduler.season import SeasonErrands
from scheduler.teams import TeamErrands
from scheduler.weekly import WeeklyErrands


def all_handlers(storage: Storage, services: Services, clock: Clock) -> Mapping[str, Handler]:
    """Return each handler by the kind of errand that it does."""
    return {
        **DailyErrands(storage, services, clock).handlers,
        **RoundErrands(storage, services, clock).handlers,
        **SeasonErrands(storage, services.seasons, services.posting, services.drawing, clock).handlers,
        **WeeklyErrands(storage, services.weekly, services.posting, services.drawing, clock).handlers,
        **ContestErrands(storage, services, clock).handlers,
        **ReminderErrands(storage, services.reminding, services.posting, clock).handlers,
        **TeamErrands(storage, services.posting, clock).handlers,
        **RoleErrands(services.rewarding, services.posting).handlers,
    }

"""The use case: remind those of a question of the day who asked for it and whose streak is at stake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.ports import Clock, Storage
from bot.practice.service import Rules
from bot.practice.streaks import current
from bot.refs import Actor, UserRef
from bot.scheduling import Daily, DailyState


@dataclass(frozen=True, slots=True)
class Reminder:
    """What somebody is reminded of, and the streak that is at stake."""

    daily: Daily
    streak: int


def write_user(user: UserRef) -> str:
    """Return a person as the text that an errand carries."""
    return f"{user.platform} {user.space or '-'} {user.id}"


def read_user(text: str) -> UserRef:
    """Return the person that an errand is about."""
    platform, space, name = text.split(" ", 2)
    return UserRef(platform, "" if space == "-" else space, name)


class Reminding:
    """Finds whom to remind; asking to be reminded is everybody's own choice."""

    def __init__(self, storage: Storage, clock: Clock, rules: Rules) -> None:
        self._storage = storage
        self._clock = clock
        self._calendar = rules.calendar

    async def plan(self, daily: int, now: datetime) -> None:
        """Have everybody reminded who asked for it and did nothing on the date of a question."""
        async with self._storage.transaction() as work:
            found = await work.dailies.get(daily)
            if found is None or found.state is not DailyState.OPEN or found.closes_at <= now:
                return
            for user, _ in await work.dailies.at_stake(daily):
                key, platform = f"nudge:{daily}:{user.space}:{user.id}", found.channel.workspace.platform
                await work.errands.add(key, "nudge", platform, daily, now, write_user(user))

    async def reminder(self, daily: int, user: UserRef) -> Reminder | None:
        """Return what somebody is to be reminded of; None if nothing is at stake any more."""
        now = self._clock.now()
        async with self._storage.snapshot() as work:
            found = await work.dailies.get(daily)
            person = await work.people.find(Actor(user, ""))
            if found is None or person is None or found.state is not DailyState.OPEN or found.closes_at <= now:
                return None
            if not person.reminders or await work.daily_answers.get(daily, person.id) is not None:
                return None
            streak = await current(work, person, now, self._calendar)
        return Reminder(found, streak.days) if streak.days else None

    async def stop(self, user: UserRef) -> None:
        """Remind somebody no more: who takes no messages has opted out."""
        async with self._storage.transaction() as work:
            person = await work.people.find(Actor(user, ""))
            if person is not None:
                await work.people.set_reminders(person.id, wanted=False)

"""A platform under test, with Warmup's own declarations and the stage's."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from bot.competition.boards import Boards
from bot.dispatch import Dispatcher
from bot.features.routes import all_routes
from bot.features.services import Services
from bot.people.profile import Profiles
from bot.ports import Clock
from bot.posting import Posting
from bot.practice.calendar import Calendar
from bot.practice.service import Practice, Rules
from tests.contract.browser_harness import BrowserHarness
from tests.contract.discord_harness import DiscordHarness
from tests.contract.harness import Harness
from tests.contract.simcord_harness import CANNOT, SimcordHarness
from tests.contract.slack_harness import SlackHarness, SlackHttpHarness
from tests.contract.stage import Stage, stage_router
from tests.support import items
from tests.support.databases import open_database
from tests.support.world import UTC_ZONE, StillClock

BANK = items.bank_of(
    items.one(id="cn-one"), items.number(id="ml-number"), items.order(id="op-order"), items.many(id="rg-many")
)


@pytest.fixture
def stage() -> Stage:
    return Stage()


HARNESSES: dict[str, Callable[[SqlStorage, Clock], Harness]] = {
    "browser": BrowserHarness,
    "discord": DiscordHarness,
    "simcord": SimcordHarness,
    "slack": SlackHarness,
    "slack-http": SlackHttpHarness,
}


@pytest.fixture(params=HARNESSES)
async def platform(
    request: pytest.FixtureRequest, tmp_path: Path, stage: Stage
) -> AsyncIterator[tuple[Harness, Callable[[], Dispatcher[Services]]]]:
    """Yield a harness and a maker of dispatchers, as a new process would build one on the same database."""
    if request.param == "simcord" and (reason := CANNOT.get(request.node.originalname)):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    clock = StillClock()
    async with open_database("sqlite", tmp_path) as storage:

        def dispatcher() -> Dispatcher[Services]:
            rules = Rules(Calendar(UTC_ZONE), 200)
            services = Services(
                Practice(storage, BANK, clock, random.Random(7), rules),
                Profiles(storage, clock, rules),
                Boards(storage, clock, rules.calendar),
                BANK,
                Posting(),
            )
            router = all_routes(BANK)
            router.include([stage_router(stage)])
            return Dispatcher(router, services, lambda: "0badf00d")

        harness = HARNESSES[request.param](storage, clock)
        await harness.start(dispatcher())
        yield harness, dispatcher
        await harness.close()


@pytest.fixture
def harness(platform: tuple[Harness, Callable[[], Dispatcher[Services]]]) -> Harness:
    return platform[0]


@pytest.fixture
def fresh(platform: tuple[Harness, Callable[[], Dispatcher[Services]]]) -> Callable[[], Dispatcher[Services]]:
    return platform[1]

"""A platform under test, with Warmup's own declarations and the stage's."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from bot.dispatch import Dispatcher
from bot.features.routes import all_routes
from bot.features.services import Services, make_services
from bot.posting import Posting
from bot.practice.calendar import Calendar
from bot.practice.service import Rules
from tests.contract.browser_harness import BrowserHarness
from tests.contract.discord_harness import DiscordHarness
from tests.contract.harness import Harness
from tests.contract.living import Living
from tests.contract.simcord_harness import CANNOT, SimcordHarness
from tests.contract.slack_harness import SlackHarness, SlackHttpHarness
from tests.contract.stage import Stage, stage_router
from tests.support import items
from tests.support.databases import open_database
from tests.support.world import UTC_ZONE, StillClock

BANK = items.bank_of(
    items.one(id="cn-one"), items.number(id="ml-number"), items.order(id="op-order"), items.many(id="rg-many")
)


Platform = tuple[Harness, Callable[[], Dispatcher[Services]], Living]
"""A harness, a maker of dispatchers, as a new process would build one on the same database, and what happens there."""


@pytest.fixture
def stage() -> Stage:
    return Stage()


HARNESSES: dict[str, Callable[[SqlStorage, StillClock], Harness]] = {
    "browser": BrowserHarness,
    "discord": DiscordHarness,
    "simcord": SimcordHarness,
    "slack": SlackHarness,
    "slack-http": SlackHttpHarness,
}


@pytest.fixture(params=HARNESSES)
async def platform(request: pytest.FixtureRequest, tmp_path: Path, stage: Stage) -> AsyncIterator[Platform]:
    """Yield a platform on which everything runs."""
    if request.param == "simcord" and (reason := CANNOT.get(request.node.originalname)):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    clock, posting = StillClock(), Posting()
    async with open_database("sqlite", tmp_path) as storage:

        def services() -> Services:
            return make_services(storage, BANK, clock, random.Random(7), Rules(Calendar(UTC_ZONE), 200), posting)

        def dispatcher() -> Dispatcher[Services]:
            router = all_routes(BANK)
            router.include([stage_router(stage)])
            return Dispatcher(router, services(), lambda: "0badf00d")

        living = Living(storage, clock, services, posting)

        harness = HARNESSES[request.param](storage, clock)
        await harness.start(dispatcher())
        living.connect(harness)
        yield harness, dispatcher, living
        await harness.close()


@pytest.fixture
def harness(platform: Platform) -> Harness:
    return platform[0]


@pytest.fixture
def fresh(platform: Platform) -> Callable[[], Dispatcher[Services]]:
    return platform[1]


@pytest.fixture
def living(platform: Platform) -> Living:
    return platform[2]

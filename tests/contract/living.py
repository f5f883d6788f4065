"""What happens by itself on a platform under test: time goes by, and a worker does what is due then."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from adapters.storage.errand_queue import SqlErrandQueue
from adapters.storage.work import SqlStorage
from bot.features.services import Services
from bot.posting import Posting
from scheduler.errands import Errander
from scheduler.handlers import all_handlers
from tests.contract.harness import Harness
from tests.support.world import StillClock

_numbers = itertools.count(1)


@dataclass
class Living:
    """The worker of a platform under test; each time it works it comes after a restart."""

    storage: SqlStorage
    clock: StillClock
    services: Callable[[], Services]
    posting: Posting

    def connect(self, harness: Harness) -> None:
        """Post through a platform from now on."""
        self.posting.connect(harness.channel.workspace.platform, harness.platform)

    async def until(self, at: datetime, harness: Harness) -> None:
        """Let time go by, and do what is due then."""
        self.connect(harness)  # after a restart it is another one
        self.clock.at = at
        services = self.services()
        handlers = all_handlers(self.storage, services, self.clock)
        queue, names = SqlErrandQueue(self.storage), lambda: self.posting.names
        await Errander(queue, handlers, names, self.clock, f"worker-{next(_numbers)}").settle()

"""What the verbs do, where no process is needed to see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import operations
from bot.config import Settings
from bot.errors import ConfigError


async def test_check_tells_every_fault_at_once(tmp_path: Path) -> None:
    (tmp_path / "warmup.db").write_bytes(b"not a database, but long enough to be looked at as one" * 100)
    given = {"DATABASE_URL": f"sqlite:///{tmp_path}/warmup.db", "DISCORD_TOKEN": "no token"}
    with pytest.raises(ConfigError) as caught:
        await operations.check(Settings.model_validate(given), offline=True)
    assert [fault.partition(":")[0] for fault in caught.value.faults] == ["DATABASE_URL", "DISCORD_TOKEN"]

"""What holds for all tests: long ones run only when asked for, and where everything is installed nothing may skip."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

settings.register_profile("warmup", deadline=None, derandomize=True)
settings.load_profile("warmup")

LONG = ("bench", "soak")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what measures and what runs long, unless it is asked for with ``-m``."""
    asked = config.getoption("markexpr", "")
    left_out = [item for item in items if any(item.get_closest_marker(mark) and mark not in asked for mark in LONG)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where TEST_NO_SKIPS says that nothing is missing."""
    report = yield
    if report.skipped and os.environ.get("TEST_NO_SKIPS") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"unexpected skip of {item.nodeid}: {report.longrepr}"
    return report

"""Faults that a test orders: what the loopback Slack answers, once or several times, instead of the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class ApiError(Exception):
    """An answer that refuses, with Slack's own word for why."""

    def __init__(self, error: str, *, status: int = 200, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.body: dict[str, Any] = {"ok": False, "error": error, **more}


def bad_arguments(*reasons: str) -> ApiError:
    """Return Slack's "invalid_arguments" with its reasons."""
    return ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {reason}" for reason in reasons]})


@dataclass(frozen=True, slots=True)
class Fault:
    """One ordered fault; see Faults.add for what its parts mean."""

    method: str
    status: int | None
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)
    after: bool = False
    reset: bool = False
    hold: asyncio.Event | None = None

    @property
    def fails(self) -> bool:
        """Tell whether the client gets something else than the true answer."""
        return self.reset or self.status is not None


class Faults:
    """The faults still to come, in the order in which they were added."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.struck: list[Fault] = []

    def add(
        self,
        method: str,
        *,
        status: int | None = None,
        error: str | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        after: bool = False,
        reset: bool = False,
        hold: asyncio.Event | None = None,
        times: int = 1,
    ) -> None:
        """Order a fault for the next calls of a method: "*" is any, "response_url" and "upload" are those requests.

        ``status`` answers with a body (text is HTML) or with Slack's word for an ``error``; ``after`` does the work
        first, ``reset`` aborts the connection, ``hold`` keeps back the answer until the event is set.
        """
        if error is not None:
            status, body = status or 200, {"ok": False, "error": error}
        elif status is not None and body is None:
            body = f"<!DOCTYPE html><html><body><h1>{status}</h1></body></html>"
        self.waiting += [Fault(method, status, body, dict(headers or {}), after, reset, hold)] * times

    def take(self, method: str) -> Fault | None:
        """Return the first fault that fits a call and forget it, or None."""
        for index, fault in enumerate(self.waiting):
            if fault.method in ("*", method):
                self.struck.append(fault)
                return self.waiting.pop(index)
        return None

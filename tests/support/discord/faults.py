"""Faults that a test orders: what the loopback Discord answers, once or several times, instead of the truth."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class ApiError(Exception):
    """An answer that refuses: an HTTP status with Discord's own code and words."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.body: dict[str, Any] = {"message": message, "code": code, **more}


def bad_form(path: str, reason: str, code: str = "BASE_TYPE_BAD_VALUE") -> ApiError:
    """Return Discord's "Invalid Form Body" for one part of a body."""
    errors: dict[str, Any] = {"_errors": [{"code": code, "message": reason}]}
    for name in reversed(path.split(".")):
        errors = {name: errors}
    return ApiError(400, 50035, "Invalid Form Body", errors=errors)


@dataclass(frozen=True, slots=True)
class Fault:
    """One ordered fault; see Faults.add for what its parts mean."""

    method: str
    path: re.Pattern[str]
    status: int | None
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)
    after: bool = False
    reset: bool = False
    delay: float = 0.0

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
        path_regex: str,
        *,
        status: int | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        code: int | None = None,
        retry_after: float | None = None,
        via: bool = True,
        global_: bool = False,
        after: bool = False,
        reset: bool = False,
        delay: float = 0.0,
        times: int = 1,
    ) -> None:
        """Order a fault for the next requests of a method ("*" for any) whose path (without /api/v10) matches.

        ``after`` performs the request first, ``reset`` aborts the connection, ``delay`` (seconds) holds the answer.
        """
        sent = dict(headers or {})
        if status == 429:
            wait = 0.1 if retry_after is None else retry_after
            body = body or {"message": "You are being rate limited.", "retry_after": wait, "global": global_}
            scope = "global" if global_ else "user"
            sent = {"Retry-After": str(max(1, round(wait))), "X-RateLimit-Scope": scope, **sent}
            sent |= {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": str(wait)} if not global_ else {}
            sent |= {"X-RateLimit-Global": "true"} if global_ else {}
            sent |= {"Via": "1.1 google"} if via else {}
        elif status is not None and body is None:
            body = {"message": f"{status}: ordered by the test", "code": code or 0}
        fault = Fault(method, re.compile(path_regex), status, body, sent, after, reset, delay)
        self.waiting += [fault] * times

    def take(self, method: str, path: str) -> Fault | None:
        """Return the first fault that fits a request and forget it, or None."""
        for index, fault in enumerate(self.waiting):
            if fault.method in ("*", method) and fault.path.search(path):
                self.struck.append(fault)
                return self.waiting.pop(index)
        return None

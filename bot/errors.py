"""Everything that Warmup raises on purpose.

::

    WarmupError
    ├── UserError         a person asked for what cannot be; shown to them alone, ends in a next step
    │   ├── BadInput      could not be read; nothing was counted
    │   ├── NotAllowed    needs a role that they do not have
    │   ├── NotYours      a control that belongs to somebody else
    │   ├── Expired       a control that no longer means anything
    │   ├── AlreadyDone   a second answer to what takes one
    │   ├── NothingFound  nothing in the bank fits
    │   └── TooSlow       a form could not be made ready within the platform's deadline
    ├── PlatformError     a platform did not take what was sent
    │   ├── Gone          the channel, message or role is not there any more
    │   ├── Forbidden     Warmup lacks a permission there
    │   ├── RateLimited   later, after ``retry_after`` seconds
    │   └── Unreachable   no answer: whether it was done is unknown
    ├── StorageError      the database cannot be used as it is
    └── ConfigError       the settings cannot be used; one fault a line

LimitError, for a message that no platform would take, is a ValueError: a defect of ours, never a person's doing.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from pathlib import Path


class WarmupError(Exception):
    """The root of everything that is raised on purpose."""


class UserError(WarmupError):
    """What a person asked for cannot be: ``problem`` says why, ``step`` what to do now. Both are markup."""

    def __init__(self, problem: str, step: str) -> None:
        super().__init__(f"{problem} {step}")
        self.problem = problem
        self.step = step


class BadInput(UserError):
    """What was typed could not be read; nothing was counted."""


class NotAllowed(UserError):
    """This needs a role that the person does not have."""


class NotYours(UserError):
    """This control belongs to somebody else."""


class Expired(UserError):
    """This control no longer means anything: its version, its question or its message is gone."""


class AlreadyDone(UserError):
    """This takes one answer and has it."""


class NothingFound(UserError):
    """Nothing fits what was asked for."""


class TooSlow(UserError):
    """A form could not be made ready within the platform's deadline."""


class PlatformError(WarmupError):
    """A platform did not take what was sent."""


class Gone(PlatformError):
    """The channel, message or role is not there any more."""


class Forbidden(PlatformError):
    """Warmup lacks a permission there."""


class RateLimited(PlatformError):
    """Too much at once; the platform says when to come back."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"rate limited for {retry_after:g} s")
        self.retry_after = retry_after


class Unreachable(PlatformError):
    """The platform gave no answer: whether it was done is unknown."""


class StorageError(WarmupError):
    """The database cannot be used as it is; the text ends in what to do."""


class ConfigError(WarmupError):
    """The settings cannot be used; each of ``faults`` names a variable and the mend."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class LimitError(ValueError):
    """A message that no platform would take was built; ``ValueError`` because it is a defect of ours."""


def where(error: BaseException) -> list[str]:
    """Return where an error arose, innermost last: places alone, since its words may hold what people typed."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]

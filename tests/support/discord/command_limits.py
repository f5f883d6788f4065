"""Limits on the commands of an application that Discord documents in words but not in its OpenAPI document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.support.discord.measures import count, size, unique

Part = Mapping[str, Any]

TREE = 8000
MOST = {1: 100, 2: 15, 3: 15}
_SUBCOMMAND, _GROUP = 1, 2
_USER_INSTALL = 1
_PRIVATE_CHANNEL = 2
_NAME = re.compile(r"[-_'\w]{1,32}")


def command_violations(payload: Sequence[Part]) -> list[str]:
    """Return what Discord would hold against the commands of an application, as ``where: what``."""
    found = list(unique("commands", [(command.get("type") or 1, command.get("name")) for command in payload]))
    for kind, times in Counter(command.get("type") or 1 for command in payload).items():
        found += [f"commands: {times} of type {kind}"] if times > MOST.get(kind, 0) else []
    for command in payload:
        where = f"/{command.get('name')}"
        found += _installs(where, command)
        if (command.get("type") or 1) == 1:
            found += [*_named(where, command), *_options(where, command.get("options") or [], 0)]
            total = _weight(command)
            found += [f"{where}: {total} characters together, allowed are {TREE}"] if total > TREE else []
        else:
            found += size(f"{where}.name", command.get("name"), 32, least=1)
            found += [f"{where}: has no {name}" for name in ("description", "options") if command.get(name)]
    return found


def _installs(where: str, command: Part) -> Iterator[str]:
    """Private channels are reached only by what people installed for themselves."""
    contexts = command.get("contexts") or []
    installs = command.get("integration_types") or [0]
    yield from unique(f"{where}.contexts", contexts)
    yield from unique(f"{where}.integration_types", installs)
    if _PRIVATE_CHANNEL in contexts and _USER_INSTALL not in installs:
        yield f"{where}.contexts: private channels need installs by users"


def _named(where: str, part: Part) -> Iterator[str]:
    for name in _words(part, "name"):
        if not _NAME.fullmatch(name) or name != name.lower():
            yield f"{where}: {name!r} is no name for a command or an option"
    for description in _words(part, "description"):
        yield from size(f"{where}.description", description, 100, least=1)


def _words(part: Part, name: str) -> list[str]:
    """Return a text in all its languages."""
    return [part.get(name) or "", *(part.get(f"{name}_localizations") or {}).values()]


def _options(where: str, options: Sequence[Part], depth: int) -> Iterator[str]:
    kinds = [option.get("type") for option in options]
    nested = [kind for kind in kinds if kind in (_SUBCOMMAND, _GROUP)]
    yield from count(f"{where}.options", options, 25, least=0)
    yield from unique(f"{where}.options", [option.get("name") for option in options])
    if nested and len(nested) < len(kinds):
        yield f"{where}.options: subcommands do not go with other options"
    if len(nested) > 0 and (depth > 1 or (depth == 1 and _GROUP in nested)):
        yield f"{where}.options: nested too deeply"
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield f"{where}.options: required ones come first"
    for option in options:
        place = f"{where} {option.get('name')}"
        yield from _named(place, option)
        yield from _choices(place, option)
        # What a subcommand holds may not nest; what a group holds may be subcommands.
        yield from _options(place, option.get("options") or [], depth + (2 if option.get("type") == _SUBCOMMAND else 1))


def _choices(where: str, option: Part) -> Iterator[str]:
    choices = option.get("choices") or []
    if choices and option.get("autocomplete"):
        yield f"{where}: either choices or autocomplete"
    yield from count(f"{where}.choices", choices, 25, least=0)
    yield from unique(f"{where}.choices", [choice.get("name") for choice in choices])
    for choice in choices:
        for name in _words(choice, "name"):
            yield from size(f"{where}.choices.name", name, 100, least=1)
        if isinstance(choice.get("value"), str):
            yield from size(f"{where}.choices.value", choice["value"], 100, least=1)


def _weight(part: Part) -> int:
    """Return the length of all names, descriptions and values; of several languages the longest counts."""
    own = sum(max(map(len, _words(part, name))) for name in ("name", "description"))
    values = len(part["value"]) if isinstance(part.get("value"), str) else 0
    inner = [*(part.get("options") or []), *(part.get("choices") or [])]
    return own + values + sum(map(_weight, inner))

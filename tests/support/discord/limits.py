"""Limits that Discord documents in words but not in its OpenAPI document: what it refuses with 400 or quietly spoils.

Each function returns what is wrong as ``where: what``, and nothing when all is well. Lengths are in code points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tests.support.discord.command_limits import command_violations
from tests.support.discord.measures import count, size, unique

__all__ = ["command_violations", "message_violations", "modal_violations"]

Part = Mapping[str, Any]

V2 = 1 << 15
TEXTS = 4000
COMPONENTS = 40
ATTACHMENTS = 10
CONTENT = 2000
ROWS = 5

ROW, BUTTON, SELECT, INPUT = 1, 2, 3, 4
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
LABEL, UPLOAD, RADIO, BOXES, BOX = 18, 19, 21, 22, 23
_OTHER_SELECTS = frozenset({5, 6, 7, 8})
_IN_CONTAINER = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR})
_IN_LABEL = frozenset({SELECT, INPUT, UPLOAD, RADIO, BOXES, BOX}) | _OTHER_SELECTS
_LINK_STYLE, _PREMIUM_STYLE = 5, 6
# Discord puts an underscore for every other sign, so that an attachment:// address no longer finds its file.
_FILENAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")


def message_violations(payload: Part) -> list[str]:
    """Return what Discord would hold against a message that must not ping anybody, old style or Components V2."""
    judge = _v2 if (payload.get("flags") or 0) & V2 else _v1
    return [
        *_mentions(payload.get("allowed_mentions"), payload.get("components") or []),
        *_attachments(payload),
        *judge(payload),
    ]


def modal_violations(data: Part) -> list[str]:
    """Return what Discord would hold against the ``data`` of a form."""
    components = data.get("components") or []
    parts = list(_walk(components))
    found = [
        *size("title", data.get("title"), 45, least=1),
        *size("custom_id", data.get("custom_id"), 100, least=1),
        *count("components", components, 5),
        *_allowed("components", components, frozenset({LABEL, TEXT})),
        *unique("custom_id", [part["custom_id"] for _, part in parts if part.get("custom_id") is not None]),
    ]
    for where, part in parts:
        found += _judged(where, part)
        found += [f"{where}: nothing is disabled in a form"] if part.get("disabled") else []
    return found


def _v1(payload: Part) -> Iterator[str]:
    rows = payload.get("components") or []
    yield from size("content", payload.get("content"), CONTENT)
    yield from count("components", rows, ROWS, least=0)
    yield from _allowed("components", rows, frozenset({ROW}))
    yield from _controls(list(_walk(rows)))


def _v2(payload: Part) -> Iterator[str]:
    components = payload.get("components") or []
    parts = list(_walk(components))
    for name in ("content", "embeds", "poll", "stickers", "sticker_ids"):
        if payload.get(name):
            yield f"{name}: goes with no Components V2"
    if not 1 <= len(parts) <= COMPONENTS:
        yield f"components: {len(parts)} with the nested ones, allowed are 1 to {COMPONENTS}"
    texts = sum(len(part.get("content") or "") for _, part in parts if part.get("type") == TEXT)
    if texts > TEXTS:
        yield f"components: {texts} characters in all texts together, allowed are {TEXTS}"
    yield from _allowed("components", components, _IN_CONTAINER | {CONTAINER})
    yield from _controls(parts)
    if payload.get("attachments") is not None:
        yield from _files(parts, {file.get("filename") for file in payload["attachments"]})


def _controls(parts: Sequence[tuple[str, Part]]) -> Iterator[str]:
    for where, part in parts:
        yield from _judged(where, part)
    for name in ("custom_id", "id"):
        yield from unique(name, [part[name] for _, part in parts if part.get(name) is not None])


def _mentions(allowed: Part | None, parts: Sequence[Part]) -> Iterator[str]:
    """Find fault with whom a message may notify: nobody, but for one role that stands by itself in front of it."""
    if allowed is None or allowed.get("parse") != []:
        yield "allowed_mentions: parse must be given and empty"
    roles = [str(role) for role in (allowed or {}).get("roles") or ()]
    front = [part.get("content") for part in parts[:1]]
    if allowed and any(allowed.get(name) for name in ("users", "replied_user")):
        yield "allowed_mentions: somebody would be pinged"
    if roles and [f"<@&{role}>" for role in roles] != front:
        yield "allowed_mentions: a role would be pinged that does not stand in front"


def _attachments(payload: Part) -> Iterator[str]:
    files = payload.get("attachments") or []
    yield from count("attachments", files, ATTACHMENTS, least=0)
    yield from unique("attachments", [file.get("filename") for file in files])
    for number, file in enumerate(files):
        if not _FILENAME.fullmatch(file.get("filename") or ""):
            yield f"attachments[{number}].filename: {file.get('filename')!r} would be changed"
        yield from size(f"attachments[{number}].description", file.get("description"), 1024)


def _files(parts: Iterable[tuple[str, Part]], names: set[str | None]) -> Iterator[str]:
    """Compare the files that come along with those that are shown: the others nobody would see."""
    shown: set[str | None] = set()
    for where, part in parts:
        media = [part.get("media"), part.get("file"), *(item.get("media") for item in part.get("items") or [])]
        for url in (one.get("url") or "" for one in media if one):
            if url.startswith("attachment://"):
                shown.add(url.removeprefix("attachment://"))
                if url.removeprefix("attachment://") not in names:
                    yield f"{where}: {url} is not attached"
    for name in sorted(map(str, names - shown)):
        yield f"attachments: {name} is shown nowhere"


def _walk(components: Iterable[Part], where: str = "components") -> Iterator[tuple[str, Part]]:
    """Return all components with the places they are at, nested ones after those that hold them."""
    for number, part in enumerate(components):
        place = f"{where}[{number}]"
        yield place, part
        yield from _walk(part.get("components") or [], f"{place}.components")
        for only in ("accessory", "component"):
            if part.get(only):
                yield f"{place}.{only}", part[only]


def _judged(where: str, part: Part) -> Iterator[str]:
    kind = part.get("type")
    if kind in _OTHER_SELECTS:
        yield from _select(where, part)
    elif kind in _JUDGES:
        yield from _JUDGES[kind](where, part)
    if kind in {BUTTON, SELECT, INPUT, UPLOAD, RADIO, BOXES, BOX} | _OTHER_SELECTS and not _is_link(part):
        yield from size(f"{where}.custom_id", part.get("custom_id"), 100, least=1)


def _is_link(part: Part) -> bool:
    return part.get("type") == BUTTON and part.get("style") in (_LINK_STYLE, _PREMIUM_STYLE)


def _text(where: str, part: Part) -> Iterator[str]:
    yield from size(f"{where}.content", (part.get("content") or "").strip(), TEXTS, least=1)


def _row(where: str, part: Part) -> Iterator[str]:
    children = part.get("components") or []
    kinds = [child.get("type") for child in children]
    if not (kinds == [BUTTON] * len(kinds) and 1 <= len(kinds) <= 5) and not (
        len(kinds) == 1 and kinds[0] in {SELECT} | _OTHER_SELECTS
    ):
        yield f"{where}: a row holds 1 to 5 buttons or one select, not {kinds}"


def _button(where: str, part: Part) -> Iterator[str]:
    if part.get("style") == _PREMIUM_STYLE:
        return
    yield from size(f"{where}.label", part.get("label"), 80)
    if not (part.get("label") or "").strip() and not part.get("emoji"):
        yield f"{where}: a button needs a label or an emoji"
    if not _is_link(part):
        yield from [f"{where}.url: only links have one"] if part.get("url") else []
        return
    yield from size(f"{where}.url", part.get("url"), 512, least=1)
    if part.get("custom_id") is not None:
        yield f"{where}.custom_id: a link has none"


def _section(where: str, part: Part) -> Iterator[str]:
    yield from count(f"{where}.components", part.get("components") or [], 3)
    yield from _allowed(f"{where}.components", part.get("components") or [], frozenset({TEXT}))
    if (part.get("accessory") or {}).get("type") not in (BUTTON, THUMBNAIL):
        yield f"{where}.accessory: must be one button or one thumbnail"


def _thumbnail(where: str, part: Part) -> Iterator[str]:
    yield from size(f"{where}.description", part.get("description"), 1024)
    yield from _media(f"{where}.media", part.get("media"))


def _gallery(where: str, part: Part) -> Iterator[str]:
    yield from count(f"{where}.items", part.get("items") or [], 10)
    for number, item in enumerate(part.get("items") or []):
        yield from _thumbnail(f"{where}.items[{number}]", item)


def _media(where: str, media: Part | None) -> Iterator[str]:
    if not re.match(r"(?:https?|attachment)://.", (media or {}).get("url") or ""):
        yield f"{where}: needs an address on the web or an attachment"


def _file(where: str, part: Part) -> Iterator[str]:
    if not re.match(r"attachment://.", (part.get("file") or {}).get("url") or ""):
        yield f"{where}.file: must be an attachment"


def _container(where: str, part: Part) -> Iterator[str]:
    yield from count(f"{where}.components", part.get("components") or [], COMPONENTS)
    yield from _allowed(f"{where}.components", part.get("components") or [], _IN_CONTAINER)
    colour = part.get("accent_color")
    if colour is not None and not 0 <= colour <= 0xFFFFFF:
        yield f"{where}.accent_color: {colour} is no colour"


def _label(where: str, part: Part) -> Iterator[str]:
    yield from size(f"{where}.label", part.get("label"), 45, least=1)
    yield from size(f"{where}.description", part.get("description"), 100)
    yield from _allowed(f"{where}.component", [part.get("component") or {}], _IN_LABEL)


def _input(where: str, part: Part) -> Iterator[str]:
    least, most = part.get("min_length") or 0, _given(part.get("max_length"), 4000)
    if not (0 <= least <= most and 1 <= most <= 4000):
        yield f"{where}: lengths of {least} to {most}, allowed are 0 to 4000"
    yield from size(f"{where}.placeholder", part.get("placeholder"), 100)
    yield from size(f"{where}.value", part.get("value"), most)
    if part.get("label") is not None:
        yield f"{where}.label: the label around it has the words"


def _select(where: str, part: Part) -> Iterator[str]:
    yield from size(f"{where}.placeholder", part.get("placeholder"), 150)
    options = part.get("options") or []
    if part.get("type") == SELECT:
        yield from _options(where, options, 1, 25)
    else:
        yield from [f"{where}.options: only a select of words has them"] if options else []
    room = len(options) if part.get("type") == SELECT else 25
    yield from _chosen(where, part, _given(part.get("min_values"), 1), _given(part.get("max_values"), 1), room)


def _radio(where: str, part: Part) -> Iterator[str]:
    yield from _options(where, part.get("options") or [], 2, 10)
    yield from _chosen(where, part, 0, 1, 1)


def _boxes(where: str, part: Part) -> Iterator[str]:
    options = part.get("options") or []
    yield from _options(where, options, 1, 10)
    most = _given(part.get("max_values"), len(options))
    yield from _chosen(where, part, _given(part.get("min_values"), min(1, most)), most, len(options))


def _chosen(where: str, part: Part, least: int, most: int, room: int) -> Iterator[str]:
    if not (0 <= least <= most <= max(room, 1) and 1 <= most <= 25):
        yield f"{where}: {least} to {most} of {room} cannot be chosen"
    if sum(bool(option.get("default")) for option in part.get("options") or []) > most:
        yield f"{where}.options: more than {most} chosen beforehand"


def _options(where: str, options: Sequence[Part], least: int, most: int) -> Iterator[str]:
    yield from count(f"{where}.options", options, most, least=least)
    yield from unique(f"{where}.options", [option.get("value") for option in options])
    for number, option in enumerate(options):
        yield from size(f"{where}.options[{number}].label", option.get("label"), 100, least=1)
        yield from size(f"{where}.options[{number}].value", option.get("value"), 100, least=1)
        yield from size(f"{where}.options[{number}].description", option.get("description"), 100)


_JUDGES: dict[object, Callable[[str, Part], Iterator[str]]] = {
    ROW: _row, BUTTON: _button, SELECT: _select, INPUT: _input, SECTION: _section, TEXT: _text,
    THUMBNAIL: _thumbnail, GALLERY: _gallery, FILE: _file, CONTAINER: _container, LABEL: _label,
    RADIO: _radio, BOXES: _boxes,
}  # fmt: skip


def _given(value: int | None, default: int) -> int:
    return default if value is None else value


def _allowed(where: str, parts: Iterable[Part], kinds: frozenset[int]) -> Iterator[str]:
    wrong = [part.get("type") for part in parts if part.get("type") not in kinds]
    if wrong:
        yield f"{where}: the types {wrong} are not allowed here"

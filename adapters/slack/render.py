"""Messages as blocks, forms and Home tabs as views, and the limits of all three.

What the core builds fits Slack's limits by construction (``bot.message``), but for one: mrkdwn is longer than markup,
and a message holds only so much. ``_fit`` is the one place that shortens, and it says so where it does.

What ``events`` reads back: a button's ``action_id`` is its encoded action, and so is that of a list of which one thing
is chosen (``selected_option.value``). A list of which several are chosen has the ``action_id`` CHOOSE, which means
nothing yet: Slack tells of every change. Below it stands a button whose ``action_id`` is the encoded action and whose
``value`` is CHOOSE; when it is pressed, what was chosen is in
``state.values[choice_block(action_id)][CHOOSE].selected_options``, of the payload in a message, of its ``view`` in a
view. Links have an ``action_id`` that begins with LINK and mean nothing. In a form, what was typed is in
``state.values[name][VALUE].value``, what was chosen in ``state.values[name][VALUE].selected_option.value``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, takewhile
from typing import Any, assert_never

import structlog
from slack_sdk.models import blocks as kit
from slack_sdk.models.views import View

from adapters.slack import markdown
from bot import markup
from bot.message import (
    Button,
    Choice,
    ChoiceInput,
    Image,
    Link,
    Message,
    Modal,
    Row,
    Select,
    Style,
    TextInput,
    Tone,
)

TOTAL_TEXT = 12_000
"""Characters of all texts of a message. Slack documents no limit, and refuses 13,200 with the blocks around them."""
SECTION_TEXT = 3000
HEADER_TEXT = 150
FALLBACK_TEXT = 3000
CUT = "_… Slack shows no more than this._"
CHOOSE = "choose"
VALUE = "value"
LINK = "link-"
TONE = "tone-"
DISABLED = "disabled-"
SIGNS = {Tone.PLAIN: "", Tone.QUESTION: "", Tone.GOOD: "✓ ", Tone.PARTIAL: "◐ ", Tone.BAD: "✗ ", Tone.ERROR: "⚠ "}
"""What a message is, in front of it: blocks have no colours."""

_STYLES = {Style.PRIMARY: "primary", Style.SECONDARY: None, Style.DANGER: "danger"}
_BLOCK = re.compile(r">|```|•|\d+\.")
_FENCE, _FENCE_END = "```\n", "\n```"
_PIECES = re.compile(r"<[^<>\n]*>|&\w+;|```|.", re.DOTALL)
"""What is never cut in two: control sequences, entities, fences, signs."""

Json = dict[str, Any]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Commands:
    """The names after the slash of what a workspace can type, without the prefix that Slack knows them by."""

    prefix: str = ""
    names: frozenset[str] = frozenset()


NO_COMMANDS = Commands()


def render_blocks(message: Message, files: Sequence[str] = (), commands: Commands = NO_COMMANDS) -> list[Json]:
    """Return a message as blocks; ``files`` are Slack's ids of its pictures, in order; empty where there is none."""
    sign, title = SIGNS[message.tone], message.title.strip()
    in_title = bool(title) and len(sign + title) <= HEADER_TEXT
    head = kit.HeaderBlock(text=_plain(sign + title if in_title else title)).to_dict() if title else None
    rest = [
        block.to_dict()
        for blocks in (_pictures(message.images, files), _rows(message.rows), _footer(message.footer, commands))
        for block in blocks
    ]
    room = TOTAL_TEXT - _length(head) - _length(rest)
    texts = _fit(_texts(message, "" if in_title else sign, commands), room)
    sections = [kit.SectionBlock(text=_mrkdwn(part)).to_dict() for text in texts for part in _split(text)]
    blocks = [*([head] if head else []), *sections]
    blocks = [*(blocks or [kit.DividerBlock().to_dict()]), *rest]
    blocks[0]["block_id"] = f"{TONE}{message.tone}"
    return blocks


def render_content(message: Message, files: Sequence[str], commands: Commands) -> Json:
    """Return what a posted message says: its blocks, and its words for where no block is shown."""
    return {"text": fallback_text(message), "blocks": render_blocks(message, files, commands)}


def render_home(message: Message, files: Sequence[str] = (), commands: Commands = NO_COMMANDS) -> Json:
    """Return a message as somebody's Home tab."""
    return {"type": "home", "blocks": render_blocks(message, files, commands)}


def render_modal(modal: Modal, private_metadata: str) -> Json:
    """Return a form; what was typed comes back under each input's name."""
    return View(
        type="modal",
        callback_id=modal.action.encode(),
        private_metadata=private_metadata,
        title=_plain(modal.title),
        submit=_plain(modal.submit),
        close=_plain("Cancel"),
        blocks=[_input(field) for field in modal.inputs],
    ).to_dict()


def fallback_text(message: Message) -> str:
    """Return a message without blocks, for notifications and screen readers: at most 3,000 characters, never none."""
    fields = [f"{field.name}: {markup.plain(field.value)}" for field in message.fields]
    parts = [message.title, markup.plain(message.text), *fields, markup.plain(message.footer)]
    told = SIGNS[message.tone] + "\n".join(part.strip() for part in parts if part.strip())
    text, rest = _cut(markdown.entities(told), FALLBACK_TEXT - len("…"))
    return f"{text}…" if rest else text or "…"


def choice_block(token: str) -> str:
    """Return the id of the block with a list of which several are chosen, for the encoded action of its button."""
    return f"{CHOOSE}:{token}"


def _texts(message: Message, sign: str, commands: Commands) -> list[str]:
    body = _markup(message.text, commands).strip("\n")
    if sign:
        # On one line with it, a quote, a list or a listing would be none.
        body = f"{sign.strip()}\n{body}" if _BLOCK.match(body) else sign + body
    fields = [f"{markdown.strong(field.name)}\n{_markup(field.value, commands)}" for field in message.fields]
    return [text for text in (body, "\n\n".join(fields)) if text.strip()]


def _fit(texts: Sequence[str], room: int) -> list[str]:
    """Return texts that together take ``room`` characters at most: where need be one is cut, and the rest left out.

    The words that say so are a text of their own, so that they cannot be split.
    """
    over = sum(map(len, texts)) - room
    if over <= 0:
        return list(texts)
    log.warning("a message was too long for Slack", over=over)
    room -= len(CUT)
    fitting: list[str] = []
    for text in texts:
        if len(text) > room:
            return [*fitting, _cut(text, room)[0], CUT]
        fitting.append(text)
        room -= len(text)
    return fitting


def _split(text: str) -> Iterator[str]:
    """Return a text in parts that a section can hold."""
    while text.strip():
        part, text = _cut(text, SECTION_TEXT)
        yield part


def _cut(text: str, room: int) -> tuple[str, str]:
    """Return as much of a text as fits, up to a paragraph, line or word if one ends in its second half, and the rest.

    A listing that is cut is closed and opened again.
    """
    if len(text) <= room:
        return text, ""
    room = max(room - len(_FENCE_END), 0)
    ends = list(takewhile(lambda end: end <= room, (piece.end() for piece in _PIECES.finditer(text))))
    at, skipped = ends[-1] if ends else room, ""
    for joint in ("\n\n", "\n", " "):
        joints = [end for end in ends if end > room // 2 and text.startswith(joint, end) and not _hugs(text, end)]
        if joints:
            at, skipped = joints[-1], joint
            break
    part, rest = text[:at], text[at + len(skipped) :]
    return (part + _FENCE_END, _FENCE + rest) if part.count("```") % 2 else (part, rest)


def _hugs(text: str, at: int) -> bool:
    """Tell whether a cut would leave a listing with nothing in it."""
    before, after = text[:at], text[at:]
    is_inside = before.count("```") % 2 == 1
    return is_inside and (before.rstrip("\n").endswith("```") or after.lstrip("\n").startswith("```"))


def _pictures(images: Sequence[Image], files: Sequence[str]) -> Iterator[kit.Block]:
    for place, image in enumerate(images):
        file = files[place] if place < len(files) else ""
        if file:
            yield kit.ImageBlock(slack_file={"id": file}, alt_text=image.alt)
        else:
            yield kit.ContextBlock(elements=[_plain(f"Picture: {image.alt}")])


def _footer(footer: str, commands: Commands) -> Iterator[kit.Block]:
    parts = list(_split(_markup(footer, commands)))
    if parts:
        yield kit.ContextBlock(elements=[_mrkdwn(part) for part in parts])


def _rows(rows: Sequence[Row]) -> Iterator[kit.Block]:
    links = count(1)
    for place, row in enumerate(rows):
        match row:
            case Select():
                yield from _select(row)
            case tuple():
                pressed = [_button(button, links) for button in row if not _is_disabled(button)]
                disabled = [_plain(button.label) for button in row if _is_disabled(button)]
                if pressed:
                    yield kit.ActionsBlock(elements=pressed)
                if disabled:
                    yield kit.ContextBlock(elements=disabled, block_id=f"{DISABLED}{place}")
            case _:
                assert_never(row)


def _is_disabled(button: Button | Link) -> bool:
    """Tell whether a button cannot be pressed: Slack has no such thing, so that it is shown as text."""
    return isinstance(button, Button) and button.disabled


def _button(button: Button | Link, links: Iterator[int]) -> kit.ButtonElement:
    match button:
        case Link(label, url):
            return kit.ButtonElement(text=_plain(label), url=url, action_id=f"{LINK}{next(links)}")
        case Button(label, action, style):
            return kit.ButtonElement(text=_plain(label), action_id=action.encode(), style=_STYLES[style])
        case _:
            assert_never(button)


def _select(select: Select) -> Iterator[kit.Block]:
    token, options = select.action.encode(), [_option(choice) for choice in select.choices]
    if select.most == 1:
        one = kit.StaticSelectElement(action_id=token, placeholder=_plain(select.placeholder), options=options)
        yield kit.ActionsBlock(elements=[one])
        return
    several = kit.StaticMultiSelectElement(action_id=CHOOSE, options=options, max_selected_items=select.most)
    # Not in an input, which would send nothing, but which a form without a button of its own must not hold.
    yield kit.SectionBlock(block_id=choice_block(token), text=_plain(select.placeholder), accessory=several)
    yield kit.ActionsBlock(elements=[kit.ButtonElement(text=_plain("Send"), action_id=token, value=CHOOSE)])


def _option(choice: Choice) -> kit.Option:
    description = _plain(choice.description) if choice.description else None
    return kit.Option(value=choice.value, text=_plain(choice.label), description=description)


def _input(field: TextInput | ChoiceInput) -> kit.InputBlock:
    element: kit.RadioButtonsElement | kit.PlainTextInputElement
    match field:
        case ChoiceInput(_, _, choices, value, required):
            options = [_option(choice) for choice in choices]
            chosen = next((option for option in options if option.value == value), None)
            element = kit.RadioButtonsElement(action_id=VALUE, options=options, initial_option=chosen)
            optional = not required
        case TextInput():
            element = kit.PlainTextInputElement(
                action_id=VALUE,
                placeholder=_plain(field.placeholder) if field.placeholder else None,
                initial_value=field.value or None,
                multiline=field.multiline,
                max_length=field.most,
            )
            optional = not field.required
        case _:
            assert_never(field)
    return kit.InputBlock(block_id=field.name, label=_plain(field.label), element=element, optional=optional)


def _plain(text: str) -> kit.PlainTextObject:
    return kit.PlainTextObject(text=text, emoji=False)


def _mrkdwn(text: str) -> kit.MarkdownTextObject:
    return kit.MarkdownTextObject(text=text, verbatim=True)


def _markup(text: str, commands: Commands) -> str:
    return markdown.render(text, prefix=commands.prefix, commands=commands.names)


def _length(blocks: object) -> int:
    """Return the characters of all texts in blocks."""
    if isinstance(blocks, dict):
        told = sum(len(blocks[name]) for name in ("text", "alt_text") if isinstance(blocks.get(name), str))
        return told + sum(map(_length, blocks.values()))
    return sum(map(_length, blocks)) if isinstance(blocks, list) else 0

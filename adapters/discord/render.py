"""Messages as Components V2, forms as modals, and the limits of both.

What the core builds fits Discord's limits by construction (``bot.message``), but for one: escaping makes text longer,
and a message holds 4,000 characters in all. ``_fit`` is the one place that shortens, and it says so where it does.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import discord
import structlog
from discord import ui

from adapters.discord import markdown
from adapters.discord.markdown import NO_COMMANDS, Commands
from bot.message import Button, Choice, ChoiceInput, Image, Link, Message, Modal, Row, Select, Style, TextInput, Tone

TOTAL_TEXT = 4000
"""Characters of all texts of a message."""
FENCE_END = "\n```"
CUT = "…\n-# Discord shows no more than this."

Item = ui.Item[Any]

log = structlog.get_logger(__name__)

COLOURS = {
    Tone.PLAIN: 0x5865F2,
    Tone.QUESTION: 0x3B82F6,
    Tone.GOOD: 0x2E9E5B,
    Tone.PARTIAL: 0xD99A00,
    Tone.BAD: 0xD64545,
    Tone.ERROR: 0xB42318,
}
_STYLES = {
    Style.PRIMARY: discord.ButtonStyle.primary,
    Style.SECONDARY: discord.ButtonStyle.secondary,
    Style.DANGER: discord.ButtonStyle.danger,
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as discord.py sends it; files can be read once, so it is rendered anew for every attempt."""

    view: ui.LayoutView
    files: list[discord.File]


def render_message(message: Message, commands: Commands = NO_COMMANDS, *, notify: str = "") -> Rendered:
    """Return a message as one container: text, fields, pictures, controls, small print.

    ``notify`` is a role to be named in front of it.
    """
    view = ui.LayoutView(timeout=None)
    mention = f"<@&{notify}>" if notify else ""
    if mention:
        view.add_item(ui.TextDisplay[ui.LayoutView](mention))
    parts = _parts(message, commands, TOTAL_TEXT - len(mention))
    view.add_item(ui.Container[ui.LayoutView](*parts, accent_colour=COLOURS[message.tone]))
    view.stop()  # discord.py remembers views that wait for presses; ours are read from the interaction itself
    files = [
        discord.File(io.BytesIO(image.data), _file_name(place, image), description=image.alt)
        for place, image in enumerate(message.images)
    ]
    return Rendered(view, files)


def render_modal(modal: Modal) -> ui.Modal:
    """Return a form; what was typed comes back under each input's name."""
    form = ui.Modal(title=modal.title, custom_id=modal.action.encode(), timeout=None)
    for field in modal.inputs:
        form.add_item(ui.Label(text=field.label, component=_input(field)))
    form.stop()
    return form


def _parts(message: Message, commands: Commands, most: int) -> Iterator[Item]:
    head = [f"### {markdown.escape(message.title)}"] if message.title else []
    body = [markdown.render(message.text, commands)] if message.text.strip() else []
    fields = [
        f"**{markdown.escape(field.name)}**\n{markdown.render(field.value, commands)}" for field in message.fields
    ]
    foot = [f"-# {markdown.render(message.footer, commands)}"] if message.footer else []
    room = most - sum(map(len, (*head, *foot))) - len("\n") - len("\n\n") * len(fields)
    fitting = _fit([*body, *fields], room)
    body, fields = fitting[: len(body)], fitting[len(body) :]
    if head or body:
        yield ui.TextDisplay("\n".join([*head, *body]))
    if fields:
        yield ui.Separator(visible=bool(head or body))
        yield ui.TextDisplay("\n\n".join(fields))
    if message.images:
        yield ui.MediaGallery(
            *(
                discord.MediaGalleryItem(f"attachment://{_file_name(place, image)}", description=image.alt)
                for place, image in enumerate(message.images)
            )
        )
    for row in message.rows:
        yield _row(row)
    for line in foot:
        yield ui.TextDisplay(line)


def _fit(texts: Sequence[str], room: int) -> list[str]:
    """Return texts that together take ``room`` characters at most: where need be one is cut, and the rest left out."""
    over = sum(map(len, texts)) - room
    if over <= 0:
        return list(texts)
    log.warning("a message was too long for Discord", over=over)
    room -= len(CUT) + len(FENCE_END)
    fitting: list[str] = []
    for text in texts:
        if len(text) > room:
            kept = text[: max(room, 0)]
            kept = kept[: kept.rfind("\n")] if "\n" in kept else kept
            fitting.append(f"{kept}{FENCE_END if kept.count('```') % 2 else ''}{CUT}")
            break
        fitting.append(text)
        room -= len(text)
    return fitting


def _row(row: Row) -> Item:
    match row:
        case Select():
            return ui.ActionRow(
                ui.Select[Any](
                    custom_id=row.action.encode(),
                    placeholder=row.placeholder,
                    min_values=row.least,
                    max_values=row.most,
                    options=[_option(choice) for choice in row.choices],
                )
            )
        case tuple():
            return ui.ActionRow(*(_button(button) for button in row))
        case _:
            assert_never(row)


def _button(button: Button | Link) -> ui.Button[Any]:
    match button:
        case Link(label, url):
            return ui.Button(label=label, url=url)
        case Button(label, action, style, disabled):
            return ui.Button(label=label, custom_id=action.encode(), style=_STYLES[style], disabled=disabled)
        case _:
            assert_never(button)


def _option(choice: Choice) -> discord.SelectOption:
    return discord.SelectOption(label=choice.label, value=choice.value, description=choice.description or None)


def _input(field: TextInput | ChoiceInput) -> Item:
    match field:
        case ChoiceInput(name, _, choices, value, required):
            return ui.RadioGroup(
                custom_id=name,
                required=required,
                options=[
                    discord.RadioGroupOption(
                        label=choice.label,
                        value=choice.value,
                        description=choice.description or None,
                        default=choice.value == value,
                    )
                    for choice in choices
                ],
            )
        case TextInput():
            style = discord.TextStyle.paragraph if field.multiline else discord.TextStyle.short
            return ui.TextInput(
                custom_id=field.name,
                style=style,
                placeholder=field.placeholder or None,
                default=field.value or None,
                required=field.required,
                max_length=field.most,
            )
        case _:
            assert_never(field)


def _file_name(place: int, image: Image) -> str:
    """Return a name that no other picture of the message has."""
    return f"{place + 1}-{image.name}"

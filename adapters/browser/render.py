"""Messages, forms and commands as the JSON that the page draws; markup becomes a tree, never HTML."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any, assert_never

from bot import markup
from bot.commands import Command, Option
from bot.message import Button, Choice, ChoiceInput, Image, Link, Message, Modal, Row, Select, TextInput

Json = dict[str, Any]


def message_body(message: Message) -> Json:
    """Return what is drawn of a message, without who said it, where and when."""
    return {
        "tone": message.tone.value,
        "title": message.title,
        "blocks": blocks(message.text),
        "fields": [{"name": field.name, "blocks": blocks(field.value)} for field in message.fields],
        "images": [_image(image) for image in message.images],
        "rows": [_row(row) for row in message.rows],
        "footer": blocks(message.footer),
    }


def typed_body(text: str) -> Json:
    """Return what is drawn of a person's own words: literal text, whatever they contain."""
    lines: list[Json] = []
    for line in text.split("\n"):
        lines += [{"t": "br"}] if lines else []
        lines.append({"t": "text", "v": markup.visible(line)})
    body = message_body(Message(text="-"))
    return {**body, "blocks": [{"t": "p", "c": lines}]}


def modal_body(modal: Modal) -> Json:
    """Return a form."""
    return {
        "title": modal.title,
        "token": modal.action.encode(),
        "submit": modal.submit,
        "inputs": [_input(field) for field in modal.inputs],
    }


def command_list(commands: Iterable[Command]) -> list[Json]:
    """Return all declarations with all their choices, for the page's completion."""
    return [
        {
            "name": command.name,
            "description": command.description,
            "usage": command.usage,
            "options": [_option(option) for option in command.options],
        }
        for command in commands
    ]


def blocks(text: str) -> list[Json]:
    """Return the tree of a text."""
    return [_block(block) for block in markup.parse(text)]


def _block(block: markup.Block) -> Json:
    match block:
        case markup.Paragraph(children):
            return {"t": "p", "c": _inlines(children)}
        case markup.Quote(children):
            return {"t": "quote", "c": _inlines(children)}
        case markup.CodeBlock(language, text):
            return {"t": "code", "language": language, "text": text}
        case markup.Listing(ordered, items):
            return {"t": "list", "ordered": ordered, "items": [_inlines(item) for item in items]}
        case _:
            assert_never(block)


def _inlines(children: Sequence[markup.Inline]) -> list[Json]:
    return [_inline(child) for child in children]


def _inline(child: markup.Inline) -> Json:
    match child:
        case markup.Text(text):
            drawn: Json = {"t": "text", "v": text}
        case markup.Code(text):
            drawn = {"t": "code", "v": text}
        case markup.Break():
            drawn = {"t": "br"}
        case markup.Moment(unix, fallback):
            drawn = {"t": "time", "unix": unix, "v": fallback}
        case markup.Place(_, fallback):
            drawn = {"t": "strong", "c": [{"t": "text", "v": f"#{fallback}"}]}
        case markup.Strong(inner):
            drawn = {"t": "strong", "c": _inlines(inner)}
        case markup.Emphasis(inner):
            drawn = {"t": "em", "c": _inlines(inner)}
        case markup.Hyperlink(url, inner):
            drawn = {"t": "link", "href": url, "c": _inlines(inner)}
        case _:
            assert_never(child)
    return drawn


def _row(row: Row) -> Json:
    match row:
        case Select():
            return {
                "t": "select",
                "token": row.action.encode(),
                "placeholder": row.placeholder,
                "least": row.least,
                "most": row.most,
                "choices": _choices(row.choices),
            }
        case tuple():
            return {"t": "buttons", "buttons": [_button(button) for button in row]}
        case _:
            assert_never(row)


def _button(button: Button | Link) -> Json:
    match button:
        case Link(label, url):
            return {"label": label, "url": url}
        case Button(label, action, style, disabled):
            return {"label": label, "token": action.encode(), "style": style.value, "disabled": disabled}
        case _:
            assert_never(button)


def _input(field: TextInput | ChoiceInput) -> Json:
    match field:
        case ChoiceInput(name, label, choices, value, required):
            return {
                "type": "choice",
                "name": name,
                "label": label,
                "choices": _choices(choices),
                "value": value,
                "required": required,
            }
        case TextInput():
            return {
                "type": "text",
                "name": field.name,
                "label": field.label,
                "value": field.value,
                "placeholder": field.placeholder,
                "required": field.required,
                "multiline": field.multiline,
                "most": field.most,
            }
        case _:
            assert_never(field)


def _option(option: Option) -> Json:
    choices = option.choices or (option.suggest("") if option.suggest else ())
    return {
        "name": option.name,
        "description": option.description,
        "required": option.required,
        "choices": _choices(choices),
    }


def _choices(choices: Iterable[Choice]) -> list[Json]:
    return [{"value": choice.value, "label": choice.label, "description": choice.description} for choice in choices]


def _image(image: Image) -> Json:
    return {"src": f"data:image/png;base64,{base64.b64encode(image.data).decode()}", "alt": image.alt}

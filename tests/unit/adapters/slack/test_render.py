"""What Slack gets: every message there is, held against Slack's documented limits."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from structlog.testing import capture_logs

from adapters.slack.render import (
    CHOOSE,
    HEADER_TEXT,
    SIGNS,
    Commands,
    choice_block,
    fallback_text,
    render_blocks,
    render_home,
    render_modal,
)
from adapters.storage.work import SqlStorage
from bot import markup
from bot import message as m
from bot.features.help import greeting
from questions.model import Question
from tests.contract.harness import Control, biggest_message
from tests.contract.slack_seen import form, seen, tone_of
from tests.support import items
from tests.support.picture import PNG
from tests.support.quiz_room import QuizRoom
from tests.support.slack.blocks import check_blocks, check_view
from tests.support.tour import everything_said
from tests.support.views import each, longest_messages

ROW = (m.Button("Go", m.Action("go")),)


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def faults(message: m.Message) -> list[str]:
    """Return what Slack would refuse of a message: in a channel, on the Home tab, in a notification."""
    told = fallback_text(message)
    found = [] if 0 < len(told) <= 3000 else [f"text: {len(told)} characters"]
    home = render_home(message)
    return [*found, *check_blocks(home["blocks"], "message"), *check_view(home)]


@each()
def test_every_question_of_the_bank_fits_whole_in_every_state(question: Question) -> None:
    with capture_logs() as logs:
        for message in longest_messages(question):
            assert faults(message) == []
    assert logs == []


async def test_everything_that_can_be_said_fits(storage: SqlStorage) -> None:
    room = QuizRoom(storage, items.one(), items.many(), items.truth(), items.number(), items.order(), items.text())
    count = 0
    async for said in everything_said(room):
        count += 1
        assert (check_view(render_modal(said, "")) if isinstance(said, m.Modal) else faults(said)) == []
    assert count > 150


def test_a_message_at_every_limit_fits_whole() -> None:
    with capture_logs() as logs:
        assert faults(biggest_message()) == []
        assert faults(greeting()) == []
    assert logs == []
    shown = seen({"ts": "1", "blocks": render_blocks(biggest_message())})
    assert "x" * 1000 in shown.text
    assert (len(shown.title), len(shown.controls)) == (m.TITLE, 4 * 5 + 1)


def test_a_form_at_every_limit_fits_and_is_read_back() -> None:
    choices = tuple(
        m.Choice(f"{n}".ljust(100, "v"), "l" * m.LABEL, "d" * m.DESCRIPTION) for n in range(m.MODAL_CHOICES)
    )
    label, name = "l" * m.INPUT_LABEL, "n" * 60
    inputs = [
        m.TextInput(f"{name}{n}", label, "v" * m.INPUT_TEXT, "p" * m.PLACEHOLDER, most=m.INPUT_TEXT, multiline=True)
        for n in range(m.MODAL_INPUTS - 1)
    ]
    modal = m.Modal("t" * m.MODAL_TITLE, m.Action("a" * 98), (*inputs, m.ChoiceInput("c", label, choices)))
    view = render_modal(modal, "p" * 3000)
    assert check_view(view) == []
    shown = form(view, "7")
    assert (shown.title, shown.token, shown.origin) == (modal.title, modal.action.encode(), "7")
    assert shown.inputs == tuple(field.name for field in modal.inputs)


def test_a_form_is_written_so() -> None:
    why = m.ChoiceInput("why", "Why?", (m.Choice("a", "Because"), m.Choice("b", "Despite", "anyway")))
    word = m.TextInput("word", "A word", required=False, most=30)
    assert render_modal(m.Modal("A form", m.Action("sent", ("7",)), (word, why)), "C1:5") == {
        "type": "modal",
        "callback_id": "sent.1:7",
        "private_metadata": "C1:5",
        "title": plain("A form"),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": [
            {
                "type": "input",
                "block_id": "word",
                "label": plain("A word"),
                "optional": True,
                "element": {"type": "plain_text_input", "action_id": "value", "multiline": False, "max_length": 30},
            },
            {
                "type": "input",
                "block_id": "why",
                "label": plain("Why?"),
                "optional": False,
                "element": {
                    "type": "radio_buttons",
                    "action_id": "value",
                    "options": [
                        {"text": plain("Because"), "value": "a"},
                        {"text": plain("Despite"), "value": "b", "description": plain("anyway")},
                    ],
                },
            },
        ],
    }


def test_what_slack_would_refuse_of_a_form_is_refused_here() -> None:
    with pytest.raises(SlackObjectFormationError):
        render_modal(m.Modal("t", m.Action("a"), (m.TextInput("n", "l"),)), "p" * 3001)


def test_a_message_is_written_so() -> None:
    message = m.Message(
        "**b** `/go x`", "T", m.Tone.GOOD, (m.Field("n*", "v"),), (ROW,), (m.Image(PNG, "alt"),), "small"
    )
    assert render_blocks(message, ["F1"], Commands("w-", frozenset({"go"}))) == [
        {"type": "header", "block_id": "tone-good", "text": plain("✓ T")},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*b* `/w-go x`", "verbatim": True}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*n∗*\nv", "verbatim": True}},
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "alt"},
        {"type": "actions", "elements": [{"type": "button", "text": plain("Go"), "action_id": "go.1"}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "small", "verbatim": True}]},
    ]


def test_a_select_of_one_sends_at_once() -> None:
    choices = (m.Choice("x", "X"), m.Choice("y", "Y", "why"))
    blocks = render_blocks(m.Message("t", rows=(m.Select(m.Action("pick"), choices, "Pick"),)))
    assert check_blocks(blocks, "message") == []
    options = [{"text": plain("X"), "value": "x"}, {"text": plain("Y"), "value": "y", "description": plain("why")}]
    select = {"type": "static_select", "action_id": "pick.1", "placeholder": plain("Pick"), "options": options}
    assert blocks[1:] == [{"type": "actions", "elements": [select]}]
    assert seen({"ts": "1", "blocks": blocks}).controls == (Control("Pick", "pick.1", values=("x", "y")),)


def test_a_select_of_several_has_a_button_that_sends_them() -> None:
    choices = (m.Choice("x", "X"), m.Choice("y", "Y"), m.Choice("z", "Z"))
    blocks = render_blocks(m.Message("t", rows=(m.Select(m.Action("pick", ("7",)), choices, "Pick", most=2),)))
    assert [check_blocks(blocks, surface) for surface in ("message", "modal", "home")] == [[], [], []]
    assert blocks[1:] == [
        {
            "type": "section",
            "block_id": choice_block("pick.1:7"),
            "text": plain("Pick"),
            "accessory": {
                "type": "multi_static_select",
                "action_id": CHOOSE,
                "max_selected_items": 2,
                "options": [{"text": plain(value.upper()), "value": value} for value in "xyz"],
            },
        },
        {
            "type": "actions",
            "elements": [{"type": "button", "text": plain("Send"), "action_id": "pick.1:7", "value": CHOOSE}],
        },
    ]
    assert seen({"ts": "1", "blocks": blocks}).controls == (Control("Pick", "pick.1:7", values=("x", "y", "z")),)


def test_a_button_that_cannot_be_pressed_is_text() -> None:
    undo = m.Button("Undo", m.Action("undo"), disabled=True)
    done = m.Button("Done", m.Action("done"), m.Style.PRIMARY)
    stop = m.Button("Stop", m.Action("stop"), m.Style.DANGER)
    blocks = render_blocks(m.Message("t", rows=((undo, done, stop), (m.Button("A", m.Action("a"), disabled=True),))))
    assert check_blocks(blocks, "message") == []
    assert [block["type"] for block in blocks] == ["section", "actions", "context", "context"]
    assert [button["style"] for button in blocks[1]["elements"]] == ["primary", "danger"]
    shown = seen({"ts": "1", "blocks": blocks})
    assert shown.text == "t"
    assert shown.controls == (
        Control("Done", "done.1"),
        Control("Stop", "stop.1"),
        Control("Undo", "", disabled=True),
        Control("A", "", disabled=True),
    )


def test_links_open_pages_and_mean_nothing() -> None:
    links = (m.Link("Docs", "https://example.org/"), m.Link("More", "https://example.org/more"))
    blocks = render_blocks(m.Message("x", rows=(links, ROW)))
    assert check_blocks(blocks, "message") == []
    assert [(link["url"], link["action_id"]) for link in blocks[1]["elements"]] == [
        ("https://example.org/", "link-1"),
        ("https://example.org/more", "link-2"),
    ]
    assert [m.Action.decode(link["action_id"]) for link in blocks[1]["elements"]] == [None, None]
    assert seen({"ts": "1", "blocks": blocks}).controls == (Control("Go", "go.1"),)


def test_a_picture_has_its_words_and_without_a_file_at_least_those() -> None:
    message = m.Message("x", images=(m.Image(PNG, "one"), m.Image(PNG, "two *")))
    for files, alts, text in (
        (["F1", "F2"], ("one", "two *"), "x"),
        (["F1"], ("one",), "x\nPicture: two *"),
        (["", "F2"], ("two *",), "x\nPicture: one"),
    ):
        blocks = render_blocks(message, files)
        shown = seen({"ts": "1", "blocks": blocks})
        assert (check_blocks(blocks, "message"), shown.alts, shown.text) == ([], alts, text)


@pytest.mark.parametrize("tone", m.Tone)
@pytest.mark.parametrize(
    "message",
    [
        m.Message("words", "Title"),
        m.Message("words", "t" * HEADER_TEXT),
        m.Message("> quote"),
        m.Message("- item"),
        m.Message("```\ncode\n```"),
        m.Message(fields=(m.Field("name", "value"),)),
        m.Message(title="t" * HEADER_TEXT),
        m.Message(footer="small", rows=(m.Select(m.Action("a"), (m.Choice("x", "X"), m.Choice("y", "Y")), "P", 0, 2),)),
        m.Message(" ", rows=(ROW,)),
    ],
)
def test_every_tone_can_be_told_and_spoils_nothing(message: m.Message, tone: m.Tone) -> None:
    toned = m.Message(message.text, message.title, tone, message.fields, message.rows, footer=message.footer)
    blocks = render_blocks(toned)
    assert faults(toned) == []
    assert tone_of(blocks) == tone.value
    shown, quiet = (seen({"ts": "1", "blocks": told}) for told in (blocks, render_blocks(message)))
    assert (shown.title, shown.text) == (quiet.title, quiet.text)
    assert shown.marks >= quiet.marks
    assert (SIGNS[tone].strip() in str(blocks)) is True


def test_tones_are_told_apart_where_it_matters() -> None:
    signs = [SIGNS[tone] for tone in (m.Tone.GOOD, m.Tone.PARTIAL, m.Tone.BAD, m.Tone.ERROR)]
    assert len({*signs, ""}) == 5


def test_a_notification_has_all_words_and_no_control_sequences() -> None:
    message = m.Message("**a** <b>", "T <!here>", m.Tone.BAD, (m.Field("n", "`v`"),), footer="f & g")
    assert fallback_text(message) == "✗ T &lt;!here&gt;\na &lt;b&gt;\nn: v\nf &amp; g"
    assert fallback_text(m.Message(" ")) == "…"
    long = fallback_text(m.Message(markup.escape("<" * 1500)))
    assert len(long) <= 3000
    assert long.endswith("&lt;…")


def test_a_home_tab_is_the_same_blocks() -> None:
    message = m.Message("x", "T", rows=(ROW,))
    assert render_home(message) == {"type": "home", "blocks": render_blocks(message)}

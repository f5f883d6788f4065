"""Commands that could not be read open a form where the platform has forms; pages are shown like answers."""

from __future__ import annotations

from typing import Any

import pytest

from bot.commands import Answer, Option, Router
from bot.dispatch import Dispatcher, refusal
from bot.errors import BadInput, Expired
from bot.events import Event, Invocation, Opening, Submission
from bot.message import Action, Choice, ChoiceInput, Message, Modal, TextInput
from bot.refs import Role
from tests.support.responder import Failed, Opened, RecordingResponder, Responded
from tests.support.world import MONDAY, STUDY, someone

LEVEL = Option("level", "How hard", (Choice("easy", "Easy"), Choice("hard", "Hard")))
NAME = Option("name", "How it is called", required=True)
MANY = tuple(Option(f"option{number}", "One of many", (Choice("x", "x"),)) for number in range(6))
LEVEL_FIELD = ChoiceInput("level", "Level", LEVEL.choices, "", required=False)
NAME_FIELD = TextInput("name", "Name", "", "How it is called", required=True, most=3000)
KNOWN: dict[str, Any] = {"id": "event-1", "actor": someone(), "channel": STUDY, "at": MONDAY}


def routes() -> Router:
    router = Router()

    @router.command("team create", "Make a team", NAME, LEVEL, answer=Answer.PUBLIC)
    async def create(_event: Invocation, _services: object, name: str, level: str = "none") -> Message:
        return Message(f"made {name} {level}")

    @router.command("team close", "Close a team", requires=Role.MODERATOR)
    async def close(_event: Invocation, _services: object) -> Message:
        return Message("closed")

    @router.command("many", "Six options", *MANY)
    async def many(_event: Invocation, _services: object, **_options: str) -> Message:
        return Message("many")

    @router.page("home")
    async def home(event: Opening, _services: object) -> Message:
        return Message(f"hello {event.actor.name}")

    return router


async def said(event: Event) -> Any:
    responder = RecordingResponder()
    await Dispatcher(routes(), object(), lambda: "error-1").run(event, responder)
    (answer,) = responder.said
    return answer


def typed(command: str, text: str, *, form: bool = True) -> Invocation:
    return Invocation(**KNOWN, command=command, text=text, form=form)


def sent(command: str, **inputs: str) -> Submission:
    return Submission(**KNOWN, token=f"fill.1:{command}", inputs=inputs)


def form(name: str = "", level: str = "") -> Modal:
    fields = (
        TextInput("name", "Name", name, "How it is called", required=True, most=3000),
        ChoiceInput("level", "Level", LEVEL.choices, level, required=False),
    )
    return Modal("/team create", Action("fill", ("team+create",)), fields, "Go")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("", form()),
        ("level:hard", form(level="hard")),
        ("name:Foo colour:red Hard", form(name="Foo", level="hard")),
        ("Foo easy surplus", form(name="Foo", level="easy")),
        ("level:vague name:Foo", form(name="Foo")),
    ],
)
async def test_what_could_not_be_read_opens_a_form_with_what_could(text: str, filled: Modal) -> None:
    assert await said(typed("team create", text)) == Opened(filled)


async def test_what_can_be_read_needs_no_form() -> None:
    assert await said(typed("team create", "Foo")) == Responded(Message("made Foo none"), Answer.PUBLIC)


async def test_where_the_platform_has_no_forms_the_usage_is_told() -> None:
    refused = refusal(BadInput("/team create needs a name.", "Type `/team create name [level]`."))
    assert await said(typed("team create", "", form=False)) == Failed(refused)


async def test_where_a_form_would_be_too_long_the_usage_is_told() -> None:
    failed = await said(typed("many", "surplus"))
    assert isinstance(failed, Failed)
    assert "I do not know that option0." in failed.message.text


async def test_a_form_of_options_runs_its_command() -> None:
    answer = await said(sent("team+create", name="Foo", level="hard"))
    assert answer == Responded(Message("made Foo hard"), Answer.PUBLIC)


async def test_a_field_left_empty_is_an_option_left_out() -> None:
    assert await said(sent("team+create", name="Foo", level="")) == Responded(Message("made Foo none"), Answer.PUBLIC)


async def test_a_form_of_options_asks_for_rights_like_its_command() -> None:
    answer = await said(sent("team+close"))
    assert isinstance(answer, Failed)
    assert "moderators" in answer.message.text


@pytest.mark.parametrize("command", ["nonsense", "", "team+create:x"])
async def test_a_form_of_no_command_is_refused(command: str) -> None:
    refused = refusal(Expired("There is no such command.", "Type `/warmup` to see all of them."))
    assert await said(sent(command)) == Failed(refused)


async def test_a_group_alone_is_told_what_is_in_it() -> None:
    refused = refusal(
        BadInput("That command does several things.", "Type `/team create name [level]` or `/team close`.")
    )
    assert await said(typed("team", "")) == Failed(refused)


async def test_a_page_is_shown() -> None:
    assert await said(Opening(**KNOWN, page="home")) == Responded(Message("hello Ada"), Answer.UPDATE)


async def test_a_page_that_is_not_there_is_refused() -> None:
    answer = await said(Opening(**KNOWN, page="attic"))
    assert answer == Failed(refusal(Expired("There is no such page.", "Type `/warmup` to see what works now.")))


@pytest.mark.parametrize(
    ("typed_words", "found"),
    [
        ("team create Foo hard", ("team create", "Foo hard")),
        ("  Team   CREATE  Foo  bar", ("team create", "Foo  bar")),
        ("team frobnicate x", ("team", "frobnicate x")),
        ("many x y", ("many", "x y")),
        ("many", ("many", "")),
        ("", ("", "")),
    ],
)
def test_the_longest_name_of_a_command_is_found(typed_words: str, found: tuple[str, str]) -> None:
    assert routes().find(typed_words) == found


def test_pages_are_joined_and_declared_once() -> None:
    router = Router()
    router.include([routes()])
    assert list(router.pages) == ["home"]
    with pytest.raises(ValueError, match="home is declared twice"):
        router.page("home")(routes().pages["home"])

"""What goes wrong is told to its person alone, once, in words that help; logs name it and hold no words of anybody."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog
from structlog.testing import capture_logs

from bot.commands import Answer, Router
from bot.dispatch import Dispatcher
from bot.errors import BadInput, Forbidden, Gone, PlatformError, RateLimited, Unreachable
from bot.events import Event, Invocation, Press, Submission
from bot.logs import set_up_logging
from bot.message import Message, Tone
from bot.refs import Role
from tests.support.responder import Failed, RecordingResponder, Responded
from tests.support.stage import DONE, WORDS, Stage, filled, pressed, typed


def told(text: str) -> Failed:
    return Failed(Message(text, tone=Tone.ERROR))


async def test_what_cannot_be_read_is_told_before_the_handler() -> None:
    stage = Stage()
    await stage.run(typed("fast", "two words"))
    assert stage.said == [told("I do not know what to do with all of these words. Type `/fast [word]`.")]
    assert stage.notes == []


@pytest.mark.parametrize("event", [typed("guarded"), typed("guarded", "and nonsense"), pressed("guarded-press.1")])
async def test_a_role_is_checked_before_anything_else(event: Event) -> None:
    stage = Stage()
    await stage.run(event)
    assert stage.said == [told("Only moderators can do this. Ask one of this workspace's moderators.")]
    assert stage.notes == []


async def test_a_role_that_is_high_enough_may() -> None:
    stage = Stage()
    await stage.run(typed("guarded", role=Role.MODERATOR))
    assert stage.said == [Responded(DONE, Answer.PRIVATE)]


async def test_an_unknown_command_is_told_where_to_look() -> None:
    stage = Stage()
    await stage.run(typed("gone"))
    assert stage.said == [told("There is no such command. Type `/warmup` to see all of them.")]


@pytest.mark.parametrize(
    "event",
    [
        pressed("gone.1"),
        pressed("turn.1:3"),
        pressed("turn.3:3"),
        pressed("turn.2"),
        pressed("turn.2:3:9:27"),
        pressed("fast.1"),
        pressed("sent.1"),
        filled("form.1"),
        pressed(""),
        pressed("turn"),
        pressed("turn.2:3\n"),
        pressed("\x00\ud800" * 500),
        filled("sent.1:x"),
    ],
    ids=lambda event: f"{type(event).__name__} {event.token[:12]!r}",
)
async def test_a_control_of_another_version_means_nothing(event: Press | Submission) -> None:
    stage = Stage()
    await stage.run(event)
    assert stage.said == [told("This control is from another version of Warmup. Type `/warmup` to see what works now.")]
    assert stage.notes == []


async def test_an_unexpected_error_is_private_and_has_a_number() -> None:
    stage = Stage()
    with capture_logs():
        await stage.run(typed("broken"))
    [said] = stage.said
    assert isinstance(said, Failed)
    assert said.message.tone is Tone.ERROR
    assert "`error-1`" in said.message.text
    assert "token" not in said.message.text


async def test_an_unexpected_error_is_logged_under_its_number() -> None:
    with capture_logs() as logs:
        await Stage().run(typed("broken"))
    [line] = [line for line in logs if line["log_level"] == "error"]
    assert {name: line[name] for name in ("event", "error_id", "event_id", "kind")} == {
        "event": "handler failed",
        "error_id": "error-1",
        "event_id": "event-1",
        "kind": "ValueError",
    }


@pytest.fixture
def real_logs() -> Iterator[None]:
    """Let a test set up logging as the program does, and put everything back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("real_logs")
@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize("words", ["what somebody typed", "words of an option"], ids=["error", "event"])
async def test_the_log_says_where_it_broke_and_holds_no_words(
    capsys: pytest.CaptureFixture[str], form: str, words: str
) -> None:
    set_up_logging("info", form)
    await Stage().run(typed("broken"))
    await Stage(RecordingResponder({"respond": RuntimeError(WORDS)})).run(typed("fast", word="words of an option"))
    written = capsys.readouterr().err
    assert "handler failed" in written
    assert "answer not delivered" in written
    assert "stage.py" in written
    assert words not in written


async def test_a_refusal_that_is_too_long_still_reaches_its_person() -> None:
    router = Router()

    @router.command("wordy", "Refuses at length")
    async def wordy(_event: Invocation, _services: None) -> Message:
        raise BadInput("x" * 10_000, "Write less.")

    responder = RecordingResponder()
    with capture_logs():
        await Dispatcher(router, None, lambda: "error-1").run(typed("wordy"), responder)
    assert [type(said) for said in responder.said] == [Failed]


@pytest.mark.parametrize("error", [Gone(), Forbidden(), RateLimited(3), Unreachable()], ids=repr)
@pytest.mark.parametrize(
    ("method", "event"),
    [("respond", typed("fast")), ("fail", typed("gone")), ("fail", typed("broken")), ("open", pressed("form.1"))],
    ids=["respond", "fail", "fail after an error", "open"],
)
async def test_a_platform_that_refuses_is_only_logged(method: str, event: Event, error: PlatformError) -> None:
    stage = Stage(RecordingResponder({method: error}))
    with capture_logs() as logs:
        await stage.run(event)
    assert stage.said == []
    assert [(line["event"], line["event_id"]) for line in logs if line["log_level"] == "warning"] == [
        ("answer not delivered", "event-1")
    ]


async def test_a_defect_of_an_adapter_never_escapes() -> None:
    stage = Stage(RecordingResponder({"respond": RuntimeError("broken")}))
    with capture_logs() as logs:
        await stage.run(typed("fast"))
    assert [(line["event"], line["kind"]) for line in logs if line["log_level"] == "error"] == [
        ("answer not delivered", "RuntimeError")
    ]


async def test_a_handler_goes_on_where_it_could_not_be_deferred() -> None:
    stage = Stage(RecordingResponder({"defer": Unreachable()}))
    with capture_logs() as logs:
        await stage.run_slowly(pressed("slow-public.1"))
    assert stage.said == [Responded(DONE, Answer.PUBLIC)]
    assert [line["event"] for line in logs] == ["not acknowledged"]

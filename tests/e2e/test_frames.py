"""What travels between page and server: never a key, whatever comes back never stops it."""

from __future__ import annotations

import json
import random
import string
from typing import Any

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError
from structlog.testing import capture_logs

from bot.wiring import Warmup
from questions.model import Question
from tests.support.page import open_tab
from tests.support.secrets import all_texts, secrets_of

RUBBISH = 10_000


async def test_nothing_sent_before_an_answer_holds_the_key(small_warmup: Warmup, small_address: str) -> None:
    """Show questions of every kind to one person, hints too, and read every frame as it travelled."""
    await _read_everything(small_warmup, small_address)


@pytest.mark.soak
async def test_nothing_sent_before_an_answer_holds_the_key_of_any_question(warmup: Warmup, address: str) -> None:
    """Do the same with the whole bank."""
    await _read_everything(warmup, address)


async def _read_everything(warmup: Warmup, address: str) -> None:
    unseen = dict(warmup.bank.by_id)
    async with open_tab(address, "ada") as tab:
        while unseen:
            start = len(tab.frames)
            await tab.say("/practice")
            shown = tab.messages()[-1]
            hint = next(b["token"] for row in shown["rows"] for b in row.get("buttons", []) if "Hint" in b["label"])
            await tab.act(type="press", message=shown["id"], token=hint, values=[])
            question = unseen.pop(next(name for name in unseen if name in json.dumps(shown["footer"])))
            sent = all_texts(tab.frames[start:])
            for secret in secrets_of(question):
                assert not any(secret in text for text in sent), (question.id, secret)
            _positions_tell_nothing(question, shown)


def _positions_tell_nothing(question: Question, shown: dict[str, Any]) -> None:
    """Check that controls are the same for every key: letters in order, nothing marked."""
    for row in shown["rows"]:
        if row["t"] == "select":
            assert [choice["value"] for choice in row["choices"]] == list("ABCDEF"[: len(row["choices"])])
            assert {choice["description"] for choice in row["choices"]} == {""}
        elif question.kind in ("one", "truth"):
            answers = [button for button in row["buttons"] if button.get("token", "").startswith("answer")]
            assert len({(button["style"], button["disabled"]) for button in answers}) <= 1


async def test_ten_thousand_frames_of_rubbish_stop_nothing(address: str) -> None:
    chance = random.Random(3)
    async with open_tab(address, "ada") as tab:
        with capture_logs() as logs:
            for number in range(RUBBISH):
                frame = _rubbish(chance)
                await (tab.socket.send_bytes(frame) if isinstance(frame, bytes) else tab.socket.send_str(frame))
                if number % 200 == 199:
                    await tab.say(f"still here {number}")
            await tab.say("/practice")
        assert tab.messages()[-1]["tone"] == "question"
        assert [entry for entry in logs if entry["log_level"] == "error"] == []


def _rubbish(chance: random.Random) -> str | bytes:
    """Return a frame of noise, or one that is nearly right."""
    noise = "".join(chance.choices(string.printable + "äß€😀\u202e\x00", k=chance.randrange(60)))
    near: dict[str, Any] = {
        "type": chance.choice(["say", "press", "submit", "hello", "join", "nothing", 7, None]),
        "id": chance.choice(["x", "", None, 5, noise]),
        "channel": chance.choice(["study", "nowhere", noise, 3]),
        "text": chance.choice(["/", "/practice zzz", "/settings zone:nowhere", "/ practice", f"/{noise}", "", 9]),
        "message": chance.choice([0, 1, -1, 2**53, 2**70, "1", None, 1.5]),
        "token": chance.choice(
            ["answer.1:1:A", "answer.1:99999999999999999:A", "next.1:CN_easy_one", "next.1:x", noise]
        ),
        "values": chance.choice([[], ["A"], ["A"] * 30, [1], "A", None]),
        "inputs": chance.choice([{}, {"answer": "1"}, {"answer": 1}, [], None]),
    }
    match chance.randrange(5):
        case 0:
            return noise
        case 1:
            return noise.encode()
        case 2:
            return json.dumps(near)[: chance.randrange(1, 80)]
        case 3:
            return json.dumps({key: value for key, value in near.items() if chance.randrange(4)})
        case _:
            return json.dumps(near)


async def test_a_frame_that_is_too_large_ends_only_its_own_connection(address: str) -> None:
    async with ClientSession() as session, session.ws_connect(f"{address}/ws", headers={"Origin": address}) as socket:
        await socket.send_json({"type": "hello", "person": "alan"})
        assert (await socket.receive()).type is WSMsgType.TEXT
        await socket.send_str("x" * 100_000)
        assert (await socket.receive()).type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR)
    async with open_tab(address, "ada") as tab:
        await tab.say("hello")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost.evil.example"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
async def test_another_page_cannot_open_the_socket(address: str, headers: dict[str, str]) -> None:
    async with ClientSession() as session:
        with pytest.raises(WSServerHandshakeError) as refused:
            await session.ws_connect(f"{address}/ws", headers=headers)
    assert refused.value.status in (403, 421)


async def test_another_name_for_this_machine_is_refused_in_words(address: str) -> None:
    async with ClientSession() as session:
        async with session.get(address, headers={"Host": "evil.example"}) as refused:
            assert (refused.status, "127.0.0.1" in await refused.text()) == (421, True)
        async with session.get(f"{address}/nothing") as missing:
            assert missing.status == 404
        async with session.get(address) as page:
            assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        async with session.get(f"{address}/../../../../etc/passwd") as outside:
            assert outside.status == 404


async def test_a_dropped_connection_is_told_what_it_missed_and_no_more(address: str) -> None:
    async with open_tab(address, "ada") as tab:
        await tab.say("before")
        seq = tab.frames[-2]["message"]["seq"] if tab.frames[-1]["type"] == "done" else 0
    async with open_tab(address, "alan") as other:
        await other.say("while she was away")
        await other.say("/progress")
    async with open_tab(address, "ada", since=seq) as tab:
        assert [message["author"]["name"] for message in tab.messages()] == ["Alan"]


async def test_people_can_be_added_and_are_told_to_everybody(address: str) -> None:
    async with open_tab(address, "ada") as tab, open_tab(address, "alan") as other:
        await tab.socket.send_json({"type": "join", "name": "  Marie   Curie\u202e "})
        await tab.until(lambda frames: frames[-1].get("joined") == "marie-curie")
        await other.until(lambda frames: any(person["id"] == "marie-curie" for person in frames[-1].get("people", [])))
        await tab.socket.send_json({"type": "join", "name": "!!!"})
        await tab.until(lambda frames: frames[-1]["type"] == "error")


async def test_plain_words_are_shown_to_everybody_and_never_read_as_markup(address: str) -> None:
    async with open_tab(address, "ada") as tab:
        await tab.say("**not bold** <b>x</b>\n/practice")
        (message,) = [message for message in tab.messages() if not message["author"]["bot"]]
    assert message["blocks"] == [
        {
            "t": "p",
            "c": [{"t": "text", "v": "**not bold** <b>x</b>"}, {"t": "br"}, {"t": "text", "v": "/practice"}],
        }
    ]

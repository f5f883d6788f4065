"""Pictures are drawn in a thread, one at a time, once for the same things; one that fails is no fault of the reader."""

from __future__ import annotations

import asyncio
import threading

from bot.drawing import KEPT, Drawing


class Easel:
    """Draws, and notes what, and how many draw at once."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def __call__(self, name: str, size: int = 1) -> bytes:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self.drawn.append(name)
        if name == "broken":
            raise ValueError("cannot be drawn")
        with self._lock:
            self._now -= 1
        return f"{name} {size}".encode()


async def test_the_same_things_are_drawn_once_however_many_ask_at_once() -> None:
    drawing, easel = Drawing(), Easel()
    asked = [drawing.draw(easel, name, size) for _ in range(5) for name, size in (("a", 1), ("a", 2), ("b", 1))]
    assert set(await asyncio.gather(*asked)) == {b"a 1", b"a 2", b"b 1"}
    assert (easel.drawn, easel.most) == (["a", "a", "b"], 1)


async def test_what_cannot_be_drawn_is_no_picture_and_is_tried_again() -> None:
    drawing, easel = Drawing(), Easel()
    assert await drawing.draw(easel, "broken") is None
    assert await drawing.draw(easel, "a") == b"a 1"
    assert await drawing.draw(easel, "broken") is None
    assert easel.drawn == ["broken", "a", "broken"]


async def test_what_nobody_asked_for_lately_is_forgotten() -> None:
    drawing, easel = Drawing(), Easel()
    for number in range(KEPT):
        await drawing.draw(easel, str(number))
    await drawing.draw(easel, "0")
    await drawing.draw(easel, "one more")
    await drawing.draw(easel, "0")
    await drawing.draw(easel, "1")
    assert easel.drawn == [*map(str, range(KEPT)), "one more", "1"]

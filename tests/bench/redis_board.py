"""The same board in a Redis, where one is there: a sorted set, which is made for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

KEY = b"warmup:bench:standings"
AT_ONCE = 1_000


class RedisBoard:
    """A connection that speaks as much of RESP as is needed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, *commands: tuple[bytes, ...]) -> list[object]:
        """Send commands together and return their answers."""
        for words in commands:
            parts = (b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
            self._writer.write(b"*%d\r\n%s" % (len(words), b"".join(parts)))
        await self._writer.drain()
        return [await self._answer() for _ in commands]

    async def _answer(self) -> object:
        line = (await self._reader.readuntil(b"\r\n"))[:-2]
        match line[:1]:
            case b"*":
                return [await self._answer() for _ in range(int(line[1:]))]
            case b"$" if line != b"$-1":
                return (await self._reader.readexactly(int(line[1:]) + 2))[:-2]
            case b"-":
                raise ConnectionError(line.decode())
        return line[1:]

    async def fill(self, points: Mapping[int, int]) -> None:
        """Keep everybody's points."""
        adds = [(b"ZADD", KEY, b"%d" % score, b"%d" % person) for person, score in points.items()]
        for start in range(0, len(adds), AT_ONCE):
            await self.ask(*adds[start : start + AT_ONCE])

    async def page(self, person: int) -> list[object]:
        """Read the first ten and somebody's own place."""
        first = (b"ZREVRANGE", KEY, b"0", b"9", b"WITHSCORES")
        return await self.ask(first, (b"ZREVRANK", KEY, b"%d" % person))


@asynccontextmanager
async def redis_board(points: Mapping[int, int]) -> AsyncIterator[RedisBoard | None]:
    """Fill a Redis at 127.0.0.1:6379 and clean up afterwards; None where there is none."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", 6379)
    except OSError:
        yield None
        return
    board = RedisBoard(reader, writer)
    try:
        await board.ask((b"DEL", KEY))
        await board.fill(points)
        yield board
        await board.ask((b"DEL", KEY))
    finally:
        writer.close()
        await writer.wait_closed()

"""A line as poor as a border post's: every byte between browser and web server goes through here.

The browser's own emulation slows HTTP down and loses nothing (its packet loss is for calls alone). Here a segment that
is lost comes again after TCP's time-out and holds up all that follow on its connection, as it would on the way.
"""

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

SEGMENT = 1460  # bytes of data in a packet of a usual size


@dataclass(frozen=True)
class Line:
    """`speed` in bits a second each way, `latency` in seconds there and back, `loss` as a share of the packets."""

    speed: int
    latency: float
    loss: float

    @property
    def time_out(self) -> float:
        """How long a sender waits for a packet's receipt before it sends it again (RFC 6298: a second at least)."""
        return max(1.0, 2 * self.latency)


@contextmanager
def over(line: Line, url: str) -> Iterator[str]:
    """The address at which the server at `url` is found behind this line."""
    started, server = threading.Event(), urlsplit(url)
    post = _Post(line, server.port, started)
    thread = threading.Thread(target=lambda: asyncio.run(post.serve()), daemon=True)
    thread.start()
    started.wait(5)
    try:
        yield f"http://{server.hostname}:{post.port}"
    finally:
        post.close()
        thread.join(5)


class _Post:
    def __init__(self, line: Line, behind: int | None, started: threading.Event):
        self._line, self._behind, self._started = line, behind, started
        self._chance = random.Random(20)  # the same losses in every run
        self._free_at = {"up": 0.0, "down": 0.0}
        self.port = 0

    async def serve(self) -> None:
        self._loop, self._closed = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._closed.wait()
        server.close()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._closed.set)

    async def _connection(self, reader, writer) -> None:
        try:
            behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", self._behind)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._carry("up", reader, behind_writer), self._carry("down", behind_reader, writer))

    async def _carry(self, way: str, reader, writer) -> None:
        """In order: what follows a lost segment waits for it. The two directions share nothing, connections do."""
        arriving: asyncio.Queue = asyncio.Queue()
        delivering = asyncio.create_task(self._deliver(arriving, writer))
        before = 0.0
        try:
            while data := await reader.read(SEGMENT):
                now = self._loop.time()
                sent = self._free_at[way] = max(now, self._free_at[way]) + len(data) * 8 / self._line.speed
                at = sent + self._line.latency / 2
                while self._chance.random() < self._line.loss:
                    at += self._line.time_out
                before = max(at, before)
                arriving.put_nowait((before, data))
                await asyncio.sleep(max(0, sent - self._loop.time()))
        except ConnectionError:
            pass
        arriving.put_nowait((before, b""))
        await delivering

    async def _deliver(self, arriving: asyncio.Queue, writer) -> None:
        try:
            while True:
                at, data = await arriving.get()
                await asyncio.sleep(max(0, at - self._loop.time()))
                if not data:
                    break
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()

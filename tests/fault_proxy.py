"""A TCP proxy that fails as networks do, in front of a real server: each exchange meets the fault chosen for it.

An exchange is one request and its answer. HTTP/1.1 clients that do not pipeline begin one with a method at the start of
a chunk; the proxy knows nothing else of HTTP.
"""

import asyncio
import re
import socket
import struct
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

CHUNK_BYTES = 65_536
TICK_S = 0.005
QUIET_S = 0.05  # an answer that pauses for so long has come to its end
_BEGINS = re.compile(rb"(GET|POST|PUT|DELETE|HEAD|PATCH) /")
_BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Fault(StrEnum):
    """What happens to one exchange."""

    NONE = "none"
    LATENCY = "latency"  # the request is held back, and arrives even where its sender has given up
    ERROR = "error"  # 500, and the request never arrives
    RESET = "reset"  # the connection is reset before the request arrives
    BLACK_HOLE = "black_hole"  # the request is taken, and nothing ever comes back
    HALF_CLOSE = "half_close"  # the request arrives; half of the answer comes back, then our side of the line is shut
    SLOW_DRIP = "slow_drip"  # the request arrives; the answer comes back byte by byte
    DROP = "drop"  # the request arrives and is worked on; the line is closed instead of an answer
    RESET_AFTER = "reset_after"  # the same, with a reset
    BAD_GATEWAY = "bad_gateway"  # the same, with a 502 as a gateway in between would give


ARRIVES = frozenset(
    {Fault.LATENCY, Fault.HALF_CLOSE, Fault.SLOW_DRIP, Fault.DROP, Fault.RESET_AFTER, Fault.BAD_GATEWAY, Fault.NONE}
)
Choose = Callable[[bytes], Fault]  # the first bytes of a request in, its fault out


def never(_: bytes) -> Fault:
    """Let every exchange pass."""
    return Fault.NONE


@dataclass(slots=True, kw_only=True)
class FaultProxy:
    """A running proxy. `choose` and the durations may be changed at any time and hold for the next exchange."""

    host: str
    port: int
    target_port: int
    choose: Choose = never
    latency_s: float = 0.5
    drip_s: float = 0.01  # between two bytes
    met: list[Fault] = field(default_factory=list[Fault])  # the faults that were met, in order
    lines: "set[_Line]" = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where clients go."""
        return f"http://{self.host}:{self.port}"

    def strike(self, fault: Fault, *, times: int = 1, on: bytes = b"") -> None:
        """Let the next exchanges whose request begins with these bytes meet a fault, and all others pass."""
        left = times

        def choose(head: bytes) -> Fault:
            nonlocal left
            if left == 0 or not head.startswith(on):
                return Fault.NONE
            left -= 1
            return fault

        self.choose = choose

    def heal(self) -> None:
        """Let every exchange pass from now on."""
        self.choose = never

    async def settled(self) -> None:
        """Wait until the server has done what was asked of it, whether anybody still waits for the answer or not."""
        while any(line.owed for line in self.lines):  # noqa: ASYNC110  # a test's proxy may look now and then
            await asyncio.sleep(TICK_S)


@dataclass(eq=False, slots=True)
class _Line:
    """One client's connection, and ours to the server behind it."""

    proxy: FaultProxy
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    up_reader: asyncio.StreamReader
    up_writer: asyncio.StreamWriter
    fault: Fault = Fault.NONE
    owed: bool = False  # something was asked, will arrive, and has not been answered

    async def work(self) -> None:
        """Carry exchanges until one side hangs up or a fault ends the line."""
        back = asyncio.create_task(self._answers())
        try:
            while chunk := await self.reader.read(CHUNK_BYTES):
                if not await self._forward(chunk):
                    return
            while self.owed:  # noqa: ASYNC110  # although nobody waits for it any more; the same
                await asyncio.sleep(TICK_S)
            self.up_writer.write_eof()
            await back
        except OSError:
            pass  # one side is gone: so is the line
        finally:
            back.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await back

    async def _forward(self, chunk: bytes) -> bool:
        """Pass on a part of a request; False where the line has come to its end."""
        if _BEGINS.match(chunk):
            self.fault = self.proxy.choose(chunk)
            self.owed = self.fault in ARRIVES
            if self.fault is not Fault.NONE:
                self.proxy.met.append(self.fault)
            if self.fault is Fault.LATENCY:
                await asyncio.sleep(self.proxy.latency_s)
        match self.fault:
            case Fault.RESET:
                _reset(self.writer)
                return False
            case Fault.ERROR:
                await self._say(_ERROR)
                return False
            case Fault.BLACK_HOLE:
                return True
            case _:
                self.up_writer.write(chunk)
                await self.up_writer.drain()
                return True

    async def _answers(self) -> None:
        """Carry what the server says, as the fault of the exchange wants it."""
        while chunk := await self.up_reader.read(CHUNK_BYTES):
            self.owed = False
            await self._answer(chunk)
        self.owed = False
        self.writer.close()

    async def _answer(self, chunk: bytes) -> None:
        match self.fault:
            case Fault.NONE | Fault.LATENCY:
                await self._say(chunk)
            case Fault.SLOW_DRIP:
                for byte in chunk:
                    await self._say(bytes([byte]))
                    await asyncio.sleep(self.proxy.drip_s)
            case Fault.HALF_CLOSE:
                await self._say(chunk[: len(chunk) // 2])
                self.writer.write_eof()
                await self._rest()
            case Fault.DROP:
                await self._rest()
                self.writer.close()
            case Fault.RESET_AFTER:
                await self._rest()
                _reset(self.writer)
            case Fault.BAD_GATEWAY:
                await self._rest()
                await self._say(_BAD_GATEWAY)
                self.writer.close()
            case Fault.RESET | Fault.ERROR | Fault.BLACK_HOLE:
                raise AssertionError("nothing was asked, so nothing can have been answered")
            case _:
                assert_never(self.fault)

    async def _rest(self) -> None:
        """Take the rest of the answer, so that the server is certainly done."""
        with suppress(TimeoutError):
            while await asyncio.wait_for(self.up_reader.read(CHUNK_BYTES), QUIET_S):
                pass

    async def _say(self, said: bytes) -> None:
        self.writer.write(said)
        await self.writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Hang up with RST instead of FIN."""
    raw: socket.socket = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def proxied(target_url: str) -> AsyncGenerator[FaultProxy]:
    """Stand in front of a server of this machine while the block lasts."""
    target_port = int(target_url.rsplit(":", 1)[1])
    proxy = FaultProxy(host="127.0.0.1", port=0, target_port=target_port)
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        with suppress(asyncio.CancelledError):  # we hang up at the end; the stream's own callback would complain
            await _carry(proxy, reader, writer)

    server = await asyncio.start_server(accept, proxy.host, 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _carry(proxy: FaultProxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry one client's line from its beginning to its end."""
    try:
        up_reader, up_writer = await asyncio.open_connection(proxy.host, proxy.target_port)
    except OSError:
        _reset(writer)
        return
    line = _Line(proxy, reader, writer, up_reader, up_writer)
    proxy.lines.add(line)
    try:
        await line.work()
    finally:
        proxy.lines.discard(line)
        up_writer.close()
        writer.close()

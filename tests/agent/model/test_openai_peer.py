"""The same model over the transport of production, against a small HTTP server of our own."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from openai import AsyncOpenAI, DefaultAioHttpClient

from agent.model.openai import OpenAIModel
from agent.model.port import ModelDown
from tests.agent.model.builders import KEY, PROMPTS, completion, request


@dataclass(slots=True)
class Peer:
    """A server that answers each request with the next of its answers. At an empty one it waits to be closed."""

    answers: Sequence[bytes]
    port: int = 0
    heads: list[str] = field(default_factory=list[str])
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    talks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one connection."""
        self.talks.append(asyncio.create_task(self.talk(reader, writer)))

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request, answer, and close the connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(line.split(":")[1] for line in head.splitlines() if line.lower().startswith("content-length"))
        await reader.readexactly(int(length))
        self.heads.append(head)
        answer = self.answers[len(self.heads) - 1]
        if not answer:
            await self.closing.wait()
        writer.write(answer)
        writer.close()
        await writer.wait_closed()

    async def close(self) -> None:
        """Let every connection end."""
        self.closing.set()
        await asyncio.gather(*self.talks)


def http(body: bytes, *, length: int | None = None) -> bytes:
    told = len(body) if length is None else length
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {told}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


@asynccontextmanager
async def asking(peer: Peer, *, tries: int = 3, timeout_s: float = 5) -> AsyncGenerator[OpenAIModel]:
    server = await asyncio.start_server(peer, "127.0.0.1", 0)
    peer.port = server.sockets[0].getsockname()[1]
    async with (
        server,
        AsyncOpenAI(
            api_key=KEY,
            base_url=f"http://127.0.0.1:{peer.port}/v1",
            timeout=timeout_s,
            max_retries=0,
            http_client=DefaultAioHttpClient(),
        ) as client,
    ):
        try:
            yield OpenAIModel(client=client, name="small", tool_mode="native", prompts=PROMPTS, tries=tries, wait_s=0)
        finally:
            await peer.close()


GOOD = http(json.dumps(completion("Gladly.")).encode())
HANG_UP = b"HTTP/1.1 200"
CUT = http(json.dumps(completion("Gladly.")).encode()[:80], length=400)


async def test_an_answer_comes_over_the_wire() -> None:
    peer = Peer([GOOD])
    async with asking(peer) as model:
        proposal = await model.propose(request())
    assert (proposal.text, proposal.tokens_in, proposal.attempts) == ("Gladly.", 30, ())
    assert peer.heads[0].startswith("POST /v1/chat/completions HTTP/1.1\r\n")
    assert f"authorization: bearer {KEY}" in peer.heads[0].lower()


async def test_an_answer_that_breaks_off_is_asked_again() -> None:
    peer = Peer([CUT, CUT, GOOD])
    async with asking(peer) as model:
        proposal = await model.propose(request())
    assert (proposal.text, proposal.attempts) == ("Gladly.", ("APIConnectionError", "APIConnectionError"))


async def test_a_peer_that_does_not_answer_is_given_up_in_time() -> None:
    peer = Peer([b"", b""])
    async with asking(peer, tries=2, timeout_s=0.1) as model:
        with pytest.raises(ModelDown) as down:
            await model.propose(request())
    assert str(down.value) == (
        f"model `small` at http://127.0.0.1:{peer.port}/v1/ did not answer in time; "
        "raise CROUPIER_MODEL_TIMEOUT_S or use a faster model"
    )
    assert len(peer.heads) == 2


async def test_a_peer_that_hangs_up_is_asked_again() -> None:
    peer = Peer([HANG_UP, GOOD])
    async with asking(peer) as model:
        proposal = await model.propose(request())
    assert (proposal.text, proposal.attempts) == ("Gladly.", ("APIConnectionError",))


async def test_a_peer_that_speaks_no_http_is_given_up() -> None:
    peer = Peer([b"220 mail.example.com ESMTP\r\n"])
    async with asking(peer, tries=1) as model:
        with pytest.raises(ModelDown, match=r"gave no usable answer: the answer is not HTTP; use "):
            await model.propose(request())


async def test_where_nobody_listens_the_advice_is_to_start_it_and_not_to_wait_longer() -> None:
    peer = Peer([])
    async with asking(peer, tries=2) as model:
        pass
    async with asking(Peer([]), tries=2) as other:
        gone = replace(model, client=other.client.with_options(base_url=f"http://127.0.0.1:{peer.port}/v1"))
        with pytest.raises(ModelDown) as down:
            await gone.propose(request())
    assert str(down.value) == (
        f"model `small` at http://127.0.0.1:{peer.port}/v1/ cannot be reached; start it or mend OPENAI_BASE_URL"
    )

"""CPU of one model call: our typed post against `client.chat.completions.create()`, in one run, on one transport.

`create()` walks every message and tool through type annotations before it sends them, on the event loop. Run it with
`python bench/model_call.py`; it takes about ten seconds at most. Figures are CPU time of the client's thread per call;
the server, on 127.0.0.1, has a thread of its own and is not counted.
"""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from openai import AsyncOpenAI, DefaultAioHttpClient
from openai.types.chat import ChatCompletion

from agent.model.actions import as_messages
from agent.model.openai import OpenAIModel
from agent.model.port import Action, Answered, Called, Prompt, Request, Said, Situation, Turn
from agent.prompts import read_prompts

MESSAGES, TOOLS = 40, 15
ROUNDS, CALLS = 7, 20  # of each kind in turn; the median of the rounds counts
AT_MOST_S = 9.0
CREATE = "client.chat.completions.create()"
POST = "client.post(cast_to=ChatCompletion)"
WHOLE = "OpenAIModel.propose(), prompt to record"
Once = Callable[[], Awaitable[object]]
ANSWER = json.dumps({
    "id": "c-1", "object": "chat.completion", "created": 1, "model": "bench",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Gladly."}}],
    "usage": {"prompt_tokens": 4000, "completion_tokens": 3, "total_tokens": 4003},
}).encode()  # fmt: skip
REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(ANSWER) + ANSWER


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every request of a connection with the same completion."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = head.split(b"content-length:")[1].split(b"\r\n")[0]
            await reader.readexactly(int(length))
            writer.write(REPLY)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


@contextmanager
def _server() -> Generator[int]:
    """Serve on a free port of 127.0.0.1, in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(_serve, "127.0.0.1", 0), loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _actions() -> tuple[Action, ...]:
    word = {"type": "string", "description": "a word that the player has written, exactly as they wrote it"}
    schema = {"type": "object", "properties": dict.fromkeys("abc", word), "required": ["a"]}
    return tuple(Action(f"tool_{n}", "Look something up, and say what it means. " * 5, schema) for n in range(TOOLS))


def _turns() -> tuple[Turn, ...]:
    """Return so many turns that, with head and note, they make 40 messages: talk, calls and results."""
    turns: list[Turn] = []
    for n in range(MESSAGES):
        talk = (
            Said("player", "I have made a deposit. " * 6),
            Called(f"c{n}", "tool_1", {"a": "deposit", "b": "spins"}),
        )
        turns += [
            *talk,
            Answered(f"c{n}", "tool_1", "ok", {"found": "fifteen spins " * 10}),
            Said("agent", "Yes. " * 9),
        ]
    return tuple(turns[: MESSAGES - 2])


def _request() -> Request:
    """Return the question; a language model does not look at the situation."""
    turns = _turns()
    prompt = Prompt(head="Rules. " * 300, turns=turns, note="Now: answer.", actions=_actions(), may_reply=True)
    situation = Situation(
        brand="bench",
        category="bench",
        steps=True,
        phase="converse",
        next_action=None,
        asked_for_human=False,
        missing=(),
        verifier=None,
        escalation=None,
        legal={},
        facts={},
        today=date(2026, 1, 1),
        turns=turns,
        this_turn=turns,
    )
    return Request(prompt=prompt, situation=situation)


def _body(request: Request) -> dict[str, Any]:
    """Return the same request as it stands on the wire."""
    tools = [
        {"type": "function", "function": {"name": one.name, "description": one.description, "parameters": one.schema}}
        for one in request.prompt.actions
    ]
    messages = as_messages(request.prompt, json_mode=False)
    return {"model": "bench", "messages": messages, "temperature": 0.0, "max_tokens": 400, "tools": tools}


async def _cpu_ms(once: Once) -> float:
    """Return the CPU of this thread for one call, in milliseconds, over one round."""
    started = time.thread_time()
    for _ in range(CALLS):
        await once()
    return (time.thread_time() - started) * 1000 / CALLS


async def _measure(kinds: Mapping[str, Once]) -> dict[str, float]:
    """Let the kinds take turns, so that whatever slows the machine slows them alike."""
    rounds: dict[str, list[float]] = {name: [] for name in kinds}
    for once in kinds.values():
        await once()
    begun = time.monotonic()
    for _ in range(ROUNDS):
        for name, once in kinds.items():
            rounds[name].append(await _cpu_ms(once))
        if time.monotonic() - begun > AT_MOST_S * (ROUNDS - 1) / ROUNDS:
            break
    return {name: median(found) for name, found in rounds.items()}


async def _compare(port: int) -> dict[str, float]:
    request = _request()
    body = _body(request)
    url = f"http://127.0.0.1:{port}/v1"
    async with AsyncOpenAI(api_key="bench", base_url=url, max_retries=0, http_client=DefaultAioHttpClient()) as client:
        model = OpenAIModel(client=client, name="bench", tool_mode="native", prompts=read_prompts(Path()))
        assert (await model.propose(request)).text == "Gladly."

        async def create() -> None:
            await client.chat.completions.create(**body)

        return await _measure(
            {
                CREATE: create,
                POST: lambda: client.post("/chat/completions", cast_to=ChatCompletion, body=body),
                WHOLE: lambda: model.propose(request),
            }
        )


def main() -> None:
    """Print what each kind costs, and the ratios."""
    with _server() as port:
        cost = asyncio.run(_compare(port))
    print(f"{MESSAGES} messages, {TOOLS} tools, CPU in ms per call:")
    for name, spent in cost.items():
        print(f"  {name:<44}{spent:7.2f}   {cost[CREATE] / spent:5.1f} times less than create()")


if __name__ == "__main__":
    main()

"""An OpenAI-compatible endpoint on loopback that answers what a test says, and labels to ask it about."""

import json
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from evals.judging.labels import Labelled, read_labels
from evals.judging.talk import Line, as_text
from tests.agent.model.builders import completion

SHIPPED = Path(__file__).parents[3] / "evals" / "labels" / "replies.jsonl"

Body = dict[str, Any]
Answer = Callable[[Body], Body]


@contextmanager
def served(answer: Answer) -> Generator[str]:
    """Serve an endpoint that answers by a function of the request, and give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked: Body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            body = json.dumps(answer(asked)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's name
            """Say nothing on stderr, which is looked at."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()
            thread.join()


def verdict(said: str, why: str = "so it is") -> Body:
    """Return the answer that is one verdict."""
    return called("verdict", why=why, verdict=said)


def called(name: str, **arguments: str) -> Body:
    """Return the answer that is one call, in both ways of calling tools a model is asked in here: natively."""
    return completion(finish="tool_calls", calls=[(name, json.dumps(arguments))])


def as_people(labelled: Sequence[Labelled], *, but: frozenset[int] = frozenset()) -> Answer:
    """Return a judge that says what people say, and the opposite in these lines."""
    shown = [(_shown(one), one) for one in labelled]

    def answer(asked: Body) -> Body:
        head = str(asked["messages"][0]["content"])
        one = next(one for text, one in shown if text in head)
        right = one.verdict.value
        return verdict({"good": "bad", "bad": "good"}[right] if one.line in but else right)

    return answer


def _shown(one: Labelled) -> str:
    case = one.case
    return f"Before the reply\n{as_text(case.talk)}\n\nThe reply\n{as_text([Line('agent', case.reply)])}\n"


def shipped() -> Sequence[Labelled]:
    """Return the labels that ship."""
    return read_labels(SHIPPED).labelled

"""The command line as a user has it: nothing configured, data in a folder of its own."""

import json
import os
import socket
from collections.abc import Callable, Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from app.cli.main import croupier as command

HOUSE = Path(__file__).parents[3]
CONFIGURED = ("CROUPIER_", "OPENAI_", "GITHUB_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")

Croupier = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def nothing_is_configured(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    for name in list(os.environ):
        if name.upper().startswith(CONFIGURED):
            monkeypatch.delenv(name)
    monkeypatch.setenv("CROUPIER_DATA", str(data))


@pytest.fixture
def croupier() -> Croupier:
    """Run one command in this process: `croupier("run", path, typed="…", OPENAI_API_KEY="…")`."""

    def run(*arguments: str | Path, typed: str = "", **environment: str) -> Result:
        return CliRunner().invoke(command, [str(word) for word in arguments], input=typed, env=environment)

    return run


@pytest.fixture
def ticket_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a ticket that says hello, with these fields changed; None leaves one out."""

    def write(**fields: object) -> Path:
        hello = {"schema": "ticket/1", "id": "hello", "title": "Hello", "brand": "lucky-spin", "says": ["Hello"]}
        kept = {key: value for key, value in {**hello, **fields}.items() if value is not None}
        path = tmp_path / "ticket.json"
        path.write_text(json.dumps(kept), "utf-8")
        return path

    return write


@pytest.fixture
def closed_port() -> str:
    """A loopback address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


class _RefusesTheKey(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b'{"error": {"message": "no such key sk-123", "type": "invalid_request_error"}}'
        self.send_response(401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's name
        """Say nothing on stderr, which is looked at."""


@pytest.fixture
def refusing_model() -> Generator[str]:
    """The address of a model endpoint that accepts no key."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _RefusesTheKey) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join()


@pytest.fixture
def one_message() -> Callable[[Result], str]:
    """Return the only line that a refused command wrote; it went to stderr and is no traceback."""

    def message(result: Result) -> str:
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        lines = result.stderr.splitlines()
        assert len(lines) == 1, result.stderr
        return lines[0]

    return message

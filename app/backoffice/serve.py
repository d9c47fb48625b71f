"""Run the back office: in a thread for a demo or a test, or in the foreground for the command."""

import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn

from app.backoffice.database import Database
from app.backoffice.messages import check_secret
from app.backoffice.server import Office, create_app

HOST = "127.0.0.1"  # never another: it is for demos and tests
START_WITHIN_S = 10.0
STOP_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running back office."""

    url: str
    database: Path


@contextmanager
def running(
    database: Path | None = None, *, port: int = 0, token: str, webhook_secret: str, idempotent: bool = True
) -> Generator[Served, None, None]:
    """Run the back office in a thread while the block lasts.

    Without a database it starts with a fresh one, which is gone afterwards. Port 0 takes a free port. One that is not
    idempotent knows no keys, as many a real back office: the same order twice grants twice.
    Raises OSError where the port is taken, `NotOurs` where the file is something else, and ValueError where the
    token is empty or the secret signs nothing.
    """
    _check(token, webhook_secret)
    with ExitStack() as stack:
        path = database
        if path is None:
            path = Path(stack.enter_context(TemporaryDirectory(prefix="backoffice-"))) / "backoffice.sqlite"
        listening = stack.enter_context(_listening(port))
        opened = stack.enter_context(closing(Database(path)))
        office = Office(database=opened, token=token, webhook_secret=webhook_secret, idempotent=idempotent)
        server = _server(office)
        stack.enter_context(_in_a_thread(server, listening))
        yield Served(url=_url(listening), database=path)


def serve(
    database: Path,
    *,
    port: int,
    token: str,
    webhook_secret: str,
    ready: Callable[[Served], None],
    idempotent: bool = True,
) -> None:
    """Run the back office until it is interrupted; `ready` is called once the port is ours. Raises as `running`."""
    _check(token, webhook_secret)
    with _listening(port) as listening, closing(Database(database)) as opened:
        office = Office(database=opened, token=token, webhook_secret=webhook_secret, idempotent=idempotent)
        server = _server(office)
        ready(Served(url=_url(listening), database=database))
        server.run(sockets=[listening])


def _check(token: str, webhook_secret: str) -> None:
    if not token:
        raise ValueError("the token is empty: everybody would know it")
    check_secret(webhook_secret)


@contextmanager
def _listening(port: int) -> Generator[socket.socket, None, None]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(128)
        yield listening


def _url(listening: socket.socket) -> str:
    port: int = listening.getsockname()[1]
    return f"http://{HOST}:{port}"


def _server(office: Office) -> uvicorn.Server:
    """Configure the server: h11 (it hangs up where an answer stays without its body), and no access log.

    An access log would write e-mail addresses, which stand in the query.
    """
    config = uvicorn.Config(
        create_app(office),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


@contextmanager
def _in_a_thread(server: uvicorn.Server, listening: socket.socket) -> Generator[None, None, None]:
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="backoffice", daemon=True)
    thread.start()
    try:
        _await_start(server, thread)
        yield
    finally:
        server.should_exit = True
        thread.join(STOP_WITHIN_S)


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the back office did not start")
        time.sleep(0.005)

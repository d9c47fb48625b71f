"""The guard around offline tickets: up, it refuses whatever leaves; down, it hears nothing."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Generator

import pytest

from evals.pytest_items.network import Guard, NetworkReached

GUARD = Guard.installed()  # once: a hook of this kind stays for good


@pytest.fixture
def address() -> Generator[tuple[str, int]]:
    """Where somebody listens on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


def test_a_guard_that_is_down_refuses_nothing(address: tuple[str, int]) -> None:
    with GUARD.up():
        pass
    socket.create_connection(address).close()
    assert GUARD.heard == []


def test_loopback_is_refused_too_and_the_message_says_what_was_tried(address: tuple[str, int]) -> None:
    told = f"socket.connect {address}"
    with GUARD.up(), socket.socket() as mine, pytest.raises(NetworkReached) as raised:
        mine.connect(address)
    assert str(raised.value) == f"{told}: an offline ticket reaches nothing; the world and the model are in its file"
    assert GUARD.heard == [told]


def a_socket_file() -> None:
    with socket.socket(socket.AF_UNIX) as mine:
        mine.connect("/run/db")


@pytest.mark.parametrize(
    ("reach", "told"),
    [
        (lambda: socket.getaddrinfo("example.com", 443), "socket.getaddrinfo example.com"),
        (lambda: socket.gethostbyname("example.com"), "socket.gethostbyname example.com"),
        (lambda: socket.gethostbyaddr("127.0.0.1"), "socket.gethostbyaddr 127.0.0.1"),
        (lambda: socket.getnameinfo(("127.0.0.1", 9), 0), r"socket.getnameinfo \('127.0.0.1', 9\)"),
        (a_socket_file, "socket.connect /run/db"),
        (lambda: subprocess.run([sys.executable, "-c", ""], check=True), f"subprocess.Popen {sys.executable}"),
        (
            lambda: os.system("true"),  # noqa: S605, S607  # pyright: ignore[reportDeprecated]  # it is refused
            "os.system b'true'",
        ),
        (lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {}), f"os.posix_spawn {sys.executable}"),
    ],
)
def test_no_name_is_asked_for_no_socket_file_opened_and_no_program_started(
    reach: Callable[[], object], told: str
) -> None:
    with GUARD.up(), pytest.raises(NetworkReached, match=told):
        reach()


def test_what_stays_on_the_machine_is_let_through() -> None:
    near, far = socket.socketpair()
    with near, far, GUARD.up():
        near.sendmsg([b"hello"])
        assert far.recv(5) == b"hello"
    assert GUARD.heard == []


def test_other_threads_are_refused_as_well(address: tuple[str, int]) -> None:
    def reach() -> None:
        with contextlib.suppress(NetworkReached):
            socket.create_connection(address)

    with GUARD.up():
        thread = threading.Thread(target=reach)
        thread.start()
        thread.join()
    assert len(GUARD.heard) == 1

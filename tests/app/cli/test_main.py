"""The front door, as a process of its own: how fast it opens, and how it ends."""

import json
import os
import pty
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from click.testing import Result

from app.cli.main import COMMANDS

HOUSE = Path(__file__).parents[3]
CROUPIER = (sys.executable, "-c", "from app.cli.main import main; main()")
HEAVY = ("openai", "fastapi", "sqlalchemy", "langgraph", "rich")
HELP_CPU_S = 0.4  # twice the promise: the machine that tests may be busy


def _process(*arguments: str, typed: bytes = b"", **environment: str) -> "subprocess.CompletedProcess[bytes]":
    told = {**os.environ, **environment}
    command = [*CROUPIER, *arguments]
    return subprocess.run(  # noqa: S603  # our own interpreter
        command, cwd=HOUSE, env=told, input=typed, capture_output=True, check=False, timeout=60
    )


@pytest.fixture(autouse=True)
def heard() -> Generator[None]:
    """Let the interrupt reach what is started here: a test run in the background ignores it, and hands that on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _started(*arguments: str) -> "subprocess.Popen[bytes]":
    command = [*CROUPIER, *arguments]
    return subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603  # the same


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_help_is_there_at_once_and_names_every_command_and_exit_code() -> None:
    before = _children_cpu_s()
    found = _process("--help")
    used_s = _children_cpu_s() - before
    text = found.stdout.decode()
    assert (found.returncode, found.stderr) == (0, b"")
    assert [name for name in COMMANDS if f"\n  {name} " not in text] == []
    assert "0 ok, 1 findings, 2 usage, 3 invalid file, 4 upstream down, 5 not permitted, 130 interrupted" in " ".join(
        text.split()
    )
    assert used_s < HELP_CPU_S


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_neither_the_front_door_nor_its_help_imports_anything_heavy(words: list[str]) -> None:
    script = f"""
import sys
from app.cli.main import croupier
if {words!r}:
    croupier.main({words!r}, standalone_mode=False)
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""
    found = subprocess.run([sys.executable, "-c", script], cwd=HOUSE, capture_output=True, check=True)  # noqa: S603  # the same
    assert found.stderr.decode().strip() == "[]"


def test_every_command_of_the_table_has_help(croupier: Callable[..., Result]) -> None:
    for name in COMMANDS:
        found = croupier(name, "--help")
        assert (found.exit_code, f"croupier {name}" in found.stdout) == (0, True)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["nonsense"], "Error: No such command 'nonsense'."),
        (["run"], "Error: Missing argument 'TICKET'."),
        (["demo", "--fast"], "Error: No such option"),
    ],
)
def test_wrong_usage_is_said_with_exit_code_2(croupier: Callable[..., Result], words: list[str], why: str) -> None:
    found = croupier(*words)
    assert (found.exit_code, found.stdout) == (2, "")
    assert why in found.stderr


def test_an_error_in_a_process_of_its_own_has_its_exit_code_and_one_line() -> None:
    found = _process("run", "nothing.json")
    message = b"nothing.json: cannot be read (No such file or directory); check the path\n"
    assert (found.returncode, found.stdout, found.stderr) == (3, b"", message)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("bonus", "check", "--brand", "\udcff"), "--brand"),
        (("bonus", "archive", "vip", "--author=\udcff", "--reason", "r"), "--author"),
        (("run", "caf\udce9.json"), "argument 2"),
    ],
)
def test_bytes_that_are_no_text_are_refused_on_the_command_line(words: tuple[str, ...], name: str) -> None:
    found = _process(*words)
    message = f"{name} holds bytes that are no UTF-8 text; write it as UTF-8, or rename the file\n"
    assert (found.returncode, found.stdout, found.stderr.decode()) == (2, b"", message)


@pytest.mark.parametrize("place", ["postgresql:/u:sesame@h/db", "u:sesame@h/db", "postgresql://u:sesame@h:1x/db"])
@pytest.mark.parametrize("words", [("chat",), ("demo",)])
def test_a_store_that_is_set_wrongly_keeps_its_password(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], words: tuple[str, ...], place: str
) -> None:
    message = one_message(croupier(*words, CROUPIER_BONUSES=place))
    assert ("sesame" in message, "Write" in message or "CROUPIER_BONUSES is set; there is no" in message) == (
        False,
        True,
    )


def test_letters_that_a_terminal_does_not_know_end_no_command() -> None:
    found = _process("tools", "list", PYTHONIOENCODING="ascii")
    assert (found.returncode, found.stderr) == (0, b"")


def test_bytes_that_are_no_text_end_no_chat(data: Path, croupier: Callable[..., Result]) -> None:
    found = _process("chat", typed=b"caf\xe9\n", PYTHONIOENCODING="utf-8")
    assert (found.returncode, found.stderr) == (0, b"")
    ticket_id = found.stdout.split(b"tickets show ")[1].split()[0].decode()
    shown = json.loads(croupier("tickets", "show", ticket_id, "--json").stdout)
    said = next(entry["body"] for entry in shown["entries"] if entry["kind"] == "player_message")
    assert (said["text"], said["changed"]) == ("caf\N{REPLACEMENT CHARACTER}", ["normalised"])
    assert [folder.name.startswith("chat-") for folder in data.iterdir()] == [True]


def test_an_interrupted_demo_ends_with_130_and_leaves_nothing_in_the_way(
    data: Path, croupier: Callable[..., Result]
) -> None:
    with _started("demo") as demo:
        _wait_for(lambda: any(data.glob("demo-*/backoffice.sqlite")))
        demo.send_signal(signal.SIGINT)
        _, stderr = demo.communicate(timeout=30)
    assert (demo.returncode, stderr.decode().split()) == (130, ["interrupted"])
    assert croupier("run", HOUSE / "evals/tickets/demo/4-human.json").exit_code == 0
    listed = croupier("tickets", "list")
    assert (listed.exit_code, listed.stderr) == (0, "")


def test_an_interrupted_back_office_ends_with_130(tmp_path: Path) -> None:
    with _started("backoffice", "--port", "0", "--database", str(tmp_path / "office.sqlite")) as office:
        assert office.stdout is not None
        assert office.stdout.readline().startswith(b"Back office: http://127.0.0.1:")
        time.sleep(0.5)  # the greeting comes once the port is ours, a moment before the server listens to signals
        office.send_signal(signal.SIGINT)
        _, stderr = office.communicate(timeout=30)
    assert (office.returncode, stderr) == (130, b"stopped\n")


def test_one_ctrl_c_at_the_prompt_ends_a_chat() -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(HOUSE)
        os.execv(sys.executable, [*CROUPIER, "chat"])  # noqa: S606  # our own interpreter
    _read_until(terminal, b"player")
    time.sleep(1)  # the interpreter's own input() misses a signal in the instant between its prompt and its wait
    os.write(terminal, b"\x03")
    assert b"interrupted" in _read_until(terminal, b"interrupted")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
    os.close(terminal)


def _wait_for(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _read_until(terminal: int, word: bytes) -> bytes:
    """Return what a terminal shows up to a word, which has to come within 30 seconds."""
    shown = b""
    while word not in shown:
        assert select.select([terminal], [], [], 30)[0], shown
        shown += os.read(terminal, 4096)
    return shown

"""A process that plays items: it is told them on stdin and answers on stdout, line by line, and ends with its stdin."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from casino.document import load_json
from casino.values import Document, Value
from evals.run.journal import JournalError, Writer
from evals.run.plan import item_from
from evals.run.plug import Plug, attempted
from evals.run.results import line_of


def main() -> None:
    """Play until there is no more to play, or until nobody listens any more."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a ticket prints must not pass for an answer
    with suppress(BrokenPipeError):
        asyncio.run(_serve(sys.stdin.buffer, answers))


async def _serve(asked: BinaryIO, answers: BinaryIO) -> None:
    begun = _read(asked.readline())
    plug = Plug(str(begun["plug"]), _object(begun["arguments"]))
    try:
        with Writer(Path(str(begun["folder"])), str(begun["name"])) as writer:
            async with plug.opened() as play:
                _answer(answers, {"ready": True})
                while line := asked.readline():  # it blocks: between two items there is nothing else to do
                    item = item_from(_read(line))
                    trial = await attempted(play, item)
                    writer.write(item.key, trial)
                    _answer(answers, {"status": trial.status.value, "cost": str(trial.usage.cost), "why": trial.why})
    except JournalError as error:
        _answer(answers, {"broken": str(error)})
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  # the house could not be read: whoever started us says so, once
        _answer(answers, {"broken": f"{type(error).__name__}: {error}"})


def _answer(answers: BinaryIO, told: Mapping[str, Value]) -> None:
    answers.write(line_of(told))
    answers.flush()


def _read(line: bytes) -> Document:
    return _object(load_json(line.decode(), name="what the worker was told").value)


def _object(value: Value) -> Document:
    if not isinstance(value, Mapping):
        raise TypeError("a worker is told objects")
    return value


def command() -> list[str]:
    """Return the command that starts a worker with the import path of this process."""
    start = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"  # who began us decides
        "import json, sys; sys.path[:] = json.loads(sys.argv[1])\n"
        "from evals.run.worker import main; main()"
    )
    path: list[Any] = sys.path
    return [sys.executable, "-c", start, json.dumps(path)]

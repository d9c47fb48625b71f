"""What the commands share that play tickets: what they can meet, and the head of their results."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

from agent.wiring import House, sandbox_desk
from app.cli.exits import Exit, Stopped
from app.cli.opening import known_procedure, settings
from evals.player import LIVE
from evals.run.digest import agent_digest, code_digest, house_digest
from evals.run.journal import JournalError
from evals.run.lanes import RunBroken
from evals.run.plan import PlanError
from evals.run.plug import PlugError
from evals.run.results import ResultsError, RunHeader
from evals.ticket import Read
from evals.trial import Level

RESULTS = "results.jsonl"


@contextmanager
def mended() -> Generator[None]:
    """Turn what a run can meet into one message and an exit code."""
    try:
        yield
    except PlanError as error:
        raise Stopped(str(error), Exit.USAGE) from error
    except (JournalError, ResultsError, RunBroken, PlugError) as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error


def why_not(read: Read, house: House) -> str:
    """Say what a ticket names and there is not, before anything is played."""
    try:
        known_procedure(house.procedures, read.ticket.procedure, where=f"{read.file}: procedure: ")
        sandbox_desk(read.world, house, clock=lambda: read.ticket.clock)
    except Stopped as error:
        return error.message
    except ValueError as error:
        return f"{read.file}: world: {error}"
    return ""


def header(  # noqa: PLR0913  # the fields of a header
    path: Path,
    house: House,
    level: Level,
    *,
    match: str = "strict",
    repeat: int = 1,
    seed: int = 0,
    shard: str = "1/1",
) -> RunHeader:
    """Return the head of a new run's results."""
    return RunHeader(
        run=uuid4().hex[:12],
        suite=path.as_posix(),
        level=level,
        match=match,
        repeat=repeat,
        seed=seed,
        shard=shard,
        started=now(),
        versions=_versions(house, level),
    )


def same(asked: RunHeader, path: Path, house: House) -> RunHeader:
    """Go on as the kept run was asked to, with the versions of today: what changed is played again."""
    if asked.suite != path.as_posix():
        raise Stopped(f"{path}: the kept run is of {asked.suite}; give that path, or begin a new run", Exit.USAGE)
    fields = ("run", "suite", "level", "match", "repeat", "seed", "shard", "started")
    return RunHeader(**{name: getattr(asked, name) for name in fields}, versions=_versions(house, asked.level))


def agent_of(head: RunHeader) -> str:
    """Return one sha256 over all that the agent of a run is made of."""
    return agent_digest(house=head.versions["house"], code=code_digest(), model=head.versions["model"])


def now() -> str:
    """Return the time as the results have it."""
    return datetime.now(UTC).isoformat()


def _versions(house: House, level: Level) -> dict[str, str]:
    own = settings().model
    offline = "obedient" if level is Level.ATTACK else "policy"
    model = own.name if level in LIVE and own is not None else offline
    return {"croupier": version("croupier"), "model": model, "house": house_digest(house)}

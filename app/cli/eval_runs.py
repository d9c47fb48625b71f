"""What the commands share that play tickets: what they can meet, and the head of their results."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit
from uuid import uuid4

from agent.house import House
from agent.sandbox import check_sandbox
from agent.settings import Settings
from app.cli.configured import settings
from app.cli.exits import Exit, Stopped
from casino.values import Value
from evals.how import LIVE, How, desk_of
from evals.lint.rules import names
from evals.run.digest import agent_digest, code_digest, house_digest
from evals.run.journal import JournalError
from evals.run.lanes import RunBroken
from evals.run.plan import PlanError
from evals.run.plug import PlugError
from evals.run.results import POLICY, ResultsError, RunHeader
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
    """Say what a ticket names and there is not, before anything is played; a line for each."""
    wrong = [one.text(read.file) for one in names(read.ticket, house.procedures.by_id)]
    try:
        check_sandbox(read.world)
    except ValueError as error:
        wrong.append(f"{read.file}: world: {error}")
    return "\n".join(wrong)


def header(  # noqa: PLR0913  # the fields of a header
    path: Path,
    house: House,
    level: Level,
    *,
    match: str = "strict",
    repeat: int = 1,
    seed: int = 0,
    shard: str = "1/1",
    filters: tuple[str, ...] = (),
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
        filters=filters,
    )


def same(asked: RunHeader, path: Path, house: House, given: Mapping[str, object]) -> RunHeader:
    """Go on as the kept run was asked to, with the versions of today: what changed is played again.

    `given` are the options that somebody gave, by the name of the header's field; another value is refused.
    """
    if asked.suite != path.as_posix():
        raise Stopped(f"{path}: the kept run is of {asked.suite}; give that path, or begin a new run", Exit.USAGE)
    for name, now_asked in given.items():
        kept = getattr(asked, name)
        if now_asked != kept:
            mend = "leave the option away, or begin a new run"
            option = "filter" if name == "filters" else name
            raise Stopped(
                f"--{option}: the kept run was asked for {_words(kept)}, not for {_words(now_asked)}; {mend}",
                Exit.USAGE,
            )
    return replace(asked, versions=_versions(house, asked.level))


def _words(value: object) -> str:
    return " ".join(cast("tuple[str, ...]", value)) or "none" if isinstance(value, tuple) else str(value)


def agent_of(head: RunHeader, how: How | None = None) -> str:
    """Return one sha256 over all that the agent of a run is made of, and how it is asked and graded."""
    own = head.versions
    parameters = None if how is None else _asked(how, settings())
    return agent_digest(house=own["house"], code=own["code"], model=own["model"], parameters=parameters)


def _asked(how: How, chosen: Settings) -> dict[str, Value]:
    """Return every option that a verdict depends on; of the model's, where one is asked."""
    told = how.arguments()
    if how.level not in LIVE and how.judge is None:
        return told
    desk, own = desk_of(chosen), chosen.model
    return {
        **told,
        "json_mode": desk.json_mode,
        "hold_order": desk.hold_order,
        "model": None if own is None else own.name,
        "base_url": None if own is None or own.base_url is None else _without_secrets(own.base_url),
    }


def _without_secrets(address: str) -> str:
    """Return an address without its query, where a key may stand; settings take no user in front."""
    return urlsplit(address)._replace(query="", fragment="").geturl()


def need_model(level: Level, *, policy: bool) -> None:
    """Refuse a live level where nobody would answer but the policy model, unless just that is asked for."""
    configured = settings().model is not None
    if level not in LIVE:
        if policy:
            raise Stopped(f"--policy: {level} asks no language model; leave it away", Exit.USAGE)
    elif policy and configured:
        mend = "unset OPENAI_BASE_URL and OPENAI_API_KEY, or leave it away"
        raise Stopped(f"--policy: a language model is configured; {mend}", Exit.USAGE)
    elif not (policy or configured):
        mend = "set OPENAI_BASE_URL or OPENAI_API_KEY, or play the built-in policy model: --policy"
        raise Stopped(f"{level} asks a language model, and none is configured; {mend}", Exit.USAGE)


def now() -> str:
    """Return the time as the results have it."""
    return datetime.now(UTC).isoformat()


def _versions(house: House, level: Level) -> dict[str, str]:
    own = settings().model
    offline = "obedient" if level is Level.ATTACK else POLICY
    model = own.name if level in LIVE and own is not None else offline
    return {"croupier": version("croupier"), "model": model, "house": house_digest(house), "code": code_digest()}

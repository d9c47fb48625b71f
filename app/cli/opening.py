"""Open a desk for a command: on the back office that is configured, or on a fresh one that ships."""

from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx

from agent.deps import Deps
from agent.house import House, read_house
from agent.model.fallback import FallbackModel
from agent.settings import Settings, SettingsError
from agent.wiring import live_desk, preflight
from app.cli.configured import with_folders
from app.cli.exits import Exit, Stopped
from app.cli.people import Known, say_unanswered
from app.cli.screen import called
from casino.document import load_json
from casino.loaded import DocumentError
from casino.values import Value
from tools.ports import Unavailable, UnusableStore

LATENCY_MS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An open desk, where its back office is, and where its data lies."""

    deps: Deps
    settings: Settings
    data: Path
    own_backoffice: bool

    def model_line(self) -> str:
        """Say who answers."""
        if not self.deps.model.is_llm:
            return "The built-in policy model answers: it is no LLM. Set OPENAI_BASE_URL or OPENAI_API_KEY for one."
        return f"Model: {self.deps.model.name} ({'JSON actions' if self.deps.json_mode else 'native tool calls'})"

    def model_down(self) -> list[str]:
        """Return why the language model could not answer, once for each reason."""
        return list(dict.fromkeys(self.deps.model.down)) if isinstance(self.deps.model, FallbackModel) else []


@asynccontextmanager
async def opened(chosen: Settings, *, what: str) -> AsyncGenerator[Opened]:
    """Open a desk. Without a configured back office start the one that ships, with fresh data of its own."""
    async with AsyncExitStack() as stack:
        own = chosen.backoffice_url is None
        house = _house(with_folders(chosen))  # before anything is made: a start that is refused leaves nothing behind
        chosen = replace(chosen, data=_folder(chosen.data, what if own else None))
        if own:  # what is granted at a back office of its own must not stand in a ledger that others settle
            chosen = replace(chosen, store=None)
        try:
            if own:
                chosen = replace(chosen, backoffice_url=_start(stack, chosen))
            deps = await stack.enter_async_context(live_desk(chosen, house=house))
        except DocumentError:  # an invalid file says so itself
            raise
        except ValueError as error:
            raise SettingsError(str(error)) from error
        await preflight(deps, chosen.brand)
        if not own:  # at one of its own it is a trial, and nobody waits for an answer
            say_unanswered(Known(deps.gate.rules, chosen.gate, chosen.user))
        yield Opened(deps=deps, settings=chosen, data=chosen.data, own_backoffice=own)


def _house(chosen: Settings) -> House:
    try:
        return read_house(chosen)
    except DocumentError:  # an invalid file says so itself
        raise
    except ValueError as error:
        raise SettingsError(str(error)) from error


@contextmanager
def naming(ticket_id: str, desk: Opened) -> Generator[None]:
    """Say which ticket was stopped half way by a store that gave up, and what is to be done about it."""
    try:
        yield
    except (Unavailable, UnusableStore) as error:
        where = f" --data {desk.data}" if desk.settings.store is None else ""
        look = f"{called()} ledger list --ticket {ticket_id}{where}"
        settle = f"{called()} ledger reconcile{where}"
        mend = f"see what it has done with `{look}`, settle what is in doubt with `{settle}`, and then send it again"
        raise type(error)(f"{error}. Ticket {ticket_id} stopped half way: {mend}") from error


def _start(stack: AsyncExitStack, chosen: Settings) -> str:
    """Start the back office that ships and return where it is."""
    database = chosen.data / "backoffice.sqlite"
    try:
        from app.backoffice.serve import running  # noqa: PLC0415  # a quarter of a second that only its own desk pays

        served = running(database, token=chosen.backoffice_token, webhook_secret=chosen.webhook_secret)
        return stack.enter_context(served).url
    except ValueError as error:
        raise SettingsError(f"{error}; mend CROUPIER_BACKOFFICE_TOKEN or CROUPIER_WEBHOOK_SECRET") from error


def _folder(data: Path, what: str | None) -> Path:
    """Make the folder for the data: a fresh one for a back office of our own, else the one that is configured."""
    try:
        if what is not None:
            return _fresh_folder(data, what)
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f'CROUPIER_DATA is "{data}"; no folder can be made there ({error.strerror})') from error
    return data


def _fresh_folder(data: Path, what: str) -> Path:
    """Make a folder that is not there yet: an earlier run's record stays."""
    stem = f"{what}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    for name in (stem, *(f"{stem}-{number}" for number in range(2, 100))):
        try:
            (data / name).mkdir(parents=True)
        except FileExistsError:
            continue
        return data / name
    raise SettingsError(f"{data / stem} and its 98 followers are taken; set CROUPIER_DATA to another folder")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOffice:
    """The back office's own view, over HTTP: what changed in its database, and its fault switches."""

    client: httpx.AsyncClient
    url: str
    token: str

    async def changes(self, since: int) -> list[dict[str, Value]]:
        """Return the rows that changed after a number."""
        answer = await self.client.get(f"{self.url}/v1/changes", params={"since": since}, headers=self._headers())
        told = load_json(answer.raise_for_status().text, name="changes").value
        rows = told.get("changes") if isinstance(told, dict) else None
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    async def switch(self, operation: str, kind: str) -> None:
        """Make an operation fail from now on; a latency fault lasts a second."""
        body: dict[str, str | int] = {"kind": kind}
        if kind == "latency":
            body["latency_ms"] = LATENCY_MS
        answer = await self.client.put(f"{self.url}/v1/faults/{operation}", json=body, headers=self._headers())
        if answer.is_client_error:
            told = load_json(answer.text, name="fault").value
            why = told.get("message") if isinstance(told, dict) else f"HTTP {answer.status_code}"
            raise Stopped(f'--fault is "{operation}:{kind}"; {why}', Exit.USAGE)
        answer.raise_for_status()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@asynccontextmanager
async def back_office(desk: Opened) -> AsyncGenerator[BackOffice]:
    """Look over the shoulder of the back office that a desk works with."""
    async with httpx.AsyncClient() as client:
        url = desk.settings.backoffice_url or ""
        yield BackOffice(client=client, url=url, token=desk.settings.backoffice_token)

"""Open a desk for a command: on the back office that is configured, or on a fresh one that ships."""

import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx

from agent.deps import Deps
from agent.model.fallback import FallbackModel
from agent.settings import Settings, SettingsError, read_settings
from agent.wiring import live_desk, preflight
from app.backoffice.serve import running
from casino.document import load_json
from casino.values import Value


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


def settings() -> Settings:
    """Return the settings of this process."""
    return read_settings(os.environ)


@asynccontextmanager
async def opened(chosen: Settings, *, what: str) -> AsyncGenerator[Opened]:
    """Open a desk. Without a configured back office start the one that ships, with fresh data of its own."""
    async with AsyncExitStack() as stack:
        own = chosen.backoffice_url is None
        data = chosen.data
        if own:
            data = _fresh_folder(chosen.data, what)
            served = stack.enter_context(
                running(data / "backoffice.sqlite", token=chosen.backoffice_token, webhook_secret=chosen.webhook_secret)
            )
            chosen = replace(chosen, data=data, backoffice_url=served.url)
        try:
            deps = await stack.enter_async_context(live_desk(chosen))
        except ValueError as error:
            raise SettingsError(str(error)) from error
        await preflight(deps, chosen.brand)
        yield Opened(deps=deps, settings=chosen, data=data, own_backoffice=own)


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
        """Make an operation fail from now on."""
        answer = await self.client.put(
            f"{self.url}/v1/faults/{operation}", json={"kind": kind}, headers=self._headers()
        )
        answer.raise_for_status()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@asynccontextmanager
async def back_office(desk: Opened) -> AsyncGenerator[BackOffice]:
    """Look over the shoulder of the back office that a desk works with."""
    async with httpx.AsyncClient() as client:
        url = desk.settings.backoffice_url or ""
        yield BackOffice(client=client, url=url, token=desk.settings.backoffice_token)

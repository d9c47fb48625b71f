"""What a fresh look opens can read, and nothing in it can write."""

import ast
import os
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.bonus.read_only import Recorded, open_recorded, open_sources
from agent.settings import Settings, read_settings
from tools.adapters.memory_stores import MemoryStores
from tools.adapters.sql.stores import SqlStores, open_stores
from tools.player_facts import FactSources
from tools.ports import UnusableStore

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SOURCE = (Path(__file__).parents[3] / "agent" / "bonus" / "read_only.py").read_text("utf-8")


@pytest.fixture
async def kept(tmp_path: Path) -> Settings:
    """Return the settings of a folder with a record of one ticket."""
    stores = open_stores(f"sqlite:///{tmp_path / 'croupier.sqlite'}")
    await stores.create()
    await stores.append("t1", "player_message", {"text": "Hello"}, at=NOW)
    await stores.close()
    return replace(read_settings({}), data=tmp_path)


def called(source: str) -> set[str]:
    """Return the names of everything that a module calls."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {call.id for call in calls if isinstance(call, ast.Name)}


def test_of_all_clients_only_the_reading_platform_is_ever_made() -> None:
    made = {name for name in called(SOURCE) if name[0].isupper()}
    assert made == {"BackOfficeLink", "HttpPlatform", "FactSources"}
    assert [field.name for field in fields(FactSources)] == ["platform", "counters", "answers"]


def test_what_may_be_asked_of_the_record_are_reads() -> None:
    asked = {name for name in vars(Recorded) if not name.startswith("_")}
    assert asked == {"tickets", "entries", "decision", "counters"}


async def test_a_record_is_read_back(kept: Settings) -> None:
    async with open_recorded(kept) as recorded:
        assert await recorded.tickets() == ["t1"]
        assert [entry.body for entry in await recorded.entries("t1")] == [{"text": "Hello"}]
        assert await recorded.decision("D-1") is None
        counted = await recorded.counters("P1", brand="b", configurations=(), now=NOW)
        assert counted == {"lifetime_grants": 0, "live_bonuses": 0}


async def test_sqlite_itself_refuses_a_write(kept: Settings) -> None:
    async with open_recorded(kept) as recorded:
        assert isinstance(recorded, SqlStores)
        with pytest.raises(UnusableStore, match="readonly"):
            await recorded.append("t1", "player_message", {"text": "again"}, at=NOW)


async def test_a_record_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        async with open_recorded(replace(read_settings({}), data=tmp_path)):
            pass
    assert os.listdir(tmp_path) == []  # noqa: PTH208  # the path's own method is refused in async functions


async def test_the_sources_read_from_the_back_office_of_the_settings() -> None:
    settings = read_settings({"CROUPIER_BACKOFFICE_URL": "http://127.0.0.1:1"})
    counters = MemoryStores()
    async with open_sources(settings, counters) as sources:
        assert sources.counters is counters


async def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="CROUPIER_BACKOFFICE_URL"):
        async with open_sources(read_settings({}), MemoryStores()):
            pass

"""The two outsides of the contract tests."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from app.backoffice.serve import Served, running
from tests.contracts.kept import Stores, opened
from tests.contracts.outside import SECRET, TOKEN, Outside, OverHttp, in_memory
from tests.contracts.postgres import empty_database, fresh_database, shared_folder, started
from tools.adapters.memory_stores import MemoryStores
from tools.adapters.sql.stores import SqlStores


@pytest.fixture(scope="module")
def office() -> Generator[Served, None, None]:
    with running(token=TOKEN, webhook_secret=SECRET) as served:
        yield served


@pytest.fixture(params=["memory", "http"])
async def outside(request: pytest.FixtureRequest) -> AsyncGenerator[Outside, None]:
    if request.param == "memory":
        yield in_memory()
        return
    served: Served = request.getfixturevalue("office")
    async with httpx.AsyncClient(trust_env=False) as client:
        over_http = OverHttp(client, served.url)
        yield over_http
        await over_http.heal()


@pytest.fixture
def key() -> str:
    """A fresh idempotency key or message id: the running back office keeps what earlier tests have done."""
    return f"issue:{uuid4()}"


@pytest.fixture(scope="session")
def postgres() -> str:
    """The address of a running PostgreSQL."""
    return started(shared_folder())


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    """An empty database; the test says of which system."""
    with empty_database(request.param, request, tmp_path) as empty:
        yield empty


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Stores]:
    """The stores, empty: the fake, and the real ones on each system."""
    if request.param == "memory":
        yield MemoryStores()
        return
    with empty_database(request.param, request, tmp_path) as empty:
        async with opened(empty) as real:
            yield real


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    """The address of an empty database of each system."""
    with empty_database(request.param, request, tmp_path) as empty:
        yield empty


@pytest.fixture
async def real(database: str) -> AsyncGenerator[SqlStores]:
    """The stores of each system, empty."""
    async with opened(database) as stores:
        yield stores


@pytest.fixture
def postgres_database(postgres: str) -> Generator[str]:
    """The address of an empty database of PostgreSQL."""
    with fresh_database(postgres) as fresh:
        yield fresh

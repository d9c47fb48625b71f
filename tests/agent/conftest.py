"""The databases that tickets are kept in."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.contracts.postgres import fresh_database, shared_folder, started


@pytest.fixture(scope="session")
def postgres() -> str:
    """The address of a running PostgreSQL."""
    return started(shared_folder())


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    """An empty database of each system."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'croupier.sqlite'}"
        return
    with fresh_database(request.getfixturevalue("postgres")) as fresh:
        yield fresh

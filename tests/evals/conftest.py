"""The house that ships, and one ticket of it in which a bonus was issued."""

import asyncio

import pytest

from agent.house import House, read_house
from agent.settings import read_settings
from tests.evals.grading.played import Played, played


@pytest.fixture(scope="session")
def house() -> House:
    return read_house(read_settings({}))


@pytest.fixture(scope="session")
def issued(house: House) -> Played:
    return asyncio.run(played("demo/1-issued", house))

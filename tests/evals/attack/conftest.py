"""The house that ships."""

import pytest

from agent.house import House, read_house
from agent.settings import read_settings


@pytest.fixture(scope="session")
def house() -> House:
    return read_house(read_settings({}))

"""The house that ships."""

import pytest

from agent.settings import read_settings
from agent.wiring import House, read_house


@pytest.fixture(scope="session")
def house() -> House:
    return read_house(read_settings({}))

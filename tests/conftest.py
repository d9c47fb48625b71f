"""What every test shares."""

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)  # a slow machine is no counterexample
settings.load_profile("house")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the product does."""
    return "asyncio"

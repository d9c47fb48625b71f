"""What every test shares."""

import re

import pytest
from hypothesis import settings

pytest_plugins = ["evals.pytest_plugin"]  # ours, for the tickets that ship; here, since coverage has begun by now

settings.register_profile("house", deadline=None)  # a slow machine is no counterexample
settings.load_profile("house")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the product does."""
    return "asyncio"


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a case by plain letters: an id with brackets or colons cannot be handed to pytest again."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", val)[:60] if isinstance(val, str) else None

"""A running back office and a client that may come in."""

from collections.abc import Generator

import httpx
import pytest

from app.backoffice.serve import Served, running

TOKEN = "office-token"
SECRET = "whsec_b2ZmaWNlLXNlY3JldA=="


@pytest.fixture(scope="module")
def served() -> Generator[Served, None, None]:
    with running(token=TOKEN, webhook_secret=SECRET) as office:
        yield office


@pytest.fixture
def client(served: Served) -> Generator[httpx.Client, None, None]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=served.url, headers=headers, trust_env=False) as inside:
        yield inside
        inside.delete("/v1/faults")

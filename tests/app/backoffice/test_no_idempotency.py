"""A back office that knows no keys, as many a real one."""

import sqlite3
from collections.abc import Generator
from contextlib import closing

import httpx
import pytest

from app.backoffice.serve import Served, running

TOKEN = "office-token"
ORDER = {"decision_id": "D", "brand": "lucky-spin", "reward": {"spinsCount": 15}, "reason": "r"}
WITH_KEY = {"Idempotency-Key": "twice"}


@pytest.fixture
def office() -> Generator[Served, None, None]:
    with running(token=TOKEN, webhook_secret="whsec_b2ZmaWNlLXNlY3JldA==", idempotent=False) as served:
        yield served


@pytest.fixture
def client(office: Served) -> Generator[httpx.Client, None, None]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=office.url, headers=headers, trust_env=False) as inside:
        yield inside


def test_the_same_order_twice_grants_twice(client: httpx.Client) -> None:
    answers = [client.post("/v1/players/P1004/bonus", json=ORDER, headers=WITH_KEY) for _ in range(2)]
    told = client.get("/v1/bonuses?player_id=P1004").json()["bonuses"]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(201, bonus) for bonus in told]
    assert [(bonus["id"], bonus["decision_id"]) for bonus in told] == [("B1001", "D"), ("B1002", "D")]
    assert all("idempotency-replayed" not in answer.headers for answer in answers)


def test_an_order_needs_no_key(client: httpx.Client) -> None:
    assert client.post("/v1/players/P1004/bonus", json=ORDER).status_code == 201


def test_nobody_can_ask_about_a_key(client: httpx.Client) -> None:
    for query in ("idempotency_key=twice", "idempotency_key=twice&player_id=P1004"):
        response = client.get(f"/v1/bonuses?{query}")
        assert (response.status_code, response.json()) == (
            501,
            {"code": "no_idempotency", "message": "this back office knows no keys: look into the player's bonuses"},
        )


def test_the_keys_that_it_was_given_are_not_kept(office: Served, client: httpx.Client) -> None:
    client.post("/v1/players/P1004/bonus", json=ORDER, headers=WITH_KEY)
    with closing(sqlite3.connect(office.database)) as connection:
        assert connection.execute("SELECT id, idempotency_key FROM bonuses").fetchall() == [("B1001", "none:B1001")]

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from standardwebhooks import Webhook

from app.backoffice.serve import Served

SECRET = "whsec_b2ZmaWNlLXNlY3JldA=="
ORDER = {"decision_id": "D", "brand": "lucky-spin", "reward": {"spinsCount": 15}, "reason": "r"}
GUARDED = [
    ("GET", "/v1/players?email=anna.keller@example.com"),
    ("GET", "/v1/players/P1001"),
    ("GET", "/v1/players/P1001/responsible-gaming"),
    ("GET", "/v1/players/P1001/kyc"),
    ("GET", "/v1/players/P1001/deposits"),
    ("GET", "/v1/bonus-templates?brand=lucky-spin"),
    ("POST", "/v1/players/P1001/bonus"),
    ("GET", "/v1/bonuses?player_id=P1001"),
    ("GET", "/v1/messages"),
    ("GET", "/v1/faults"),
    ("PUT", "/v1/faults/bonus"),
    ("DELETE", "/v1/faults"),
    ("GET", "/v1/changes"),
    ("GET", "/docs"),
    ("GET", "/openapi.json"),
    ("POST", "/healthz"),
]


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer wrong", "Basic office-token", "office-token", "Bearer office-tokenx"]
)
def test_nobody_comes_in_without_the_token(served: Served, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    with httpx.Client(base_url=served.url, headers=headers, trust_env=False) as outsider:
        responses = [outsider.request(method, path) for method, path in GUARDED]
    assert [(response.status_code, response.json()["code"]) for response in responses] == [
        (401, "unauthorised") for _ in GUARDED
    ]
    assert {response.headers["www-authenticate"] for response in responses} == {"Bearer"}


def test_the_health_check_needs_no_token(served: Served) -> None:
    response = httpx.get(f"{served.url}/healthz", trust_env=False)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_a_player_is_told_with_exact_numbers(client: httpx.Client) -> None:
    response = client.get("/v1/players/P1001")
    assert response.status_code == 200
    assert '"ltw":12150.00,' in response.text
    assert '"ngr":1840.50,' in response.text


def test_an_address_without_a_brand_finds_the_players_of_every_brand(client: httpx.Client) -> None:
    found = client.get("/v1/players", params={"email": "ANNA.keller@example.com"}).json()["players"]
    assert [(player["id"], player["brand"]) for player in found] == [
        ("P1001", "lucky-spin"),
        ("P1047", "royal-harbour"),
    ]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/players/P9999", 404, "player_not_found"),
        ("GET", "/v1/nothing", 404, "no_such_address"),
        ("GET", "/v1/players", 422, "invalid_request"),
        ("DELETE", "/v1/players/P1001", 405, "method_not_allowed"),
        ("GET", "/v1/bonuses", 400, "filter_needed"),
        ("GET", "/v1/changes?since=x", 422, "invalid_request"),
    ],
)
def test_a_problem_has_a_code_and_a_message(
    client: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    response = client.request(method, path)
    problem = response.json()
    assert (response.status_code, problem["code"], set(problem)) == (status, code, {"code", "message"})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"decision_id": "D", "brand": "lucky-spin", "reward": {"amount": NaN}}',
        b'{"decision_id": "D", "brand": "lucky-spin", "reward": {"amount": 1e999999}}',
        b'{"decision_id": "D", "brand": "lucky-spin", "reward": {"name": "\\ud800"}}',
        b'{"decision_id": "D", "brand": "lucky-spin", "reward": {}, "amount": 500}',
        b'{"decision_id": "", "brand": "lucky-spin", "reward": {}}',
        b'{"decision_id": 7, "brand": "lucky-spin", "reward": {}}',
        b'{"brand": "lucky-spin", "reward": {}}',
    ],
)
def test_an_order_that_is_none_grants_nothing(client: httpx.Client, body: bytes) -> None:
    response = client.post("/v1/players/P1002/bonus", content=body, headers={"Idempotency-Key": "bad"})
    assert (response.status_code, response.json()["code"]) == (400, "invalid_order")
    assert client.get("/v1/bonuses?player_id=P1002").json() == {"bonuses": []}


def test_an_order_needs_a_key(client: httpx.Client) -> None:
    for headers in ({}, {"Idempotency-Key": ""}):
        response = client.post("/v1/players/P1002/bonus", json=ORDER, headers=headers)
        assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_needed")


def test_a_body_that_is_too_long_is_refused(client: httpx.Client) -> None:
    response = client.post("/v1/players/P1002/bonus", content=b" " * 300_000, headers={"Idempotency-Key": "long"})
    assert (response.status_code, response.json()["code"]) == (413, "body_too_long")


def test_a_repeated_order_gets_the_same_answer_and_says_so(client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "twice"}
    first = client.post("/v1/players/P1004/bonus", json=ORDER, headers=headers)
    turned = dict(reversed(ORDER.items()))  # the same order, its keys in another order
    second = client.post("/v1/players/P1004/bonus", json=turned, headers=headers)
    assert (second.status_code, second.text) == (first.status_code, first.text)
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"


def test_the_change_log_tells_which_rows_an_order_touched(client: httpx.Client) -> None:
    since = client.get("/v1/changes").json()["last"]
    order = {**ORDER, "reward": {"amount": 20}}
    bonus = client.post("/v1/players/P1009/bonus", json=order, headers={"Idempotency-Key": "logged"}).json()
    changed = client.get(f"/v1/changes?since={since}").json()["changes"]
    assert [(change["table"], change["row_id"]) for change in changed] == [
        ("bonuses", bonus["id"]),
        ("players", "P1009"),
    ]
    assert (changed[0]["before"], changed[0]["after"]) == (None, bonus)
    assert changed[1]["after"]["kpi"] == {**changed[1]["before"]["kpi"], "active_bonus": True}


def signed(body: str, *, message_id: str, at: datetime, secret: str = SECRET) -> dict[str, str]:
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body),
    }


BODY = '{"type": "ticket", "timestamp": "2026-11-22T12:00:00Z", "data": {"amount": 20.50}}'


def test_a_signed_message_is_kept_once(served: Served, client: httpx.Client) -> None:
    headers = signed(BODY, message_id="M1", at=datetime.now(UTC))
    answers = [
        httpx.post(f"{served.url}/v1/messages", content=BODY, headers=headers, trust_env=False) for _ in range(2)
    ]
    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (201, {"id": "M1", "duplicate": False}),
        (200, {"id": "M1", "duplicate": True}),
    ]
    response = client.get("/v1/messages")
    assert [(message["id"], message["topic"]) for message in response.json()["messages"]] == [("M1", "ticket")]
    assert '"body":{"amount":20.50}' in response.text


def test_a_message_without_a_good_signature_is_not_kept(client: httpx.Client) -> None:
    now = datetime.now(UTC)
    good = signed(BODY, message_id="M2", at=now)
    forged: list[dict[str, str]] = [
        {},
        {**good, "webhook-signature": "v1,not-base64"},
        {**good, "webhook-signature": "nonsense"},
        {**good, "webhook-id": "M3"},
        signed(BODY + " ", message_id="M2", at=now),
        signed(BODY, message_id="M2", at=now - timedelta(minutes=6)),
        signed(BODY, message_id="M2", at=now + timedelta(minutes=6)),
        signed(BODY, message_id="M2", at=now, secret="whsec_YW5vdGhlcg=="),
    ]
    answers = [client.post("/v1/messages", content=BODY, headers=headers) for headers in forged]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(401, "bad_signature")] * len(forged)
    assert all(message["id"] not in {"M2", "M3"} for message in client.get("/v1/messages").json()["messages"])
    assert client.post("/v1/messages", content=BODY, headers=good).status_code == 201  # the guard lets a good one in


def test_a_signed_message_that_is_none_is_refused(client: httpx.Client) -> None:
    for body in ("[]", '{"type": "ticket"}', '{"type": "", "timestamp": "", "data": {}}'):
        headers = signed(body, message_id="M4", at=datetime.now(UTC))
        response = client.post("/v1/messages", content=body, headers=headers)
        assert (response.status_code, response.json()["code"]) == (400, "invalid_message")

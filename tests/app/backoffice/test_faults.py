import time

import httpx
import pytest

ORDER = {"decision_id": "D", "brand": "lucky-spin", "reward": {"spinsCount": 15}}


def issue(client: httpx.Client, key: str) -> httpx.Response:
    return client.post("/v1/players/P1004/bonus", json=ORDER, headers={"Idempotency-Key": key})


def bonuses(client: httpx.Client, key: str) -> list[dict[str, object]]:
    answer: dict[str, list[dict[str, object]]] = client.get("/v1/bonuses", params={"idempotency_key": key}).json()
    return answer["bonuses"]


def test_an_error_comes_before_anything_is_done(client: httpx.Client) -> None:
    client.put("/v1/faults/bonus", json={"kind": "error"})
    response = issue(client, "error")
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert bonuses(client, "error") == []


def test_a_refusal_does_nothing(client: httpx.Client) -> None:
    client.put("/v1/faults/bonus", json={"kind": "refuse"})
    response = issue(client, "refuse")
    assert (response.status_code, response.json()["code"]) == (422, "refused")
    assert bonuses(client, "refuse") == []


def test_a_drop_hangs_up_with_the_work_done(client: httpx.Client) -> None:
    client.put("/v1/faults/bonus", json={"kind": "drop"})
    with pytest.raises(httpx.RemoteProtocolError):
        issue(client, "drop")
    assert len(bonuses(client, "drop")) == 1


def test_a_delay_comes_before_the_work(client: httpx.Client) -> None:
    client.put("/v1/faults/issue", json={"kind": "latency", "latency_ms": 200})
    before = time.monotonic()
    assert issue(client, "slow").status_code == 201
    assert time.monotonic() - before >= 0.2


def test_a_fault_strikes_as_often_as_it_should(client: httpx.Client) -> None:
    client.put("/v1/faults/kyc", json={"kind": "error", "times": 2})
    assert [client.get("/v1/players/P1001/kyc").status_code for _ in range(3)] == [500, 500, 200]


def test_a_fault_strikes_its_own_operation_only(client: httpx.Client) -> None:
    client.put("/v1/faults/player", json={"kind": "error"})
    statuses = [client.get(f"/v1/players/P1001{part}").status_code for part in ("", "/kyc", "/deposits")]
    assert statuses == [500, 200, 200]


def test_faults_are_listed_and_switched_off(client: httpx.Client) -> None:
    put = client.put("/v1/faults/issue", json={"kind": "drop", "latency_ms": 5, "times": 3})
    assert put.json() == {"operation": "bonus", "kind": "drop", "latency_ms": 5, "times": 3}
    assert client.get("/v1/faults").json() == {"faults": {"bonus": {"kind": "drop", "latency_ms": 5, "times": 3}}}
    assert client.delete("/v1/faults").json() == {"faults": {}}
    assert issue(client, "healed").status_code == 201


def test_an_unknown_operation_is_refused_with_the_nearest(client: httpx.Client) -> None:
    response = client.put("/v1/faults/deposit", json={"kind": "error"})
    assert response.status_code == 404
    assert response.json()["message"] == "there is no operation `deposit`; did you mean `deposits`?"


@pytest.mark.parametrize("body", [{}, {"kind": "explode"}, {"kind": "error", "times": 0}, {"kind": "error", "x": 1}])
def test_a_switch_that_is_none_is_refused(client: httpx.Client, body: dict[str, object]) -> None:
    assert client.put("/v1/faults/bonus", json=body).status_code == 422
    assert client.get("/v1/faults").json() == {"faults": {}}

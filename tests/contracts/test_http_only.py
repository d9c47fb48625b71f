"""What only the HTTP adapters must stand: answers that the shipped back office never gives."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from tools.adapters.http_bonus import HttpBonusSystem
from tools.adapters.http_link import BackOfficeLink
from tools.adapters.http_messenger import HttpMessenger, webhook
from tools.adapters.http_platform import HttpPlatform
from tools.ports import (
    AccessRefused,
    Delivered,
    ExternalMessage,
    Granted,
    GrantOrder,
    OutcomeUnknown,
    Refused,
    ResponsibleGaming,
    Unavailable,
)

TOKEN = "a-token-that-nobody-may-read"
SECRET = "whsec_Y29udHJhY3Qtc2VjcmV0"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "http://office.test"
PLAYER = {"id": "P1", "brand": "b", "email": "ada@example.com", "country": "DE", "currency": "EUR"}
ORDER = GrantOrder(decision_id="D", player_id="P1", brand="b", reward={"spinsCount": 15}, reason="r")
MESSAGE = ExternalMessage(topic="ticket", body={})


class Replies:
    """Answers given one after the other, the last one again and again."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


def link(replies: Callable[[httpx.Request], httpx.Response]) -> BackOfficeLink:
    client = httpx.AsyncClient(transport=httpx.MockTransport(replies))
    return BackOfficeLink(client=client, url=URL, token=TOKEN, timeout_s=1)


def platform(replies: Replies) -> HttpPlatform:
    return HttpPlatform(link=link(replies), now=lambda: NOON)


def bonuses(replies: Replies) -> HttpBonusSystem:
    return HttpBonusSystem(link=link(replies))


def messenger(replies: Replies) -> HttpMessenger:
    client = httpx.AsyncClient(transport=httpx.MockTransport(replies))
    return HttpMessenger(client=client, url=URL, webhook=webhook(SECRET), timeout_s=1, now=lambda: NOON)


@pytest.mark.parametrize(
    "trouble", [httpx.Response(503), httpx.Response(429), httpx.ConnectError("no"), httpx.ReadTimeout("late")]
)
async def test_a_read_is_tried_again_after_trouble(trouble: httpx.Response | Exception) -> None:
    replies = Replies(trouble, trouble, httpx.Response(200, json=PLAYER))
    player = await platform(replies).player("P1")
    assert player is not None
    assert (player.id, len(replies.requests)) == ("P1", 3)


async def test_a_read_gives_up_after_three_times() -> None:
    replies = Replies(httpx.Response(500))
    with pytest.raises(Unavailable, match="HTTP 500"):
        await platform(replies).player("P1")
    assert len(replies.requests) == 3


@pytest.mark.parametrize("status", [401, 403])
async def test_a_read_that_is_not_let_in_is_not_tried_again(status: int) -> None:
    replies = Replies(httpx.Response(status))
    with pytest.raises(AccessRefused, match="CROUPIER_BACKOFFICE_TOKEN"):
        await platform(replies).player("P1")
    assert len(replies.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, json={"detail": "Not Found"}),
        httpx.Response(404, text="<html>not here</html>"),
        httpx.Response(200, text="<html>log in</html>"),
        httpx.Response(200, json=["a", "list"]),
        httpx.Response(200, text='{"id": NaN}'),
        httpx.Response(200, content=b"\xff\xfe"),
        httpx.Response(204),
        httpx.Response(302, headers={"location": "/login"}),
        httpx.Response(200, json={**PLAYER, "country": None}),
        httpx.Response(200, json={key: value for key, value in PLAYER.items() if key != "currency"}),
        httpx.Response(200, json={**PLAYER, "date_of_birth": "12 April 1990"}),
        httpx.Response(200, json={**PLAYER, "date_of_birth": 19900412}),
        httpx.Response(200, json={**PLAYER, "kpi": {"last_deposit_at": "yesterday"}}),
        httpx.Response(200, json={**PLAYER, "kpi": {"last_deposit_at": "2026-11-20T18:30:00"}}),
    ],
)
async def test_an_answer_that_is_not_understood_is_an_outage_and_not_nobody(answer: httpx.Response) -> None:
    with pytest.raises(Unavailable):
        await platform(Replies(answer)).player("P1")


async def test_a_platform_that_ignores_the_filter_does_not_hand_out_another_player() -> None:
    others = {
        "players": [PLAYER, {**PLAYER, "id": "P2", "email": "bo@example.com"}, {**PLAYER, "id": "P3", "brand": "c"}]
    }
    found = await platform(Replies(httpx.Response(200, json=others))).find_by_email("bo@example.com", brand="b")
    assert found is not None
    assert found.id == "P2"


async def test_two_players_with_one_address_are_nobody_in_particular() -> None:
    twice = {"players": [PLAYER, {**PLAYER, "id": "P2"}]}
    with pytest.raises(Unavailable, match="2 players"):
        await platform(Replies(httpx.Response(200, json=twice))).find_by_email("ada@example.com", brand="b")


@pytest.mark.parametrize("answer", [{}, {"players": None}, {"players": "none"}, {"players": ["P1"]}])
async def test_a_search_without_a_list_is_an_outage(answer: dict[str, object]) -> None:
    with pytest.raises(Unavailable):
        await platform(Replies(httpx.Response(200, json=answer))).find_by_email("ada@example.com", brand="b")


async def test_a_protection_flag_that_is_no_boolean_counts_as_not_said() -> None:
    answer = {"self_excluded": "no", "cooling_off": 0, "rg_closed": None}
    assert await platform(Replies(httpx.Response(200, json=answer))).responsible_gaming("P1") == ResponsibleGaming(
        self_excluded=None, cooling_off=None, rg_closed=None, strong_harm=None
    )


async def test_a_new_key_in_the_platforms_answer_changes_nothing() -> None:
    player = await platform(Replies(httpx.Response(200, json={**PLAYER, "shoe_size": 43}))).player("P1")
    assert player is not None
    assert dict(player.fields) == {"country": "DE", "currency": "EUR"}


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(502, text="<html>"),
        httpx.Response(408),
        httpx.Response(302, headers={"location": "/login"}),
        httpx.Response(200, text="<html>fine</html>"),
        httpx.Response(201, json={"status": "ok"}),
        httpx.ReadTimeout("late"),
        httpx.WriteTimeout("late"),
        httpx.ReadError("cut"),
        httpx.WriteError("cut"),
        httpx.RemoteProtocolError("cut"),
    ],
)
async def test_a_grant_without_a_clear_answer_is_unknown_and_sent_once(answer: httpx.Response | Exception) -> None:
    replies = Replies(answer)
    with pytest.raises(OutcomeUnknown):
        await bonuses(replies).grant(ORDER, idempotency_key="k")
    assert len(replies.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("late"),
        httpx.PoolTimeout("busy"),
        httpx.Response(429),
        httpx.Response(404, text="wrong address"),
    ],
)
async def test_a_grant_that_cannot_have_been_made_is_unavailable_and_sent_once(
    answer: httpx.Response | Exception,
) -> None:
    replies = Replies(answer)
    with pytest.raises(Unavailable):
        await bonuses(replies).grant(ORDER, idempotency_key="k")
    assert len(replies.requests) == 1


async def test_a_refusal_without_a_code_is_a_refusal() -> None:
    answer = await bonuses(Replies(httpx.Response(422, text="no"))).grant(ORDER, idempotency_key="k")
    assert answer == Refused("http_422", "refused")


async def test_a_grant_carries_its_key_and_the_token() -> None:
    replies = Replies(httpx.Response(201, json={"id": "B1"}))
    assert await bonuses(replies).grant(ORDER, idempotency_key="issue:D") == Granted("B1")
    request = replies.requests[0]
    assert (request.url, request.headers["idempotency-key"]) == (f"{URL}/v1/players/P1/bonus", "issue:D")
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.content == b'{"decision_id": "D", "brand": "b", "reward": {"spinsCount": 15}, "reason": "r"}'


@pytest.mark.parametrize(
    "answer",
    [
        {"bonuses": [{"id": "B1", "idempotency_key": "another"}]},
        {"bonuses": [{"id": "B1"}]},
        {"bonuses": []},
        {"idempotency_key": "another", "bonuses": []},
        {"idempotency_key": "k", "bonuses": [{"id": "B1"}]},
    ],
    ids=["other grants", "no keys", "nothing of keys", "another key", "a grant without its key"],
)
async def test_an_answer_that_does_not_speak_of_the_key_says_nothing_of_it(answer: dict[str, object]) -> None:
    with pytest.raises(OutcomeUnknown):
        await bonuses(Replies(httpx.Response(200, json=answer))).find_grant("k")


async def test_an_answer_that_names_the_key_and_no_grant_says_that_there_is_none() -> None:
    none: dict[str, object] = {"idempotency_key": "k", "bonuses": []}
    assert await bonuses(Replies(httpx.Response(200, json=none))).find_grant("k") is None


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_any_success_means_that_a_message_was_taken(status: int) -> None:
    assert await messenger(Replies(httpx.Response(status))).send(MESSAGE, message_id="m") == Delivered("m")


@pytest.mark.parametrize("status", [404, 429])
async def test_a_message_that_nobody_took_is_unavailable(status: int) -> None:
    with pytest.raises(Unavailable):
        await messenger(Replies(httpx.Response(status))).send(MESSAGE, message_id="m")


async def test_a_message_is_signed_over_the_bytes_that_are_sent() -> None:
    replies = Replies(httpx.Response(200))
    await messenger(replies).send(MESSAGE, message_id="m")
    request = replies.requests[0]
    signature = webhook(SECRET).sign("m", NOON, request.content.decode())
    assert (request.headers["webhook-id"], request.headers["webhook-signature"]) == ("m", signature)
    assert request.headers["webhook-timestamp"] == str(int(NOON.timestamp()))


async def test_no_error_and_no_name_tells_the_token_or_the_address_asked_for() -> None:
    office = platform(Replies(httpx.ConnectError("refused")))
    with pytest.raises(Unavailable) as caught:
        await office.find_by_email("ada@example.com", brand="b")
    told = f"{caught.value} {caught.value.__cause__} {office!r} {messenger(Replies())!r}"
    assert TOKEN not in told
    assert SECRET not in told
    assert "ada@example.com" not in told


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "schlüssel"])
def test_a_token_that_no_header_can_carry_is_refused_without_being_told(token: str) -> None:
    with pytest.raises(ValueError, match="CROUPIER_BACKOFFICE_TOKEN") as caught:
        BackOfficeLink(client=httpx.AsyncClient(), url=URL, token=token, timeout_s=1)
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize("url", ["", "office.test", "ftp://office.test", "http:///v1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="CROUPIER_BACKOFFICE_URL"):
        BackOfficeLink(client=httpx.AsyncClient(), url=url, token=TOKEN, timeout_s=1)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_a", "é"])
def test_a_secret_that_signs_nothing_is_refused_without_being_told(secret: str) -> None:
    with pytest.raises(ValueError, match="CROUPIER_WEBHOOK_SECRET") as caught:
        webhook(secret)
    assert caught.value.__cause__ is None


async def test_another_player_than_was_asked_for_is_no_answer() -> None:
    with pytest.raises(Unavailable, match="about another player than was asked for"):
        await platform(Replies(httpx.Response(200, json=PLAYER))).player("P2")

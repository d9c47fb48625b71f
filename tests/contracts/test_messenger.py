"""What every messenger does."""

from decimal import Decimal

import pytest

from tests.contracts.outside import Kind, Outside
from tools.ports import AccessRefused, Delivered, ExternalMessage, OutcomeUnknown, Refused, Unavailable

MESSAGE = ExternalMessage(
    topic="ticket",
    body={"ticket_id": "T-1", "said": "où est mon bonus? שלום", "amount": Decimal("20.50"), "decision": None},
)


async def test_a_message_is_delivered_as_it_is(outside: Outside, key: str) -> None:
    assert await outside.works.messenger.send(MESSAGE, message_id=key) == Delivered(key)
    assert list(await outside.received(key)) == [("ticket", MESSAGE.body)]


async def test_a_repeated_id_is_delivered_once(outside: Outside, key: str) -> None:
    again = ExternalMessage(topic="ticket", body={"ticket_id": "T-1", "said": "again"})
    await outside.works.messenger.send(MESSAGE, message_id=key)
    assert await outside.works.messenger.send(again, message_id=key) == Delivered(key)
    assert list(await outside.received(key)) == [("ticket", MESSAGE.body)]


async def test_a_lost_answer_is_unknown_and_sending_again_is_harmless(outside: Outside, key: str) -> None:
    ports = await outside.failing("messages", "drop")
    with pytest.raises(OutcomeUnknown):
        await ports.messenger.send(MESSAGE, message_id=key)
    await outside.heal()
    await outside.works.messenger.send(MESSAGE, message_id=key)
    assert list(await outside.received(key)) == [("ticket", MESSAGE.body)]


async def test_a_failure_is_unknown(outside: Outside, key: str) -> None:
    ports = await outside.failing("messages", "error")
    with pytest.raises(OutcomeUnknown):
        await ports.messenger.send(MESSAGE, message_id=key)
    assert list(await outside.received(key)) == []


async def test_an_answer_that_comes_too_late_is_unknown(outside: Outside, key: str) -> None:
    ports = await outside.failing("messages", "slow")
    with pytest.raises(OutcomeUnknown):
        await ports.messenger.send(MESSAGE, message_id=key)


async def test_a_refusal_is_an_answer(outside: Outside, key: str) -> None:
    ports = await outside.failing("messages", "refuse")
    answer = await ports.messenger.send(MESSAGE, message_id=key)
    assert isinstance(answer, Refused)
    assert answer.code == "refused"
    assert list(await outside.received(key)) == []


@pytest.mark.parametrize("kind", ["unavailable", "access_refused"])
async def test_where_nothing_was_sent_or_believed_nothing_was_received(outside: Outside, key: str, kind: Kind) -> None:
    ports = await outside.failing("messages", kind)
    with pytest.raises(AccessRefused if kind == "access_refused" else Unavailable):
        await ports.messenger.send(MESSAGE, message_id=key)
    assert list(await outside.received(key)) == []

"""The messenger over HTTP: one POST, signed after Standard Webhooks."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

import httpx
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from casino.document import dump_json
from tools.adapters.http_bonus import wire_key
from tools.adapters.http_link import NOTHING_SENT, UNDERSTOOD_AND_DENIED, WHOLE, answered, refused
from tools.ports import AccessRefused, Delivered, ExternalMessage, OutcomeUnknown, Refused, Unavailable

SECRET_VARIABLE = "CROUPIER_WEBHOOK_SECRET"  # noqa: S105  # the name of a variable


def webhook(secret: str) -> Webhook:
    """Return the signer for a secret; ValueError where it is not one."""
    try:
        return Webhook(secret)
    except (ValueError, EmptyWebhookSecretError):  # not chained: the cause could quote the secret
        raise ValueError(f"{SECRET_VARIABLE} must be `whsec_` and then base64") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpMessenger:
    """`Messenger` on one receiving address."""

    client: httpx.AsyncClient
    url: str  # where the receiver takes messages, for the shipped back office `<url>/v1/messages`
    webhook: Webhook = field(repr=False)
    timeout_s: float
    now: Callable[[], datetime]  # signed into the message: the receiver takes none older than five minutes

    async def send(self, message: ExternalMessage, *, message_id: str) -> Delivered | Refused:
        """Send one message; the receiver drops a repeated id."""
        at = self.now().astimezone(UTC)
        body = dump_json({"type": message.topic, "timestamp": at.isoformat(), "data": message.body})
        try:
            async with asyncio.timeout(WHOLE * self.timeout_s):  # httpx waits so long for each piece
                response = await self.client.post(
                    self.url,
                    content=body.encode(),
                    headers=self._headers(wire_key(message_id), at, body),
                    timeout=self.timeout_s,
                    follow_redirects=False,
                )
        except NOTHING_SENT as error:
            raise Unavailable(f"send message: the receiver is not available ({type(error).__name__})") from error
        except (httpx.RequestError, TimeoutError) as error:
            raise OutcomeUnknown(f"send message: no answer from the receiver ({type(error).__name__})") from error
        return _answer(response, message_id)

    def _headers(self, message_id: str, at: datetime, body: str) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self.webhook.sign(message_id, at, body),
        }


def _answer(response: httpx.Response, message_id: str) -> Delivered | Refused:
    if response.is_success:
        return Delivered(message_id)
    status = response.status_code
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise AccessRefused(
            f"send message: the receiver does not accept our signature (HTTP {status}): "
            f"set {SECRET_VARIABLE} to the receiver's secret, and check this machine's clock"
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise Unavailable("send message: the receiver asks us to wait (HTTP 429)")
    if status == HTTPStatus.NOT_FOUND:
        raise Unavailable("send message: the receiver has no such address (HTTP 404)")
    if status in UNDERSTOOD_AND_DENIED:
        return refused(status, answered(response))
    raise OutcomeUnknown(f"send message: the receiver failed (HTTP {status})")

"""Messages from other systems: signed after Standard Webhooks, kept once per id."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook, WebhookVerificationError

from app.backoffice.database import Database
from app.backoffice.exact import dump, parse_object


class BadSignature(Exception):  # noqa: N818  # named by what was found
    """The message is not signed, or not by somebody who knows the secret, or too long ago."""


class Envelope(BaseModel):
    """The body of `POST /v1/messages`, as Standard Webhooks recommends it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    type: str = Field(min_length=1)
    timestamp: str
    data: dict[str, object]


def check_secret(secret: str) -> None:
    """Raise ValueError where nothing can be signed with this secret."""
    try:
        Webhook(secret)
    except (ValueError, EmptyWebhookSecretError):  # not chained: the cause could quote the secret
        raise ValueError("the webhook secret must be `whsec_` and then base64") from None


def receive(
    database: Database, body: bytes, *, headers: Mapping[str, str], secret: str, clock: Callable[[], datetime]
) -> tuple[str, bool]:
    """Keep a message; return its id and whether it was known already. Raises BadSignature and ValueError."""
    _check_signature(body, headers, secret)
    document = parse_object(body)
    envelope = Envelope.model_validate(document)
    message_id = headers["webhook-id"]
    at = clock().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with database.transaction() as connection:
        known = connection.execute("SELECT 1 FROM messages WHERE id = ?", (message_id,)).fetchone()
        if known is None:
            values = (message_id, envelope.type, dump(document["data"]), at)
            connection.execute("INSERT INTO messages VALUES (?, ?, ?, ?)", values)
    return message_id, known is not None


def _check_signature(body: bytes, headers: Mapping[str, str], secret: str) -> None:
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError) as error:  # ValueError: a header that is not even base64
        raise BadSignature("the signature does not fit the message, the secret or the time") from error

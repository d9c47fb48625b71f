"""One way of talking to the back office over HTTP: reads are retried, writes never are.

The messages name the operation, never the address asked for: that one may hold an e-mail address.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential, wait_random

from casino.document import load_json
from casino.values import Document
from tools.ports import AccessRefused, OutcomeUnknown, Refused, Unavailable

READ_TIMES = 3
WHOLE = 4  # times its patience with one phase a call may last: an answer that drips in would hold a ticket for ever
TOKEN_VARIABLE = "CROUPIER_BACKOFFICE_TOKEN"  # noqa: S105  # the name of a variable
URL_VARIABLE = "CROUPIER_BACKOFFICE_URL"
# Faults that come before the request has left.
NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
UNDERSTOOD_AND_DENIED = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.CONFLICT,
        HTTPStatus.GONE,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


class NotOffered(Unavailable):
    """The other side is there, and says that it does not do this at all (HTTP 501)."""


class _AskAgain(Exception):  # noqa: N818  # named by what happens next
    """The other side is there and has trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOfficeLink:
    """Where the back office is, and how long to wait for it.

    `timeout_s` is for each phase: connecting, sending, each read. A whole call may take WHOLE times as long.
    """

    client: httpx.AsyncClient
    url: str
    token: str = field(repr=False)
    timeout_s: float

    def __post_init__(self) -> None:
        """Refuse an address that is none, and a token that no header can carry: an error would quote it later."""
        if not re.match(r"https?://[^/]", self.url):
            raise ValueError(f"{URL_VARIABLE} must begin with `http://` or `https://` and a host")
        if not re.fullmatch(r"[\x21-\x7e]+", self.token):
            raise ValueError(f"{TOKEN_VARIABLE} is empty, or holds a space, a line break or a letter beyond ASCII")

    async def read(self, operation: str, path: str, *, query: Mapping[str, str] | None = None) -> Document | None:
        """Return what the back office answers, or None where it says that there is no such player.

        Tries three times, then raises Unavailable; AccessRefused and NotOffered at once.
        """
        try:
            async for attempt in AsyncRetrying(
                retry=retry_if_exception_type((httpx.TransportError, _AskAgain)),
                stop=stop_after_attempt(READ_TIMES),
                wait=wait_exponential(multiplier=0.05, max=0.5) + wait_random(0, 0.05),
                reraise=True,
            ):
                with attempt:
                    response = await self._send("GET", path, query=query)
                    return _read_answer(operation, response)
        except (httpx.RequestError, _AskAgain) as error:
            raise self._unavailable(operation, error) from error
        raise Unavailable(f"{operation}: not asked")  # pragma: no cover  # the loop returns or raises

    async def write(
        self, operation: str, path: str, *, content: bytes, headers: Mapping[str, str]
    ) -> Document | Refused:
        """Send once; return the answer or the refusal.

        Raises Unavailable where nothing was sent, AccessRefused where we were not let in, and OutcomeUnknown
        wherever the work may have been done.
        """
        try:
            response = await self._send("POST", path, content=content, headers=headers)
        except NOTHING_SENT as error:
            raise self._unavailable(operation, error) from error
        except httpx.RequestError as error:
            raise OutcomeUnknown(f"{operation}: no answer from the back office ({_kind(error)})") from error
        return _write_answer(operation, response)

    async def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        try:
            async with asyncio.timeout(WHOLE * self.timeout_s):
                return await self.client.request(
                    method,
                    self.url.rstrip("/") + path,
                    params=query,
                    content=content,
                    headers={"Authorization": f"Bearer {self.token}", **(headers or {})},
                    timeout=self.timeout_s,
                    follow_redirects=False,
                )
        except TimeoutError as error:
            raise httpx.ReadTimeout("the answer came too slowly") from error

    def _unavailable(self, operation: str, error: Exception) -> Unavailable:
        where = httpx.URL(self.url).copy_with(username=None, password=None)
        return Unavailable(
            f"{operation}: the back office at {where} is not available ({_kind(error)}): "
            f"start it (`croupier backoffice`) or set {URL_VARIABLE}"
        )


def _kind(error: Exception) -> str:
    return str(error) if isinstance(error, _AskAgain) else type(error).__name__


def _refuse_access(operation: str, response: httpx.Response) -> None:
    if response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise AccessRefused(
            f"{operation}: the back office does not accept our token (HTTP {response.status_code}): "
            f"set {TOKEN_VARIABLE} to the token it was started with"
        )


def _read_answer(operation: str, response: httpx.Response) -> Document | None:
    _refuse_access(operation, response)
    if response.status_code == HTTPStatus.NOT_IMPLEMENTED:
        raise NotOffered(f"{operation}: the back office does not offer this (HTTP 501)")
    if response.is_server_error or response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        raise _AskAgain(f"HTTP {response.status_code}")
    document = answered(response)
    if response.status_code == HTTPStatus.NOT_FOUND:
        _no_player(operation, document)
        return None
    if response.status_code != HTTPStatus.OK or document is None:
        raise Unavailable(f"{operation}: the answer of the back office is not understood (HTTP {response.status_code})")
    return document


def _no_player(operation: str, document: Document | None) -> str:
    """Return the message that there is no such player; a wrong address says 404 as well, and that is an outage."""
    if document is None or document.get("code") != "player_not_found":
        raise Unavailable(f"{operation}: the back office has no such address (HTTP 404): check {URL_VARIABLE}")
    return str(document.get("message", "there is no player with this id"))


def _write_answer(operation: str, response: httpx.Response) -> Document | Refused:
    _refuse_access(operation, response)
    document = answered(response)
    if response.is_success and document is not None:
        return document
    if response.status_code == HTTPStatus.NOT_FOUND:
        return Refused(code="player_not_found", message=_no_player(operation, document))
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        raise Unavailable(f"{operation}: the back office asks us to wait (HTTP 429)")
    if response.status_code in UNDERSTOOD_AND_DENIED:
        return refused(response.status_code, document)
    raise OutcomeUnknown(f"{operation}: the answer of the back office is no answer (HTTP {response.status_code})")


def refused(status: int, document: Document | None) -> Refused:
    """Return the refusal in an answer: its own code and message where it has them."""
    told = document or {}
    return Refused(code=str(told.get("code", f"http_{status}")), message=str(told.get("message", "refused")))


def answered(response: httpx.Response) -> Document | None:
    """Return the JSON object in an answer, numbers exact, or None where there is none."""
    try:
        value = load_json(response.content.decode(), name="answer").value
    except ValueError:  # neither UTF-8 nor exact JSON
        return None
    return value if isinstance(value, dict) else None

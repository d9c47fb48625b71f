"""Who may come in: a bearer token for everything but the health check and signed messages."""

import hmac
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Receive, Scope, Send

from app.backoffice.answers import problem

OPEN = {("GET", "/healthz"), ("POST", "/v1/messages")}  # a message proves itself by its signature


@dataclass(frozen=True, slots=True)
class GuardedApp:
    """An application behind a bearer token."""

    app: ASGIApp
    token: str = field(repr=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer 401."""
        if (scope["method"], scope["path"]) in OPEN or self._fits(scope):
            await self.app(scope, receive, send)
            return
        refusal = problem(
            401,
            "unauthorised",
            "a valid bearer token is needed: `Authorization: Bearer <token>`",
            headers={"WWW-Authenticate": "Bearer"},
        )
        await refusal(scope, receive, send)

    def _fits(self, scope: Scope) -> bool:
        headers: list[tuple[bytes, bytes]] = list(scope["headers"])
        given = next((value for name, value in headers if name == b"authorization"), b"")
        scheme, _, token = given.partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(token.strip(), self.token.encode())

"""The back office's HTTP interface. `create_app` builds it around an open database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Annotated

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from app.backoffice import players
from app.backoffice.access import GuardedApp
from app.backoffice.answers import answer, found, problem
from app.backoffice.database import Database
from app.backoffice.faults import ALIASES, NAMES, FaultBoard, FaultyApp, Switch
from app.backoffice.grants import Verdict, grant
from app.backoffice.messages import BadSignature, receive

MAX_BODY_BYTES = 262_144
STATUS = {
    Verdict.GRANTED: 201,
    Verdict.REPLAYED: 201,
    Verdict.REFUSED: 422,
    Verdict.CONFLICT: 409,
    Verdict.NO_PLAYER: 404,
}


def utc_now() -> datetime:
    """Return the time by the machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What the routes stand on."""

    database: Database
    token: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    clock: Callable[[], datetime] = utc_now
    idempotent: bool = True  # False: it knows no keys, so a repeated order is another order


def create_app(office: Office) -> ASGIApp:
    """Build the application: access, then faults, then the routes."""
    board = FaultBoard()
    # No documentation pages: they would stand outside the token.
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.include_router(_player_routes(office))
    app.include_router(_bonus_routes(office))
    app.include_router(_message_routes(office))
    app.include_router(_fault_routes(board))
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(RequestValidationError, _validation_problem)
    return GuardedApp(FaultyApp(app, board), office.token)


async def _body(request: Request) -> bytes:
    """Return the body, unless it is longer than anything we expect."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(413, f"the body is longer than {MAX_BODY_BYTES} bytes")
    return body


RawBody = Annotated[bytes, Depends(_body)]


def _player_routes(office: Office) -> APIRouter:
    router, database = APIRouter(), office.database

    @router.get("/healthz")
    def healthz() -> Response:
        database.rows("SELECT 1")
        return answer({"status": "ok"})

    @router.get("/v1/players")
    def find(email: str, brand: str | None = None) -> Response:
        return answer({"players": players.by_email(database, email=email, brand=brand)})

    @router.get("/v1/players/{player_id}")
    def player(player_id: str) -> Response:
        return found(players.profile(database, player_id))

    @router.get("/v1/players/{player_id}/responsible-gaming")
    def responsible_gaming(player_id: str) -> Response:
        return found(players.responsible_gaming(database, player_id))

    @router.get("/v1/players/{player_id}/kyc")
    def kyc(player_id: str) -> Response:
        return found(players.kyc(database, player_id))

    @router.get("/v1/players/{player_id}/deposits")
    def deposits(player_id: str) -> Response:
        return found(players.deposits(database, player_id))

    @router.get("/v1/changes")
    def changes(since: int = 0) -> Response:
        return answer(players.changes(database, since=since))

    return router


def _bonus_routes(office: Office) -> APIRouter:
    router, database = APIRouter(), office.database

    @router.get("/v1/bonus-templates")
    def templates(brand: str) -> Response:
        return answer(players.templates(database, brand))

    @router.get("/v1/bonuses")
    def bonuses(idempotency_key: str | None = None, player_id: str | None = None) -> Response:
        if idempotency_key is None and player_id is None:
            return problem(400, "filter_needed", "name an `idempotency_key`, a `player_id` or both")
        if idempotency_key is not None and not office.idempotent:
            return problem(501, "no_idempotency", "this back office knows no keys: look into the player's bonuses")
        return answer(players.bonuses(database, idempotency_key=idempotency_key, player_id=player_id))

    @router.post("/v1/players/{player_id}/bonus")
    def issue(player_id: str, body: RawBody, idempotency_key: Annotated[str | None, Header()] = None) -> Response:
        if office.idempotent and not idempotency_key:
            return problem(400, "idempotency_key_needed", "send an `Idempotency-Key` header: one key for one bonus")
        key = idempotency_key if office.idempotent else None
        try:
            result = grant(database, body, player_id=player_id, key=key, clock=office.clock)
        except ValueError as error:
            return problem(400, "invalid_order", _why(error))
        headers = {"Idempotency-Replayed": "true"} if result.verdict is Verdict.REPLAYED else None
        return answer(result.document, status=STATUS[result.verdict], headers=headers)

    return router


def _message_routes(office: Office) -> APIRouter:
    router, database = APIRouter(), office.database

    @router.get("/v1/messages")
    def messages() -> Response:
        return answer(players.messages(database))

    @router.post("/v1/messages")
    def message(request: Request, body: RawBody) -> Response:
        try:
            message_id, known = receive(
                database, body, headers=request.headers, secret=office.webhook_secret, clock=office.clock
            )
        except BadSignature as error:
            return problem(401, "bad_signature", str(error))
        except ValueError as error:
            return problem(400, "invalid_message", _why(error))
        return answer({"id": message_id, "duplicate": known}, status=200 if known else 201)

    return router


def _fault_routes(board: FaultBoard) -> APIRouter:
    router = APIRouter(prefix="/v1/faults")

    @router.get("")
    async def faults() -> Response:
        return answer(board.to_json())

    @router.put("/{operation}")
    async def switch_on(operation: str, switch: Annotated[Switch, Body()]) -> Response:
        name = ALIASES.get(operation, operation)
        if name not in NAMES:
            near = get_close_matches(operation, (*NAMES, *ALIASES), n=1)
            mend = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(NAMES)}"
            return problem(404, "unknown_operation", f"there is no operation `{operation}`; {mend}")
        return answer({"operation": name, **board.put(name, switch).to_json()})

    @router.delete("")
    async def switch_off() -> Response:
        board.clear()
        return answer(board.to_json())

    return router


def _why(error: ValueError) -> str:
    """Say what is wrong with a body without repeating what stands in it."""
    if not isinstance(error, ValidationError):
        return str(error)
    places = (f"`{'.'.join(str(step) for step in line['loc'])}`: {line['msg']}" for line in error.errors())
    return "; ".join(places)


async def _http_problem(_request: Request, error: Exception) -> Response:
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "internal error")
    code = {404: "no_such_address", 405: "method_not_allowed", 413: "body_too_long"}.get(status, "http_error")
    return problem(status, code, detail)


async def _validation_problem(_request: Request, error: Exception) -> Response:
    lines = error.errors() if isinstance(error, RequestValidationError) else ()
    places = (f"`{'.'.join(str(step) for step in line['loc'])}`: {line['msg']}" for line in lines)
    return problem(422, "invalid_request", "; ".join(places))

"""Answers: JSON with exact numbers, and problems as `{"code", "message"}`."""

from collections.abc import Mapping

from starlette.responses import Response

from app.backoffice.exact import Json, dump


def answer(document: Json, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a document."""
    return Response(dump(document), status_code=status, headers=headers, media_type="application/json")


def problem(status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem; `code` is for programs, `message` for people."""
    return answer({"code": code, "message": message}, status=status, headers=headers)


def found(document: Json) -> Response:
    """Return something about a player, or say that there is no such player."""
    if document is None:
        return problem(404, "player_not_found", "there is no player with this id")
    return answer(document)

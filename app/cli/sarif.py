"""Findings as SARIF 2.1.0, which code hosts and editors show beside the line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final, Literal
from urllib.parse import quote

from casino.document import Writable

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final[Mapping[str, str]] = {"error": "error", "warning": "warning", "hint": "note", "notice": "note"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """One finding at a place; without a line it is about the file, without a file about the whole."""

    code: str
    severity: Literal["error", "warning", "hint", "notice"]
    text: str
    file: str | None
    line: int | None = None
    column: int | None = None


def sarif(findings: Iterable[Located], titles: Mapping[str, str]) -> dict[str, Writable]:
    """Return a SARIF log; `titles` says for each code what it is about."""
    found = [*findings]
    codes = sorted({one.code for one in found})
    rules: list[Writable] = [
        {"id": code, "shortDescription": {"text": titles.get(code, code)}} for code in codes
    ]  # fmt: skip
    driver: dict[str, Writable] = {"name": "croupier", "version": version("croupier"), "rules": rules}
    results = [_result(one, codes.index(one.code)) for one in found]
    run: dict[str, Writable] = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(one: Located, rule: int) -> dict[str, Writable]:
    result: dict[str, Writable] = {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": _LEVELS[one.severity],
        "message": {"text": one.text},
    }
    if one.file is not None:
        result["locations"] = [{"physicalLocation": _place(one.file, one)}]
    return result


def _place(file: str, one: Located) -> dict[str, Writable]:
    place: dict[str, Writable] = {"artifactLocation": {"uri": quote(file.replace("\\", "/"))}}
    if one.line is not None:
        region: dict[str, Writable] = {"startLine": one.line}
        place["region"] = region if one.column is None else {**region, "startColumn": one.column}
    return place

"""The words of the rule language: text cut into tokens, each with its offset."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

TokenKind: TypeAlias = Literal["string", "open_string", "number", "bad_number", "word", "symbol", "mark", "end"]


class RuleSyntaxError(ValueError):
    """A rule that cannot be read: what is wrong, at which offset (from 0), and how to mend it."""

    def __init__(self, message: str, offset: int, mend: str) -> None:
        super().__init__(f"{message} (at character {offset + 1}). {mend}")
        self.message = message
        self.offset = offset
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a rule; the last one is always an "end"."""

    kind: TokenKind
    text: str
    offset: int


_TOKEN = re.compile(
    r"""
      (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<open_string>['"].*)
    | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![\w.:+-]))
    | (?P<bad_number>[-+]?\.?[0-9][\w.:+-]*)
    | (?P<word>[^\W\d][\w.-]*)
    | (?P<symbol>[=!<>&|~≥≤≠]+)
    | (?P<mark>\S)
    | (?P<space>\s+)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(text: str) -> Iterator[Token]:
    """Cut a text into tokens. Every character belongs to one, so nothing is passed over in silence."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield Token(cast("TokenKind", match.lastgroup), match.group(), match.start())
    yield Token("end", "", len(text))


_ESCAPE = re.compile(r"\\(u\{(?P<code>[0-9a-fA-F]{1,6})\}|(?P<sign>.))", re.DOTALL)
_SIGNS = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "t": "\t", "r": "\r"}


def unquoted(token: Token) -> str:
    r"""Return what a string token says; the escapes are \\ \' \" \n \t \r and \u{…}."""

    def sign(match: re.Match[str]) -> str:
        code = cast("str | None", match["code"])
        try:
            return chr(int(code, 16)) if code is not None else _SIGNS[match["sign"]]
        except (KeyError, ValueError, OverflowError):
            offset = token.offset + 1 + match.start()
            mend = r"Write \\ for a backslash; the others are \' \" \n \t \r and \u{e9}."
            raise RuleSyntaxError(f'"{match.group()}" is no escape', offset, mend) from None

    return _ESCAPE.sub(sign, token.text[1:-1])

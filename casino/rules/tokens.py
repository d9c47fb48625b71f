"""The words of the rule language: text cut into tokens, each with its offset."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
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

    @property
    def shown(self) -> str:
        """Return the token as a message names it."""
        return f'"{short(self.text)}"' if self.text else "the end"


def short(text: str) -> str:
    """Return a text as far as a message shows it."""
    return text if len(text) <= _GLANCE else text[: _GLANCE - 1] + "…"


_GLANCE = 30  # characters
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


class Cursor:
    """One pass over the tokens of one text."""

    def __init__(self, cut: Iterable[Token]) -> None:
        self._tokens = tuple(cut)
        self._position = 0

    @property
    def next(self) -> Token:
        """Return the token that stands next; at the end the "end", for ever."""
        return self._tokens[self._position]

    def take(self) -> Token:
        """Step over one token, and return it."""
        token = self.next
        self.skip(1)
        return token

    def skip(self, count: int) -> None:
        """Step over some tokens."""
        self._position = min(self._position + count, len(self._tokens) - 1)

    def words_ahead(self, most: int) -> list[str]:
        """Return the words that follow each other from here, at most so many."""
        ahead = self._tokens[self._position : self._position + most]
        return [token.text for token in takewhile(lambda token: token.kind == "word", ahead)]


def tokens(text: str, pattern: re.Pattern[str] = _TOKEN) -> Iterator[Token]:
    """Cut a text into tokens. Every character belongs to one, so nothing is passed over in silence.

    Each group of the pattern is a kind of token, and one of them is "space".
    """
    for match in pattern.finditer(text):
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

"""A player's message on its way in: made safe to read, never to obey.

Nothing that can be seen is taken away. What goes is what a person cannot see and a model can: control characters,
direction overrides, tag characters and other hidden carriers of text.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from casino.values import Document
from tools.harm import speaks_of_harm

Notice = Literal["empty", "too_long"]
Change = Literal["control_characters", "bidi_overrides", "normalised"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that is safe for the model: its text, what the player should be told, and what was changed."""

    text: str
    notice: Notice | None
    changed: tuple[Change, ...]


_BIDI_OVERRIDES: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
# C0 and C1 without tab and line feed; zero-width space, word joiner and invisible operators, byte order mark, soft
# hyphen, annotation marks, deprecated format controls, and the tag block. Left-to-right and right-to-left marks stay:
# people type them.
_CONTROLS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Variation selectors after a first one show nothing and can carry a hidden text.
_SPARE_SELECTORS: Final = re.compile("(?<=[\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
# A joiner has work to do only inside scripts beyond Greek and Cyrillic (Persian, Hindi, …) and between emoji.
_SHAPED: Final = "[\u0590-\u1dff\u2100-\U000dffff]"
_IDLE_JOINERS: Final = re.compile(f"(?<!{_SHAPED})[\u200c\u200d]+|[\u200c\u200d]+(?!{_SHAPED}|[\u200c\u200d])")
_JOINERS: Final = "\u200c\u200d"
_LINE_ENDS: Final = re.compile("\r\n?|\u2028|\u2029")
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # Hangul fillers, empty Braille


def clean(text: str, *, limit_chars: int | None = 8000) -> Incoming:
    """Return the message without hidden characters, in NFC, at most `limit_chars` (1 or more) characters long.

    The notice is `empty` where nothing visible is left and `too_long` where the end was cut off. Where the limit is
    None, nothing is.
    """
    if limit_chars is not None and limit_chars < 1:
        raise ValueError(f"limit_chars is {limit_chars}; it must be at least 1")
    whole = _LINE_ENDS.sub("\n", _without_surrogates(text))
    visible = _BIDI_OVERRIDES.sub("", whole)
    shown = _without_idle_marks(_CONTROLS.sub("", visible))
    composed = _settled(shown)
    changed = _changes(shown != visible, visible != whole, normalised=whole != text or composed != shown)
    if not any(_can_be_seen(character) for character in composed):
        return Incoming("", "empty", changed)
    if limit_chars is not None and len(composed) > limit_chars:
        return Incoming(_cut(composed, limit_chars), "too_long", changed)
    return Incoming(composed, None, changed)


def _changes(control_characters: bool, bidi_overrides: bool, *, normalised: bool) -> tuple[Change, ...]:
    changes: list[Change] = []
    if control_characters:
        changes.append("control_characters")
    if bidi_overrides:
        changes.append("bidi_overrides")
    if normalised:
        changes.append("normalised")
    return tuple(changes)


def _without_surrogates(text: str) -> str:
    """Join surrogate pairs into their character and replace lone ones, which no encoder would take."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _without_idle_marks(text: str) -> str:
    """Take out joiners and selectors that do nothing; each that goes can leave another one idle."""
    before = None
    while before != text:
        before, text = text, _IDLE_JOINERS.sub("", _SPARE_SELECTORS.sub("", text))
    return text


def _settled(text: str) -> str:
    """Return NFC; composing can leave a mark idle, so both are done until nothing changes."""
    before = None
    while before != text:
        before, text = text, _without_idle_marks(unicodedata.normalize("NFC", _without_piles(text)))
    return text


_MOST_MARKS: Final = 30  # on one letter, as in Unicode's Stream-Safe Text Format (UAX #15): no language has as many


def _without_piles(text: str) -> str:
    """Take off the marks that no letter has: to put n of them in order, NFC takes a time that grows with n squared."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _can_be_seen(character: str) -> bool:
    return unicodedata.category(character)[0] not in "ZCM" and character not in _BLANK_LETTERS


_WORD_REACH: Final = 200  # characters that may be given up to end on a whole word


def _cut(text: str, limit: int) -> str:
    """Cut at white space near the limit, else between two characters as people see them."""
    text = text.lstrip()
    if len(text) <= limit:
        return text
    spaces = [at for at in range(max(1, limit - min(_WORD_REACH, limit // 2)), limit + 1) if text[at].isspace()]
    at = spaces[-1] if spaces else limit
    while at > 1 and (_belongs_to_the_last(text[at]) or text[at - 1] in _JOINERS):
        at -= 1
    return text[:at].rstrip()


def _belongs_to_the_last(character: str) -> bool:
    return (
        unicodedata.category(character)[0] == "M" or character in _JOINERS or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


OF_HARM: Final = "speaks_of_harm"  # so it is called in the body of a message on the record


def heard_of_harm(body: Document) -> bool:
    """Tell whether a message on the record speaks of harm: in the words that were kept, or in those cut off."""
    return body.get(OF_HARM) is True or speaks_of_harm(str(body["text"]))


class BadTrigger(ValueError):  # noqa: N818  # named by what is so
    """A name in a trigger cannot be kept by every store; nothing was taken, and the channel has to name it better."""


_UNKEPT: Final = re.compile("[\x00\ud800-\udfff]")


def must_be_kept(names: Mapping[str, str]) -> None:
    """Refuse a name with NUL or half of a surrogate pair in it: no database keeps both, and names are never cleaned.

    Raises `BadTrigger`.
    """
    for what, name in names.items():
        if (bad := _UNKEPT.search(name)) is not None:
            code = f"U+{ord(bad.group()):04X}"
            raise BadTrigger(
                f"`{what}` holds {code} at character {bad.start() + 1}, which cannot be kept; leave it out"
            )


_ESCAPES: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


def as_data(text: str, *, tag: str) -> str:
    """Mark a text as data for a prompt: whatever it says, it cannot close the tag that it is put between."""
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return f"<{tag}>{text}</{tag}>"

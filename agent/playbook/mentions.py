"""Find the mentions of a Markdown text: chips, and typed names; never those in code, links, HTML or e-mail addresses.

markdown-it-py decides what is code, link or text; the rule added here is asked at every `@` and `#` of the rest.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from agent.playbook.procedure import Mention, MentionKind, Place, Severity
from agent.playbook.sheet import Sheet, lines_of
from agent.playbook.vocabulary import Named, Names, Vocabulary, did_you_mean, suggestion

KINDS: Final[tuple[MentionKind, ...]] = ("action", "context", "field", "knowledge", "procedure")  # after an @
_ALL_KINDS: Final[tuple[MentionKind, ...]] = (*KINDS, "human")
_CHIP = re.compile(r"\[((?:\\.|[^\\\[\]]){0,200})\]\(([A-Za-z_-]{1,40}):([^\s()]{1,200})\)", re.DOTALL)
_BROKEN_CHIP = re.compile(r"\[(?:\\.|[^\\\[\]\n]){1,200}\]")
_WORD = re.compile(r"[^\W\d][\w.-]*\w|[^\W\d]")
_WORDS = re.compile(r"[^\W\d]\S{0,60}(?:[ \t]+\S{1,60}){0,7}")
_LOCAL_PART = re.compile(r"[^\W_][_+%\-]*$")
_ANY_LOCAL_PART = re.compile(r"[^\W_][!#$&'*/=?^`{|}~.\"+%_-]*$")
_DOMAIN = re.compile(r"@(?:[\w-]+\.)+[^\W\d_]{2,}")
_ADDRESS = re.compile(r"://|^www\.|[^\W_]\.[a-z]{2,}/", re.IGNORECASE)
ASKS_NOBODY: Final = "P105"
MOST_ADVICE: Final = 50  # different unknown names for which the nearest are looked up: it takes time
_LOOK_BACK = 256  # characters; an e-mail address is no longer, and a scan back must stay bounded


@dataclass(frozen=True, slots=True)
class Spot:
    """A mention in a text, from `start` up to `end`."""

    start: int
    end: int
    named: Named
    label: str
    canonical: bool


@dataclass(frozen=True, slots=True)
class Stray:
    """Something that looks like a mention and is none. `typed` is set where the nearest names are to be suggested."""

    start: int
    end: int
    code: str
    message: str
    mend: str
    severity: Severity = "error"
    typed: str | None = None


ReadAt: TypeAlias = Callable[[str, int], Spot | Stray | None]


@dataclass(frozen=True, slots=True)
class Spotted:
    """A mention or a stray with its two ends in the file."""

    what: Spot | Stray
    start: Place
    end: Place

    def mention(self) -> Mention | None:
        """Return the mention, or None for a stray."""
        match self.what:
            case Spot(named=named, label=label, canonical=canonical):
                return Mention(named.kind, named.id, label, self.start, canonical)
            case Stray():
                return None


class Reader:
    """Reads what stands at an `@` or a `#`, given a vocabulary."""

    __slots__ = ("_humans", "_names")

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._names = Names.of(vocabulary, KINDS)
        self._humans = Names.of(vocabulary, ("human",))

    def read(self, sheet: Sheet) -> tuple[Spotted, ...]:
        """Return the mentions and strays of a text in reading order, strays with advice."""
        advice: dict[str, str] = {}
        advised = (self._advised(one, advice) for one in scan(sheet, self))
        return tuple(one for one in advised if one is not None)

    def _advised(self, one: Spotted, advice: dict[str, str]) -> Spotted | None:
        """Suggest names for a stray; a hash tag is no mistake, unless it is nearly the name of a team."""
        if isinstance(one.what, Spot) or one.what.typed is None:
            return one
        asks = one.what.code == ASKS_NOBODY
        key = f"{asks} {one.what.typed}"
        if key not in advice and len(advice) < MOST_ADVICE:
            advice[key] = suggestion((self._humans if asks else self._names).nearest(one.what.typed))
        mend = advice.get(key) or one.what.mend
        return replace(one, what=replace(one.what, mend=mend)) if mend else None

    def __call__(self, text: str, start: int) -> Spot | Stray | None:
        """Return the mention at `start`, or what is wrong with it, or None where there is none."""
        names = self._names if text[start] == "@" else self._humans
        if not _may_begin(text, start):
            return None
        if (chip := _CHIP.match(text, start + 1)) is not None:
            return self._chip(text[start], start, chip)
        if (broken := _BROKEN_CHIP.match(text, start + 1)) is not None and text[start] == "@":
            return _broken_chip(text, start, broken.end(), names)
        return _typed(text, start, names) or _unknown(text, start)

    def _chip(self, sigil: str, start: int, chip: re.Match[str]) -> Spot | Stray | None:
        kind = _kind(chip[2])
        if kind is None:
            return _unknown_kind(start, chip) if sigil == "@" else None
        if (kind == "human") != (sigil == "#"):
            right = "#" if kind == "human" else "@"
            return Stray(start, chip.end(), "P103", f'"{sigil}" does not go with {kind}:', f'Write "{right}{chip[0]}".')
        named, vocabulary = Named(kind, chip[3]), self._names.vocabulary
        if not vocabulary.knows(named):
            return _unknown_id(start, chip, vocabulary.of_kind(kind))
        return Spot(start, chip.end(), named, plain_label(chip[1]), canonical=True)


def chips_only(text: str, start: int) -> Spot | Stray | None:
    """Read chips of any vocabulary and nothing else: for text whose mentions were resolved before."""
    chip = _CHIP.match(text, start + 1)
    kind = _kind(chip[2]) if chip is not None else None
    if chip is None or kind is None or (kind == "human") != (text[start] == "#"):
        return None
    return Spot(start, chip.end(), Named(kind, chip[3]), plain_label(chip[1]), canonical=True)


def plain_label(label: str) -> str:
    """Return a chip's label as a reader sees it."""
    return " ".join(re.sub(r"\\(.)", r"\1", label, flags=re.DOTALL).split())


def chip(named: Named, label: str) -> str:
    """Return the canonical spelling of a mention."""
    sigil = "#" if named.kind == "human" else "@"
    escaped = re.sub(r"([\[\]\\])", r"\\\1", label)
    return f"{sigil}[{escaped}]({named.kind}:{named.id})"


def scan(sheet: Sheet, read_at: ReadAt) -> tuple[Spotted, ...]:
    """Return the mentions and strays of a text in reading order."""
    found: list[Spotted] = []
    for token in markdown(read_at).parse(sheet.text()):
        if token.type == "inline":
            found += _in_inline(token, sheet, read_at)
    return tuple(found)


def markdown(read_at: ReadAt) -> MarkdownIt:
    """Return a CommonMark reader that takes what `read_at` recognises as one token of the type `mention`."""

    def rule(state: StateInline, silent: bool) -> bool:
        if state.src[state.pos] not in "@#":
            return False
        what = read_at(state.src, state.pos)
        if what is None or what.end > state.posMax:
            return False
        if not silent:
            state.push("mention", "", 0).info = str(state.pos)
        state.pos = what.end
        return True

    reader = MarkdownIt("commonmark")
    reader.inline.ruler.before("link", "mention", rule)
    return reader


def rewrite(sheet: Sheet, spotted: Sequence[Spotted]) -> Sheet:
    """Return the sheet with every typed mention as a chip; every line stays the line that it was."""
    lines = list(sheet.lines)
    for one in sorted(spotted, key=lambda one: one.start, reverse=True):
        if isinstance(one.what, Spot) and not one.what.canonical:
            _rewrite_one(lines, sheet.position(one.start), sheet.position(one.end), one.what)
    return Sheet(tuple(lines), sheet.line, sheet.indent)


def _rewrite_one(lines: list[str], start: tuple[int, int], end: tuple[int, int], spot: Spot) -> None:
    (first, left), (last, right) = start, end
    if first == last:
        lines[first] = lines[first][:left] + chip(spot.named, spot.label) + lines[first][right:]
        return
    # A name that runs over a line end keeps its words where they are: only the chip's marks are put around it.
    lines[last] = f"{lines[last][:right]}]({spot.named.kind}:{spot.named.id}){lines[last][right:]}"
    lines[first] = f"{lines[first][: left + 1]}[{lines[first][left + 1 :]}"


def replace_chips(text: str, words: Callable[[Named, str], str]) -> str:
    """Return a text with `words(named, label)` in the place of every chip."""
    lines = [line.text for line in lines_of(text)]
    sheet = Sheet(tuple(lines))
    for one in reversed(_chips(sheet)):
        if isinstance(one.what, Spot):
            (first, left), (last, right) = sheet.position(one.start), sheet.position(one.end)
            lines[first : last + 1] = [
                lines[first][:left] + words(one.what.named, one.what.label) + lines[last][right:]
            ]
    return "\n".join(lines)


@lru_cache(maxsize=1024)
def _chips(sheet: Sheet) -> tuple[Spotted, ...]:
    """Return the chips of a text. The same texts are shown again at every step, and reading Markdown is slow."""
    return scan(sheet, chips_only)


def _in_inline(token: Token, sheet: Sheet, read_at: ReadAt) -> list[Spotted]:
    links, first = 0, _first_row(token, sheet)
    found: list[Spotted] = []
    for child in token.children or []:
        links += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type == "mention" and links == 0:
            what = read_at(token.content, int(child.info))
            if what is not None:
                ends = (_place(sheet, first, token.content, offset) for offset in (what.start, what.end))
                found.append(Spotted(what, *ends))
    return found


def _first_row(token: Token, sheet: Sheet) -> int:
    """Return the row of a text's first line: rows of odd blanks before it belong to the block, not to the text."""
    begin, end = token.map or (0, 0)
    words = token.content.split("\n", 1)[0].strip()
    return next((row for row in range(begin, end) if words in _source(sheet, row)), begin)


def _place(sheet: Sheet, first: int, content: str, offset: int) -> Place:
    """Say where a character of an inline text stands: a line of it is the right part of its source line."""
    row = content.count("\n", 0, offset)
    begin = content.rfind("\n", 0, offset) + 1
    line = content[begin:].split("\n", 1)[0]
    source, words = _source(sheet, first + row).rstrip(), line.strip()
    shift = len(source) - len(words) if source.endswith(words) else max(source.rfind(words), 0)
    return sheet.place(first + row, shift + (offset - begin) - (len(line) - len(line.lstrip())))


def _source(sheet: Sheet, row: int) -> str:
    """Return a source line as markdown-it gives it back."""
    return sheet.lines[row].replace("\0", "\N{REPLACEMENT CHARACTER}")


def _may_begin(text: str, start: int) -> bool:
    """Tell whether a mention may begin here: not within an e-mail address or a web address."""
    before = text[max(0, start - _LOOK_BACK) : start]
    if before == "" or before[-1].isspace():
        return True
    run = before.split()[-1]
    if _LOCAL_PART.search(run) is not None or _ADDRESS.search(run) is not None:
        return False
    return _DOMAIN.match(text, start) is None or _ANY_LOCAL_PART.search(run) is None


def _kind(word: str) -> MentionKind | None:
    return next((kind for kind in _ALL_KINDS if kind == word), None)


def _typed(text: str, start: int, names: Names) -> Spot | Stray | None:
    found = names.at(text, start + 1)
    if found is None:
        return None
    match found.meanings:
        case (named,):
            return Spot(start, found.end, named, names.display(named), canonical=False)
        case several:
            ways = " or ".join(chip(named, names.display(named)) for named in several)
            typed = " ".join(text[start : found.end].split())
            return Stray(start, found.end, "P104", f'"{typed}" has more than one meaning', f"Write {ways}.")


def _unknown(text: str, start: int) -> Stray | None:
    word, words = _WORD.match(text, start + 1), _WORDS.match(text, start + 1)
    if word is None or words is None:
        return None
    end, shown, typed = word.end(), f'"{text[start]}{word[0]}"', words[0]
    if text[start] == "#":
        return Stray(start, end, ASKS_NOBODY, f"{shown} asks nobody", "", "warning", typed)
    mend = 'Take a name of the catalogue, or write "\\@" for a plain @.'
    return Stray(start, end, "P101", f"Unknown mention {shown}", mend, typed=typed)


def _unknown_id(start: int, chip_: re.Match[str], known: Iterable[str]) -> Stray:
    mend = did_you_mean(chip_[3], known, otherwise="Take an id of the catalogue.")
    return Stray(start, chip_.end(), "P101", f'Unknown {chip_[2]} "{chip_[3]}"', mend)


def _unknown_kind(start: int, chip_: re.Match[str]) -> Stray:
    mend = did_you_mean(chip_[2], KINDS, otherwise=f'Kinds are {", ".join(KINDS)}; "\\@" is a plain @.')
    return Stray(start, chip_.end(), "P102", f'Unknown kind of mention "{chip_[2]}:"', mend)


def _broken_chip(text: str, start: int, end: int, names: Names) -> Stray:
    label = plain_label(text[start + 2 : end - 1])
    meant = names.at(label, 0)
    one = next(iter(meant.meanings)) if meant is not None else Named("action", "some_id")
    mend = f'Write "{chip(one, label)}", or "\\@" for a plain @.'
    return Stray(start, end, "P102", f'The chip "{text[start:end]}" does not say what it means', mend)

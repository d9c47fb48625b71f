"""Read a body into blocks: text, steps, never-blocks, and the conditionals that `:::` lines make of them.

A `:::` line stands alone on its line, may be indented under a list item, and is nothing special inside code.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from agent.playbook.procedure import Block, Branch, Conditional, Mention, Never, Place, Step, Text
from agent.playbook.sheet import Sheet
from agent.playbook.vocabulary import did_you_mean
from casino.rules.condition import Condition
from casino.rules.parse import RuleSyntaxError, parse_conditions

_MARK = re.compile(r":{3,}[ \t]*(?P<rest>.*?)[ \t]*$")
_WORDS = re.compile(r"(?P<word>else[ \t]+if|if|else)(?![^ \t])[ \t]*(?P<condition>.*)$")
_NEVER = re.compile(r"[ ]{0,3}>[ \t]?\[!NEVER\][ \t]*(?P<rest>.*)$", re.IGNORECASE)
_QUOTED = re.compile(r"[ ]{0,3}>[ \t]?")

DEEPEST: Final = 20  # conditionals within each other; nobody can follow so many

Word: TypeAlias = Literal["if", "else if", "else", "end"]
_SPELLINGS: Final[Mapping[str, Word]] = {"if": "if", "else if": "else if", "else": "else"}
_BLANKS = " \t"


class Problem(NamedTuple):
    """Something wrong with a block."""

    place: Place
    code: str
    message: str
    mend: str


class _Directive(NamedTuple):
    word: Word
    condition: str
    place: Place  # of the colons
    condition_place: Place


class _Piece(NamedTuple):
    """Lines between two boundaries; `cut` blanks are taken off their left."""

    first: int
    end: int
    cut: int


@dataclass(slots=True)
class _Open:
    """A conditional whose end has not come yet."""

    place: Place
    branches: list[Branch] = field(default_factory=list[Branch])
    head: tuple[tuple[Condition, ...] | None, str, Place] | None = None
    blocks: list[Block] = field(default_factory=list[Block])

    def close_branch(self) -> None:
        """Put the blocks gathered so far into their branch."""
        if self.head is not None:
            conditions, text, place = self.head
            self.branches.append(Branch(conditions, text, tuple(self.blocks), place))
            self.blocks = []


@dataclass(slots=True)
class _Building:
    sheet: Sheet
    mentions: Sequence[Mention]
    markdown: MarkdownIt
    problems: list[Problem] = field(default_factory=list[Problem])
    blocks: list[Block] = field(default_factory=list[Block])
    stack: list[_Open] = field(default_factory=list[_Open])

    def add_piece(self, piece: _Piece) -> None:
        """Add the blocks of the lines between two boundaries."""
        target = self.stack[-1].blocks if self.stack else self.blocks
        target += _piece_blocks(self.sheet, piece, self.markdown, self.mentions)

    def add_directive(self, directive: _Directive) -> None:
        """Open, go on with or close a conditional."""
        if directive.word == "if":
            if len(self.stack) == DEEPEST:
                message = f"Conditionals are nested deeper than {DEEPEST}"
                self.problems.append(Problem(directive.place, "P204", message, 'Join conditions with "and".'))
            self.stack.append(_Open(directive.place, head=self._head(directive)))
        elif not self.stack:
            named = ":::" if directive.word == "end" else f"::: {directive.word}"
            mend = 'Open a conditional with "::: if …" before it, or take this line out.'
            self.problems.append(Problem(directive.place, "P202", f'"{named}" has no "::: if" to belong to', mend))
        else:
            self._go_on(self.stack[-1], directive)

    def _go_on(self, conditional: _Open, directive: _Directive) -> None:
        conditional.close_branch()
        if directive.word == "end":
            self.stack.pop()
            (self.stack[-1].blocks if self.stack else self.blocks).append(_closed(conditional))
            return
        if conditional.branches[-1].conditions is None:
            message = f'"::: {directive.word}" stands after "::: else"'
            mend = 'Put "::: else" last; a conditional within it starts with "::: if".'
            self.problems.append(Problem(directive.place, "P202", message, mend))
        conditional.head = self._head(directive)

    def _head(self, directive: _Directive) -> tuple[tuple[Condition, ...] | None, str, Place]:
        if directive.word == "else":
            return None, "", directive.place
        return self._conditions(directive), directive.condition, directive.place

    def _conditions(self, directive: _Directive) -> tuple[Condition, ...]:
        try:
            return parse_conditions(directive.condition)
        except RuleSyntaxError as error:
            at = directive.condition_place
            place = Place(at.line, at.column + error.offset)
            self.problems.append(Problem(place, "P203", _capital(error.message), error.mend))
            return ()

    def finish(self) -> tuple[Block, ...]:
        """Return the blocks; a conditional that was never closed is a problem."""
        for conditional in self.stack:
            mend = 'Write ":::" on a line of its own after its last branch.'
            self.problems.append(Problem(conditional.place, "P202", 'This "::: if" is never closed', mend))
        return tuple(self.blocks)


def read_blocks(sheet: Sheet, mentions: Sequence[Mention]) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """Return the blocks of a body whose mentions are known, or what is wrong with its `:::` lines."""
    markdown = _block_reader()
    building = _Building(sheet, mentions, markdown)
    start = cut = 0
    for index, is_directive in sorted(_boundaries(markdown, sheet).items()):
        building.add_piece(_Piece(start, index, cut))
        start, cut = index, 0
        if is_directive:
            start += 1
            directive = _directive(sheet, index, building.problems)
            if directive is not None:
                building.add_directive(directive)
                cut = directive.place.column - sheet.indent - 1
    building.add_piece(_Piece(start, len(sheet.lines), cut))
    blocks = building.finish()
    return () if building.problems else blocks, tuple(building.problems)


def _closed(conditional: _Open) -> Conditional:
    return Conditional(tuple(conditional.branches), conditional.place)


def _block_reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark")
    # The alternatives: a directive also ends an open paragraph, quotation or list.
    reader.block.ruler.before(
        "fence", "directive", _directive_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    return reader


def _directive_rule(state: StateBlock, start_line: int, _end_line: int, silent: bool) -> bool:
    begin = state.bMarks[start_line] + state.tShift[start_line]
    if state.is_code_block(start_line) or not state.src.startswith(":::", begin):
        return False
    if not silent:
        state.line = start_line + 1
        state.push("directive", "", 0).map = [start_line, state.line]
    return True


def _boundaries(markdown: MarkdownIt, sheet: Sheet) -> dict[int, bool]:
    """Return the lines on which a directive stands (True) or a block begins, with the whole body in view."""
    tokens = [(token, token.map[0]) for token in _tokens(markdown, sheet.text()) if token.map is not None]
    begins = {line: False for token, line in tokens if token.nesting >= 0 and _is_block(token)}
    return begins | {line: True for token, line in tokens if token.type == "directive"}


def _tokens(markdown: MarkdownIt, text: str) -> list[Token]:
    tokens: list[Token] = []
    markdown.block.parse(text, markdown, {}, tokens)
    return tokens


def _directive(sheet: Sheet, index: int, problems: list[Problem]) -> _Directive | None:
    """Read a `:::` line; None, and a problem, where it says nothing that we know."""
    line = sheet.lines[index]
    column = line.find(":::")
    place = sheet.place(index, column)
    if line[:column].strip():
        mend = "Put it on a line of its own, outside of the quotation or below the list item."
        problems.append(Problem(place, "P201", 'A ":::" line must stand alone', mend))
        return None
    mark = _MARK.match(line, column)
    rest = mark["rest"] if mark is not None else ""
    if rest == "":
        return _Directive("end", "", place, place)
    known = _WORDS.match(rest)
    if known is None:
        problems.append(Problem(place, "P201", f'"::: {rest}" is not known', _known_words(rest)))
        return None
    word, condition = _SPELLINGS[" ".join(known["word"].split())], known["condition"]
    if word == "else" and condition:
        problems.append(Problem(place, "P201", '"::: else" takes no condition', 'Write "::: else if …".'))
    return _Directive(word, condition, place, sheet.place(index, len(line.rstrip(_BLANKS)) - len(condition)))


def _known_words(rest: str) -> str:
    word = rest.split(maxsplit=1)[0].lower()
    if word in {"elif", "elseif", "elsif"}:
        return 'Write "::: else if …".'
    if word in {"end", "endif", "fi"}:
        return 'Close a conditional with ":::" alone.'
    advice = 'Write "::: if …", "::: else if …", "::: else", or ":::" to close.'
    return did_you_mean(word, ("if", "else", "else if"), otherwise=advice)


def _piece_blocks(sheet: Sheet, piece: _Piece, markdown: MarkdownIt, mentions: Sequence[Mention]) -> Iterator[Block]:
    lines = [_cut(line, piece.cut) for line in sheet.lines[piece.first : piece.end]]
    for token, first, end in _parts(_tokens(markdown, "\n".join(lines)), lines):
        absolute = range(sheet.line + piece.first + first, sheet.line + piece.first + end)
        inside = tuple(mention for mention in mentions if mention.place.line in absolute)
        yield _block(token, lines[first:end], inside, _place(sheet, piece.first + first))


def _parts(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[tuple[Token | None, int, int]]:
    """Give each block its lines, and lines of no block (link definitions) to None, so that none is lost."""
    done = 0
    for token in tokens:
        if token.map is not None and token.nesting >= 0 and _is_block(token):
            first, end = token.map
            yield from _trimmed(None, done, first, lines)
            yield from _trimmed(token, first, end, lines)
            done = end
    yield from _trimmed(None, done, len(lines), lines)


def _trimmed(
    token: Token | None, first: int, end: int, lines: Sequence[str]
) -> Iterator[tuple[Token | None, int, int]]:
    """Leave blank lines at both ends away, and the whole part where nothing else is there."""
    while first < end and not lines[first].strip():
        first += 1
    while first < end and not lines[end - 1].strip():
        end -= 1
    if first < end:
        yield token, first, end


def _is_block(token: Token) -> bool:
    """Tell whether a token is a top-level block or an item of a top-level list."""
    if token.type in {"bullet_list_open", "ordered_list_open", "directive"}:
        return False
    return token.level == 0 or (token.level == 1 and token.type == "list_item_open")


def _block(token: Token | None, lines: list[str], mentions: tuple[Mention, ...], place: Place) -> Block:
    if token is not None and token.type == "list_item_open":
        return Step("\n".join(lines), mentions, place, int(token.info) if token.info else None)
    never = _NEVER.match(lines[0]) if token is not None and token.type == "blockquote_open" else None
    if never is not None:
        text = [never["rest"], *(_QUOTED.sub("", line, count=1) for line in lines[1:])]
        return Never("\n".join(text).strip(), place, mentions)
    return Text("\n".join(lines), mentions, place)


def _place(sheet: Sheet, index: int) -> Place:
    line = sheet.lines[index]
    return sheet.place(index, len(line) - len(line.lstrip()))


def _cut(line: str, blanks: int) -> str:
    return line[min(blanks, len(line) - len(line.lstrip(" "))) :]


def _capital(message: str) -> str:
    return message[:1].upper() + message[1:]

"""What an AI Procedure is once it has been read: blocks, mentions, settings and where each stands in its file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from casino.rules.condition import Condition

MentionKind: TypeAlias = Literal["action", "context", "field", "knowledge", "procedure", "human"]
Severity: TypeAlias = Literal["error", "warning", "notice"]
Status: TypeAlias = Literal["draft", "published"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A character in a file, both numbers counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to say about a file: where, what, and how to mend it."""

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    mend: str

    def text(self) -> str:
        """Return the finding as one line: `file:line:column: CODE message. mend`."""
        return f"{self.file}:{self.line}:{self.column}: {self.code} {self.message}. {self.mend}"


class ProcedureError(Exception):
    """A procedure cannot be used; `findings` names every reason, in the order of the file."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(finding.text() for finding in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Mention:
    """A chip, or a typed name that means one. `label` is what a reader sees, `id` decides."""

    kind: MentionKind
    id: str
    label: str
    place: Place
    canonical: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, heading, quotation or code block. In `markdown` every mention is a chip."""

    markdown: str
    mentions: tuple[Mention, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Step:
    """One item of a list with all that is indented below it; `number` as written, None for a bullet."""

    markdown: str
    mentions: tuple[Mention, ...]
    place: Place
    number: int | None


@dataclass(frozen=True, slots=True)
class Never:
    """What must not happen while this block holds. Its mentions forbid, so they bind no tool."""

    markdown: str
    place: Place
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """One way through a conditional: all conditions must hold; None is the `else`."""

    conditions: tuple[Condition, ...] | None
    text: str
    blocks: "tuple[Block, ...]"
    place: Place


@dataclass(frozen=True, slots=True)
class Conditional:
    """`::: if … ::: else if … ::: else … :::`: the first branch that holds is taken."""

    branches: tuple[Branch, ...]
    place: Place


Block: TypeAlias = Text | Step | Conditional | Never


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Visit all blocks, each conditional before the blocks of its branches."""
    for block in blocks:
        yield block
        if isinstance(block, Conditional):
            yield from (inner for branch in block.branches for inner in walk(branch.blocks))


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body as read: its blocks, its binding mentions, and the never-texts that hold in every branch."""

    blocks: tuple[Block, ...] = ()
    mentions: tuple[Mention, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What one brand does otherwise; None keeps the procedure's own."""

    body: Body | None = None
    verify_player: bool | None = None
    active: bool | None = None
    max_turns: int | None = None
    tags: tuple[str, ...] | None = None
    triggers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One AI Procedure. `source` is the text of its file, byte for byte."""

    id: str
    name: str
    description: str
    utterances: tuple[str, ...] = ()
    category: str = ""
    tags: tuple[str, ...] = ()
    verify_player: bool = False
    verify_forced_by: str | None = None
    status: Status = "draft"
    active: bool = True
    brands: tuple[str, ...] = ()
    overrides: Mapping[str, Override] = field(default_factory=dict[str, Override])
    triggers: tuple[str, ...] = ("chat",)
    max_turns: int | None = None
    blocks: tuple[Block, ...] = ()
    never: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    source: str = ""
    file: str = ""
    notices: tuple[Finding, ...] = ()

"""What an author should mend in a procedure that can be read. Rules about the order of actions come in as data."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from agent.playbook.matter import place_of, read_matter
from agent.playbook.mentions import chip
from agent.playbook.procedure import (
    Block,
    Body,
    Branch,
    Conditional,
    Finding,
    Mention,
    Place,
    Procedure,
    Severity,
    walk,
)
from agent.playbook.sheet import lines_of
from agent.playbook.vocabulary import Named, did_you_mean
from casino.rules.condition import Expected, Operator, Relative

SHORTEST_DESCRIPTION: Final = 20  # characters; less does not tell one procedure from another
LONGEST_DESCRIPTION: Final = 400
MOST_UTTERANCES: Final = 3
MOST_LINES: Final = 60  # lines of instructions; small models lose the thread beyond
MOST_CHARACTERS: Final = 6000

_NO_ORDER: Final[Mapping[str, str]] = MappingProxyType({})


class _Remark(NamedTuple):
    place: Place
    code: str
    severity: Severity
    message: str
    mend: str

    def finding(self, file: str) -> Finding:
        place = self.place
        return Finding(file, place.line, place.column, self.code, self.severity, self.message, self.mend)


def lint(procedure: Procedure, *, must_follow: Mapping[str, str] = _NO_ORDER) -> tuple[Finding, ...]:
    """Return what should be mended, in the order of the file.

    `must_follow` maps an action to the one that has to stand before it on every way through the procedure.
    """
    bodies = [Body(blocks=procedure.blocks), *(own.body for own in procedure.overrides.values() if own.body)]
    remarks = {
        *_front_matter(procedure),
        *_length(procedure),
        *(remark for body in bodies for remark in _body(body, procedure, must_follow)),
    }
    found = (remark.finding(procedure.file) for remark in remarks)
    return tuple(sorted([*procedure.notices, *found]))


def _front_matter(procedure: Procedure) -> Iterator[_Remark]:
    loaded = read_matter(lines_of(procedure.source), file=procedure.file).loaded
    length, place = len(procedure.description), place_of(loaded, ("description",))
    if length < SHORTEST_DESCRIPTION:
        mend = 'Say in the player\'s words when this procedure is meant: "The player wants …".'
        yield _Remark(place, "L102", "warning", f"The description has {length} characters: the router needs more", mend)
    if length > LONGEST_DESCRIPTION:
        mend = f"Keep it under {LONGEST_DESCRIPTION}; put the details into the instructions."
        yield _Remark(place, "L102", "warning", f"The description has {length} characters", mend)
    if len(procedure.utterances) > MOST_UTTERANCES:
        place = place_of(loaded, ("utterances", MOST_UTTERANCES))
        message = f"{len(procedure.utterances)} utterances, and at most {MOST_UTTERANCES} are read"
        yield _Remark(place, "L103", "error", message, "Keep those that differ most.")
    for brand in procedure.overrides:
        if procedure.brands and brand not in procedure.brands:
            mend = did_you_mean(brand, procedure.brands, otherwise='Add it to "brands", or take the override out.')
            message = f'The override is for the brand "{brand}", which is not among "brands"'
            yield _Remark(place_of(loaded, ("overrides", brand)), "L104", "warning", message, mend)


def _length(procedure: Procedure) -> Iterator[_Remark]:
    lines = lines_of(procedure.source)
    start = read_matter(lines, file=procedure.file).body_start
    place = Place(start + 1, 1)
    text = "\n".join(line.text for line in lines[start:]).strip()
    if text == "":
        mend = "Write what to do, step by step."
        yield _Remark(place, "L105", "error", "The procedure has no instructions", mend)
    if text.count("\n") >= MOST_LINES or len(text) > MOST_CHARACTERS:
        message = f"The instructions have {text.count(chr(10)) + 1} lines and {len(text)} characters"
        mend = f"Keep them under {MOST_LINES} lines and {MOST_CHARACTERS} characters; split off a procedure."
        yield _Remark(place, "L106", "warning", message, mend)


def _body(body: Body, procedure: Procedure, must_follow: Mapping[str, str]) -> Iterator[_Remark]:
    for block in walk(body.blocks):
        if isinstance(block, Conditional):
            yield from _branches(block)
        else:
            yield from (_typed(mention) for mention in block.mentions if not mention.canonical)
    yield from _contradictions(body.blocks, {})
    order = _Order(must_follow, procedure)
    order.follow(body.blocks, frozenset())
    yield from order.remarks


def _typed(mention: Mention) -> _Remark:
    message = f'"{mention.label}" is typed, so it breaks when the name changes'
    mend = f'Write "{chip(Named(mention.kind, mention.id), mention.label)}": "croupier procedures format" does.'
    return _Remark(mention.place, "L101", "warning", message, mend)


def _branches(conditional: Conditional) -> Iterator[_Remark]:
    seen: set[str] = set()
    for branch in conditional.branches:
        if not branch.blocks:
            yield _Remark(branch.place, "L201", "warning", "This branch is empty", "Say what to do, or take it out.")
        if branch.conditions is not None and branch.text in seen:
            message = f'This branch is never reached: "{branch.text}" stands above'
            yield _Remark(branch.place, "L202", "error", message, "Take it out, or change its condition.")
        seen.add(branch.text)
    has_else = conditional.branches[-1].conditions is None
    if not has_else and any(_acts(branch) for branch in conditional.branches):
        mend = 'Add "::: else" and say what to do then.'
        message = "No branch says what to do where none of the conditions holds"
        yield _Remark(conditional.place, "L203", "warning", message, mend)


def _acts(branch: Branch) -> bool:
    blocks = (block for block in walk(branch.blocks) if not isinstance(block, Conditional))
    return any(mention.kind == "action" for block in blocks for mention in block.mentions)


def _contradictions(blocks: Iterable[Block], known: Mapping[str, Expected]) -> Iterator[_Remark]:
    """Find branches that ask a field for two values at once, here or further out."""
    for block in blocks:
        for branch in block.branches if isinstance(block, Conditional) else ():
            inside = dict(known)
            for condition in branch.conditions or ():
                if condition.operator is not Operator.EQUAL or isinstance(condition.expected, Relative):
                    continue  # a moment can be both now and the one that is written
                if inside.setdefault(condition.subject, condition.expected) != condition.expected:
                    message = f'This branch is never reached: "{condition.subject}" cannot have two values at once'
                    yield _Remark(branch.place, "L202", "error", message, "Take one of the conditions out.")
            yield from _contradictions(branch.blocks, inside)


class _Order:
    """Follows every way through a body and notes what is asked for or done too early."""

    def __init__(self, must_follow: Mapping[str, str], procedure: Procedure) -> None:
        self.remarks: list[_Remark] = []
        self._must_follow = must_follow
        self._names = {mention.id: mention.label for mention in procedure.mentions}

    def follow(self, blocks: Iterable[Block], done: frozenset[str]) -> frozenset[str]:
        """Go through blocks with what is certainly done before them; return what is certainly done after."""
        for block in blocks:
            if isinstance(block, Conditional):
                done = self._conditional(block, done)
                continue
            for mention in block.mentions:
                done = self._mention(mention, done)
        return done

    def _mention(self, mention: Mention, done: frozenset[str]) -> frozenset[str]:
        before = self._must_follow.get(mention.id) if mention.kind == "action" else None
        if before is not None and before not in done:
            message = f'"{mention.label}" stands where "{self._names.get(before, before)}" has not been done'
            mend = f'Mention "{before}" before it, on every way that leads here.'
            self.remarks.append(_Remark(mention.place, "L205", "error", message, mend))
        return done | {mention.id}

    def _conditional(self, conditional: Conditional, done: frozenset[str]) -> frozenset[str]:
        after: list[frozenset[str]] = []
        for branch in conditional.branches:
            self._asks(branch, done)
            after.append(self.follow(branch.blocks, done))
        if conditional.branches[-1].conditions is not None:
            after.append(done)
        return after[0].intersection(*after[1:])

    def _asks(self, branch: Branch, done: frozenset[str]) -> None:
        for condition in branch.conditions or ():
            root, name, *_ = condition.path.split(".")
            if root == "tools" and name not in done:
                message = f'The branch asks for "{condition.path}", and nothing before it calls "{name}"'
                mend = did_you_mean(name, done, otherwise=f'Mention "{name}" in a step above.')
                self.remarks.append(_Remark(branch.place, "L204", "warning", message, mend))

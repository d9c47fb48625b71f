"""Read one procedure file: front matter, body, brand overrides; say everything that is wrong with it at once."""

import re
from dataclasses import dataclass, field

from agent.playbook.blocks import read_blocks
from agent.playbook.matter import FrontMatter, OverrideMatter, place_of, read_matter
from agent.playbook.mentions import Reader, Spotted, Stray, rewrite
from agent.playbook.procedure import Body, Finding, Never, Override, Place, Procedure, ProcedureError, walk
from agent.playbook.sheet import Line, Sheet, lines_of
from agent.playbook.vocabulary import Vocabulary

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LITERAL = re.compile(r":[ \t]*\|[+-]?[ \t]*(?:#.*)?$")


def parse_procedure(text: str, *, file: str, vocabulary: Vocabulary) -> Procedure:
    """Return the procedure that a file holds.

    `file` is the name that findings carry; its stem is the procedure's id. ProcedureError names every error.
    """
    reading = _Reading(lines_of(text), file, Reader(vocabulary))
    id_ = slug_of(file)
    if _SLUG.fullmatch(id_) is None:
        mend = "Name the file with small letters, digits and dashes, such as opening-hours.md."
        reading.say(Place(1, 1), "P005", f'"{id_}" cannot be the id of a procedure', mend)
    front = _front(reading)
    overrides = {brand: reading.override(brand, own, front) for brand, own in front.matter.overrides.items()}
    body = reading.body(Sheet.cut(reading.lines, front.body_start, len(reading.lines)))
    reading.refuse_errors()
    return _procedure(id_, front, body, overrides, reading=reading, source=text)


def slug_of(file: str) -> str:
    """Return the id of the procedure in a file: the file's name without folders and ending."""
    return file.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".md")


def spotted_in(text: str, *, file: str, vocabulary: Vocabulary) -> tuple[Spotted, ...]:
    """Return every mention and stray of a file, those of its brand overrides included."""
    reading = _Reading(lines_of(text), file, Reader(vocabulary))
    front = read_matter(reading.lines, file=file)
    sheets = [Sheet.cut(reading.lines, front.body_start, len(reading.lines))]
    sheets += [reading.override_sheet(brand, front) for brand, own in front.matter.overrides.items() if own.body]
    reading.refuse_errors()
    return tuple(spotted for sheet in sheets for spotted in reading.reader.read(sheet))


@dataclass(slots=True)
class _Reading:
    lines: list[Line]
    file: str
    reader: Reader
    findings: list[Finding] = field(default_factory=list[Finding])

    def say(self, place: Place, code: str, message: str, mend: str) -> None:
        self.findings.append(Finding(self.file, place.line, place.column, code, "error", message, mend))

    def refuse_errors(self) -> None:
        if any(finding.severity == "error" for finding in self.findings):
            raise ProcedureError(tuple(sorted(self.findings)))

    def body(self, sheet: Sheet) -> Body:
        spotted = self.reader.read(sheet)
        self.findings += [
            _stray_finding(self.file, one.start, one.what) for one in spotted if isinstance(one.what, Stray)
        ]
        mentions = [mention for one in spotted if (mention := one.mention()) is not None]
        blocks, problems = read_blocks(rewrite(sheet, spotted), mentions)
        for problem in problems:
            self.say(problem.place, problem.code, problem.message, problem.mend)
        forbidden = {mention for block in walk(blocks) if isinstance(block, Never) for mention in block.mentions}
        return Body(
            blocks=blocks,
            mentions=tuple(mention for mention in mentions if mention not in forbidden),
            never=tuple(block.markdown for block in blocks if isinstance(block, Never)),
        )

    def override(self, brand: str, own: OverrideMatter, front: FrontMatter) -> Override:
        return Override(
            body=self.body(self.override_sheet(brand, front)) if own.body is not None else None,
            verify_player=own.verify_player,
            active=own.active,
            max_turns=own.max_turns,
            tags=None if own.tags is None else tuple(own.tags),
            triggers=None if own.triggers is None else tuple(own.triggers),
        )

    def override_sheet(self, brand: str, front: FrontMatter) -> Sheet:
        """Cut the body of a brand out of the front matter, so that its places are those of the file."""
        place = place_of(front.loaded, ("overrides", brand, "body"))
        first = place.line  # the index of the line below the key
        if _LITERAL.search(self.lines[first - 1].text) is None:
            self.say(place, "P006", f'The body of the brand "{brand}" is not a block of lines', 'Write "body: |".')
            return Sheet(())
        end = first
        while end < front.body_start - 1 and _belongs(self.lines[end].text, place.column):
            end += 1
        indent = min((_indent(line.text) for line in self.lines[first:end] if line.text.strip()), default=0)
        return Sheet.cut(self.lines, first, end, indent=indent)


def _front(reading: _Reading) -> FrontMatter:
    try:
        return read_matter(reading.lines, file=reading.file)
    except ProcedureError as error:
        raise ProcedureError((*reading.findings, *error.findings)) from error


def _procedure(
    id_: str, front: FrontMatter, body: Body, overrides: dict[str, Override], *, reading: _Reading, source: str
) -> Procedure:
    matter = front.matter
    return Procedure(
        id=id_,
        name=matter.name,
        description=" ".join(matter.description.split()),
        utterances=tuple(matter.utterances),
        category=matter.category,
        tags=tuple(matter.tags),
        verify_player=matter.verify_player,
        status=matter.status,
        active=matter.active,
        brands=tuple(matter.brands),
        overrides=overrides,
        triggers=tuple(matter.triggers),
        max_turns=matter.max_turns,
        blocks=body.blocks,
        never=body.never,
        mentions=body.mentions,
        source=source,
        file=reading.file,
        notices=tuple(sorted(reading.findings)),
    )


def _stray_finding(file: str, place: Place, stray: Stray) -> Finding:
    return Finding(file, place.line, place.column, stray.code, stray.severity, stray.message, stray.mend)


def _belongs(line: str, key_column: int) -> bool:
    """Tell whether a line belongs to the block below a key: it is blank, or stands further right."""
    return not line.strip() or _indent(line) >= key_column


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))

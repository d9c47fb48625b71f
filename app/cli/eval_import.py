"""`croupier eval import`: make ticket files of live tickets, without what is personal."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import click

from agent.house import read_house
from app.cli.configured import settings, with_folders
from app.cli.eval_gate import EvalExit
from app.cli.exits import Exit, Stopped, run_async
from app.cli.screen import write_json
from casino.values import Document, Value
from evals.importing.found import Kind
from evals.importing.impersonal import impersonal
from evals.importing.imported import Imported, NotImported, imported
from evals.importing.known import originals
from evals.importing.leftovers import Leftover, leftovers
from evals.importing.live import Live, LiveError, read_live
from evals.importing.redact import Aliases, TooManyPhones
from evals.packs import PackError, is_pack, new_pack, write_ticket
from evals.recording import Redaction

Put: TypeAlias = Callable[[Document], str]
_WORDS: Final = {
    Kind.EMAIL: "an e-mail address",
    Kind.PHONE: "a phone number",
    Kind.IBAN: "an account number (IBAN)",
    Kind.CARD: "a card number",
    Kind.BIRTH: "a date of birth",
    Kind.PLAYER: "the id of a player",
    Kind.NAME: "a name",
}
_MEND: Final = {
    True: "is left after the redaction; nothing is written of this ticket: take it out of the export",
    False: "stands there; nothing is written of this ticket: import it with --redact, or keep it with --keep-personal",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What became of one live ticket."""

    place: str
    file: str = ""  # "": nothing was written
    why: tuple[str, ...] = ()  # not written, or written without its recording, or found wrong
    notes: tuple[str, ...] = ()
    status: str = "recorded"  # or `unrecorded`, `wrong`, `refused`

    def document(self) -> dict[str, Value]:
        """Return it for a machine."""
        told = {"from": self.place, "file": self.file or None, "status": self.status}
        return {**told, "why": [*self.why], "not_on_record": [*self.notes]}

    def lines(self) -> Iterator[str]:
        """Yield it for people."""
        yield f"{self.file or self.place}: {_STATUS[self.status]}{': ' if self.why else ''}{'; '.join(self.why)}"
        yield from (f"    {note}" for note in self.notes)


_STATUS: Final = {
    "recorded": "recorded, and plays as it really went",
    "unrecorded": "without a recording, since its replay is not what really happened",
    "wrong": "recorded, and what really happened is graded as wrong",
    "refused": "not imported",
}


@click.command("import")
@click.option("--from", "file", required=True, type=click.Path(path_type=Path), help="Live tickets, JSON or JSONL.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Write here: a folder, or a pack.jsonl.")
@click.option("--redact", is_flag=True, help="Put an alias in the place of whatever is personal.")
@click.option("--name", "names", multiple=True, metavar="NAME", help="With --redact: this is a person's name too.")
@click.option("--ours", multiple=True, metavar="DOMAIN", help="E-mail addresses at this domain are the house's own.")
@click.option("--keep-personal", is_flag=True, help="Write it as it is.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
def import_(  # noqa: PLR0913  # click hands over one for each option
    *,
    file: Path,
    out: Path,
    redact: bool,
    names: tuple[str, ...],
    ours: tuple[str, ...],
    keep_personal: bool,
    as_json: bool,
) -> None:
    """Make ticket files of live tickets: what was said, the world as it was read, and how it ended.

    FILE is what `croupier tickets show ID --json` or `croupier audit evidence` writes. Each ticket is played again with
    the answers that the model gave; where all goes as it went, they become its recording. A file with an e-mail
    address, a phone number, an IBAN or a card number in it is not written. Exit code 0: all recorded; 1: some without a
    recording, or graded as wrong; 2: usage; 3: some are not imported.
    """
    if redact and keep_personal:
        raise Stopped("--redact replaces what --keep-personal keeps; give one of them", Exit.USAGE)
    if names and not redact:
        raise Stopped("--name says what --redact replaces; give both", Exit.USAGE)
    try:
        lives = read_live(file)
    except LiveError as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    wish = _Wish(names=names if redact else None, ours=tuple(one.casefold().lstrip("@") for one in ours))
    lines, redaction = run_async(_imported(lives, out, wish, check=not keep_personal))
    if as_json:
        counts: dict[str, Value] | None = None if redaction is None else dict(redaction.counts)
        write_json({"tickets": [one.document() for one in lines], "redacted": counts})
    else:
        for text in (text for one in lines for text in one.lines()):
            click.echo(text)
    raise SystemExit(_exit(lines))


def _exit(lines: Sequence[Line]) -> EvalExit:
    found = {one.status for one in lines}
    if "refused" in found:
        return EvalExit.BROKEN
    return EvalExit.OK if found == {"recorded"} else EvalExit.REGRESSION


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    names: tuple[str, ...] | None  # None: nothing is redacted
    ours: tuple[str, ...]


async def _imported(lives: list[Live], out: Path, wish: _Wish, *, check: bool) -> tuple[list[Line], Redaction | None]:
    chosen = with_folders(settings())
    house = read_house(chosen)
    redaction = aliases = None
    if wish.names is not None:
        try:
            lives, redaction, aliases = impersonal(lives, house, names=wish.names, ours=wish.ours)
        except TooManyPhones as error:
            raise Stopped(str(error), Exit.INVALID_FILE) from error
    taken: set[str] = set()
    lines: list[Line] = []
    with _written_to(out) as put:
        for live in lives:
            try:
                one = await imported(
                    live, house, redaction=redaction, hold_order=chosen.hold_order, keep_personal=not check
                )
                _only_once(one, taken)
                if check:
                    _check(one, wish, aliases)
            except NotImported as error:
                lines.append(Line(place=live.place, why=(str(error),), status="refused"))
            else:
                lines.append(_line(live, one, put(one.ticket)))
    return lines, redaction


def _only_once(one: Imported, taken: set[str]) -> None:
    name = str(one.ticket["id"])
    if name in taken:
        raise NotImported("it stands in the export twice")
    taken.add(name)


def _check(one: Imported, wish: _Wish, aliases: Aliases | None) -> None:
    """Refuse a ticket that still has something personal in it."""
    known = originals(one.ticket, aliases.by) if aliases is not None else ()
    left = [*dict.fromkeys((*leftovers(one.ticket, ours=wish.ours), *known))]
    if left:
        more = f" (and at {len(left) - 1} other places)" if len(left) > 1 else ""
        raise NotImported(f"{_told(left[0])}{more} {_MEND[aliases is not None]}")


def _told(left: Leftover) -> str:
    return f"{left.pointer}: {_WORDS[left.kind]}"


def _line(live: Live, one: Imported, file: str) -> Line:
    status = "unrecorded" if one.unlike else "wrong" if one.wrong else "recorded"
    return Line(place=live.place, file=file, why=one.unlike or one.wrong, notes=one.notes, status=status)


@contextmanager
def _written_to(out: Path) -> Generator[Put]:
    """Give what writes a ticket to OUT and says where it stands now."""
    try:
        if not is_pack(out):
            yield lambda ticket: _into(out, ticket)
            return
        with new_pack(out) as pack:
            yield pack.add
    except PackError as error:
        raise Stopped(str(error), Exit.USAGE) from error


def _into(out: Path, ticket: Document) -> str:
    file = out / f"{ticket['id']}.json"
    write_ticket(file, ticket)
    return str(file)

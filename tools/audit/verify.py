"""Verify the log: every line against the one before it, and against signed heads. One pass, whatever its length.

What is kept while it reads is one number for each ticket and the heads; of many findings the first are kept.
"""

from collections.abc import AsyncIterable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from rfc8785 import CanonicalizationError

from tools.audit.chain import FIRST, Line, NotALine, digest, read_line
from tools.audit.findings import ALL, Check, Finding
from tools.audit.heads import Head
from tools.record import Kind, Link

MOST: Final = 100  # findings that are kept; one broken place can make many
KINDS: Final = frozenset(Kind)
SHOWN: Final = 12  # digits of a hash in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a verification came to."""

    after: int  # the position behind which it began
    last: Link | None  # the newest line that was read
    lines: int
    entries: Mapping[str, int]  # the number of the newest entry of each ticket
    heads: int
    covered: int  # the line of the newest head; nothing behind it is pinned
    findings: tuple[Finding, ...]
    further: int  # findings that were not kept
    unseen: tuple[str, ...]  # what this verification could not have seen, in plain words

    @property
    def holds(self) -> bool:
        """Nothing was found."""
        return not self.findings


@dataclass(slots=True, kw_only=True)
class Verification:
    """A verification under way: `take` every link in order, then `end`.

    heads: in the order in which they were exported. keys: the public keys that the auditor trusts, as heads write
    them; None where there is none, and then anybody may have signed. after: the position behind which the links begin.
    checks: what is looked at; all, but for the controls that show what each of them is for.
    """

    heads: Sequence[Head] = ()
    keys: Collection[str] | None = None
    after: int = 0
    checks: Collection[Check] = ALL
    findings: list[Finding] = field(default_factory=list[Finding], init=False)
    further: int = field(default=0, init=False)
    last: Link | None = field(default=None, init=False)
    lines: int = field(default=0, init=False)
    by_ticket: dict[str, int] = field(default_factory=dict[str, int], init=False)
    hashes: dict[int, list[Head]] = field(default_factory=dict[int, list[Head]], init=False)

    def __post_init__(self) -> None:
        for head in self.heads:
            self.hashes.setdefault(head.id, []).append(head)
        self._weigh_heads()

    def take(self, link: Link) -> None:
        """Verify the next line of the log."""
        place = f"line {link.id}"
        if (real := digest(link.line)) != link.hash:
            self._found(Check.HASH, place, f"it was changed: its hash is {_short(real)}, not {_short(link.hash)}")
        self._weigh_number(link.id, place)
        try:
            line = read_line(link.line)
        except NotALine as error:
            self._found(Check.FORM, place, f"this is no line of the log: {error}")
        else:
            self._weigh_line(link, line, place)
        for head in self.hashes.get(link.id, ()):
            if head.hash != link.hash:
                told = f"its hash was {_short(head.hash)} when the head of {head.at} was signed"
                self._found(Check.HEAD, place, f"the log was written anew: {told}, and is {_short(link.hash)}")
        self.last = link
        self.lines += 1

    def stop(self, why: str) -> None:
        """Note that what is stored behind the newest line cannot be written as a line, and was not read."""
        place = f"behind line {self.after if self.last is None else self.last.id}"
        self._found(Check.FORM, place, f"what is stored there is no line of the log, and nothing was read on ({why})")

    def end(self) -> Verified:
        """Return what was found, with what could not be seen."""
        covered = max((head.id for head in self.heads), default=0)
        reached = self.after if self.last is None else self.last.id
        if covered > reached:
            lost = f"the head of line {covered} was signed, so {covered - reached} or more lines are gone"
            self._found(Check.CUT, f"line {reached}", f"the log ends here, cut off: {lost}")
        return Verified(
            after=self.after,
            last=self.last,
            lines=self.lines,
            entries=self.by_ticket,
            heads=len(self.heads),
            covered=covered,
            findings=tuple(self.findings),
            further=self.further,
            unseen=tuple(self._unseen(covered, reached)),
        )

    def _found(self, check: Check, place: str, message: str) -> None:
        if check not in self.checks:
            return
        if len(self.findings) < MOST:
            self.findings.append(Finding(check, place, message))
        else:
            self.further += 1

    def _weigh_number(self, number: int, place: str) -> None:
        expected = (self.after if self.last is None else self.last.id) + 1
        if number != expected:
            what = "lines are missing before it" if number > expected else "it stands twice, or out of order"
            self._found(Check.NUMBER, place, f"line {expected} should stand here: {what}")

    def _weigh_line(self, link: Link, line: Line, place: str) -> None:
        if line.id != link.id:
            self._found(Check.NUMBER, place, f"it says itself that it is line {line.id}: it was moved")
        before = self._hash_before()
        if before is not None and line.previous != before:
            told = f"it names {_short(line.previous)}, and that line has {_short(before)}"
            self._found(Check.PREVIOUS, place, f"it does not follow the line before it: {told}")
        if line.kind not in KINDS:
            self._found(Check.KIND, place, "its kind is none that this version knows")
        begun = self.by_ticket.get(line.ticket, None if self.after else 0)
        if begun is not None and line.seq != begun + 1:
            told = f"it is entry {line.seq} of its ticket, and {begun + 1} should follow"
            self._found(Check.TICKET_NUMBER, place, f"{told}: entries are missing, or stand twice")
        self.by_ticket[line.ticket] = line.seq

    def _hash_before(self) -> str | None:
        """Return the hash that the next line must name; None where the lines before it were not read."""
        if self.last is not None:
            return self.last.hash
        pinned = self.hashes.get(self.after)
        if self.after and pinned:
            return pinned[-1].hash
        return None if self.after else FIRST

    def _weigh_heads(self) -> None:
        for number, head in enumerate(self.heads, 1):
            if not head.is_signed():
                self._found(
                    Check.SIGNATURE, f"head {number}", "its signature is wrong: it was changed, or never signed"
                )
            if self.keys is not None and head.key not in self.keys:
                self._found(Check.KEY, f"head {number}", "it is signed with a key that is not among those you trust")
        for number, (older, newer) in enumerate(pairwise(self.heads), 2):
            if newer.id < older.id or (newer.id == older.id and newer.hash != older.hash):
                told = f"line {newer.id} behind line {older.id}"
                self._found(Check.HEAD_ORDER, f"head {number}", f"heads do not go forward: {told}")

    def _unseen(self, covered: int, reached: int) -> Iterator[str]:
        if not self.heads:
            yield (
                "No signed head was given. A log whose end was cut off, or that was written anew from some line on "
                "with all hashes recomputed, cannot be told from a whole one."
            )
        elif self.keys is None:
            yield "No public key was given: whoever wrote the log anew may have signed its heads as well."
        if self.heads and covered < reached:
            yield f"Lines {covered + 1} to {reached} are behind the newest head: nothing shows yet if they were redone."
        if self.after:
            yield f"Lines 1 to {self.after} were not read."


def verify(
    links: Iterable[Link],
    *,
    heads: Sequence[Head] = (),
    keys: Collection[str] | None = None,
    after: int = 0,
    checks: Collection[Check] = ALL,
) -> Verified:
    """Verify the links of a log, in order; the arguments are those of `Verification`."""
    verification = Verification(heads=heads, keys=keys, after=after, checks=checks)
    for link in links:
        verification.take(link)
    return verification.end()


async def verify_log(
    links: AsyncIterable[Link], *, heads: Sequence[Head] = (), keys: Collection[str] | None = None, after: int = 0
) -> Verified:
    """Verify the links of a log as a store yields them."""
    verification = Verification(heads=heads, keys=keys, after=after)
    await read_on(verification, links)
    return verification.end()


async def read_on(verification: Verification, links: AsyncIterable[Link]) -> None:
    """Take links as a store yields them, up to one that cannot be written as a line."""
    try:
        async for link in links:
            verification.take(link)
    except CanonicalizationError as error:  # such as bytes where a text should be
        verification.stop(str(error))


def _short(digest_text: str) -> str:
    """Return enough of a hash to know it by; what is no hash is not repeated."""
    is_hash = len(digest_text) == 64 and digest_text.isascii() and digest_text.isalnum()  # noqa: PLR2004  # sha256
    return f"{digest_text[:SHOWN]}…" if is_hash else "none" if digest_text == FIRST else "no hash"

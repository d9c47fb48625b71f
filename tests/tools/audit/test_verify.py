"""Verification: a log that is as it was written holds, and what is not is told with its place."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.tools.audit.logs import KEY, OTHER_KEY, log, signed
from tools.audit.chain import chained, digest, read_line
from tools.audit.findings import ALL, Check, Finding
from tools.audit.heads import Head, public_text
from tools.audit.verify import MOST, verify, verify_log
from tools.record import Link

LINKS = log(12)
HEADS = signed(LINKS, 4, 12)
TRUSTED = frozenset({public_text(KEY.public_key())})
NO_HEAD = (
    "No signed head was given. A log whose end was cut off, or that was written anew from some line on with all hashes "
    "recomputed, cannot be told from a whole one."
)


def found(links: Iterable[Link], heads: Sequence[Head] = (), *, after: int = 0) -> list[tuple[Check, str]]:
    verified = verify(links, heads=heads, keys=TRUSTED, after=after)
    assert verified.holds is not bool(verified.findings)
    return [(finding.check, finding.place) for finding in verified.findings]


def rechained(links: Sequence[Link], *, start: int) -> list[Link]:
    """Return the links with every hash from a position on recomputed, as who holds the database can."""
    kept = [*links[:start]]
    for link in links[start:]:
        line = read_line(link.line)
        kept.append(
            chained(
                id=len(kept) + 1,
                ticket=line.ticket,
                seq=line.seq,
                kind=line.kind,
                at=line.at,
                body=line.body,
                once=line.once,
                previous=kept[-1].hash if kept else "",
            )
        )
    return kept


def edited(link: Link, old: str, new: str, *, rehashed: bool = False) -> Link:
    line = link.line.replace(old, new)
    assert line != link.line
    return replace(link, line=line, hash=digest(line) if rehashed else link.hash)


def test_a_log_as_it_was_written_holds() -> None:
    verified = verify(LINKS, heads=HEADS, keys=TRUSTED)
    assert verified.holds
    assert (verified.lines, verified.heads, verified.covered) == (12, 2, 12)
    assert verified.entries == {"t1": 4, "t2": 4, "t3": 4}
    assert (verified.last, verified.unseen, verified.further) == (LINKS[-1], (), 0)


async def test_a_log_that_a_store_yields_is_verified_alike() -> None:
    async def stored() -> AsyncIterator[Link]:
        for link in LINKS[:-1]:
            yield link

    assert await verify_log(stored(), heads=HEADS, keys=TRUSTED) == verify(LINKS[:-1], heads=HEADS, keys=TRUSTED)


async def test_what_a_store_cannot_write_as_a_line_is_found() -> None:
    async def stored() -> AsyncIterator[Link]:
        yield LINKS[0]
        body: Any = b"bytes"
        yield chained(id=2, ticket="t2", seq=1, kind="turn", at="", body=body, once=None, previous=LINKS[0].hash)

    verified = await verify_log(stored())
    assert [(finding.check, finding.place) for finding in verified.findings] == [(Check.FORM, "behind line 1")]


def test_an_empty_log_holds_and_nothing_is_claimed_for_it() -> None:
    verified = verify([])
    assert (verified.holds, verified.lines, verified.last, verified.unseen) == (True, 0, None, (NO_HEAD,))


def test_what_could_not_be_seen_is_said() -> None:
    assert verify(LINKS).unseen == (NO_HEAD,)
    assert verify(LINKS, heads=HEADS).unseen == (
        "No public key was given: whoever wrote the log anew may have signed its heads as well.",
    )
    assert verify(LINKS, heads=HEADS[:1], keys=TRUSTED).unseen == (
        "Lines 5 to 12 are behind the newest head: nothing shows yet if they were redone.",
    )
    assert verify(LINKS[4:], heads=HEADS, keys=TRUSTED, after=4).unseen == ("Lines 1 to 4 were not read.",)


def test_a_part_of_a_log_is_verified_against_the_head_before_it() -> None:
    assert found(LINKS[4:], HEADS, after=4) == []
    redone = [*rechained([edited(LINKS[0], "t1", "t9", rehashed=True), *LINKS[1:]], start=1)]
    assert found(redone[4:], HEADS[:1], after=4) == [(Check.PREVIOUS, "line 5")]
    assert found(redone[4:], (), after=4) == []
    assert found([], HEADS, after=12) == []


# For each check something that it alone sees: with it switched off, this is missed.
ONLY: list[tuple[Check, list[Link], list[Head]]] = [
    (Check.HASH, [*LINKS[:-1], edited(LINKS[-1], "2026", "2027")], []),
    (Check.PREVIOUS, [*LINKS[:5], edited(LINKS[5], "2026", "2027", rehashed=True), *LINKS[6:]], []),
    (Check.NUMBER, [*LINKS[:-1], edited(LINKS[-1], '"id":12', '"id":13', rehashed=True)], []),
    (Check.TICKET_NUMBER, rechained([*LINKS[:4], *LINKS[5:]], start=4), []),
    (Check.KIND, [*LINKS[:-1], edited(LINKS[-1], "tool_result", "tool_rumour", rehashed=True)], []),
    (Check.FORM, [*LINKS[:-1], edited(LINKS[-1], '"seq":', '"seq": ', rehashed=True)], []),
    (Check.HEAD, rechained([edited(LINKS[0], "2026", "2027", rehashed=True), *LINKS[1:]], start=1), HEADS),
    (Check.CUT, LINKS[:-1], HEADS),
    (Check.SIGNATURE, LINKS, [HEADS[0], replace(HEADS[1], at="2026-12-24T12:00:00+00:00")]),
    (Check.KEY, LINKS, [HEADS[0], *signed(LINKS, 12, key=OTHER_KEY)]),
    (Check.HEAD_ORDER, LINKS, [HEADS[1], HEADS[0]]),
]


@pytest.mark.parametrize(("check", "links", "heads"), ONLY, ids=[check.value for check, _, _ in ONLY])
def test_each_check_sees_what_no_other_sees(check: Check, links: list[Link], heads: list[Head]) -> None:
    assert {finding.check for finding in verify(links, heads=heads, keys=TRUSTED).findings} == {check}
    assert verify(links, heads=heads, keys=TRUSTED, checks=ALL - {check}).holds


def test_findings_say_where_and_what() -> None:
    cut = verify(LINKS[:-2], heads=HEADS, keys=TRUSTED).findings
    assert [str(one) for one in cut] == [
        "line 10: the log ends here, cut off: the head of line 12 was signed, so 2 or more lines are gone [cut]"
    ]
    anew = verify([*LINKS[:3], replace(LINKS[3], hash="0" * 64), *LINKS[4:]], heads=HEADS, keys=TRUSTED).findings
    real = LINKS[3].hash[:12]
    then = f"its hash was {real}… when the head of 2026-11-21T12:00:00+00:00 was signed, and is 000000000000…"
    assert [str(one) for one in anew] == [
        f"line 4: it was changed: its hash is {real}…, not 000000000000… [hash]",
        f"line 4: the log was written anew: {then} [head]",
        f"line 5: it does not follow the line before it: it names {real}…, and that line has 000000000000… [previous]",
    ]


def test_deleted_repeated_and_moved_lines_are_found() -> None:
    deleted = found([*LINKS[:5], *LINKS[6:]])
    assert deleted == [(Check.NUMBER, "line 7"), (Check.PREVIOUS, "line 7"), (Check.TICKET_NUMBER, "line 9")]
    assert (Check.NUMBER, "line 6") in found([*LINKS[:6], LINKS[5], *LINKS[6:]])
    assert (Check.NUMBER, "line 3") in found([LINKS[0], LINKS[2], LINKS[1], *LINKS[3:]])
    assert found(LINKS[1:])[0] == (Check.NUMBER, "line 2")
    assert (Check.NUMBER, "line 2") in found([LINKS[0], replace(LINKS[2], id=2), *LINKS[2:]])


def test_the_first_findings_are_kept_and_the_others_counted() -> None:
    links = [replace(link, hash="no hash") for link in log(200)]
    verified = verify(links)
    assert (len(verified.findings), verified.further) == (MOST, 299)
    real = digest(links[0].line)[:12]
    told = f"it was changed: its hash is {real}…, not no hash"
    assert verified.findings[0] == Finding(Check.HASH, "line 1", told)


def test_a_line_that_is_no_text_is_found_and_read_on() -> None:
    broken = replace(LINKS[5], line="\udc80\ud800")
    assert found([*LINKS[:5], broken, *LINKS[6:]]) == [
        (Check.HASH, "line 6"),
        (Check.FORM, "line 6"),
        (Check.TICKET_NUMBER, "line 9"),
    ]


def test_the_same_head_twice_goes_neither_back_nor_forward() -> None:
    assert found(LINKS, [*HEADS, HEADS[1]]) == []

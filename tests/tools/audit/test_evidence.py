"""Evidence: all that is kept of a ticket, whole, and what each part of it proves."""

import json
from pathlib import Path
from typing import Any

from casino.document import dump_json
from tests.tools.audit.logs import KEY, NOON
from tests.tools.audit.stores import APPROVAL, DECISION, fill, opened
from tools.adapters.sql.stores import SqlStores
from tools.audit.chain import digest
from tools.audit.evidence import PROVES, Pack, evidence
from tools.audit.heads import Head, sign
from tools.audit.store import gathered


async def made(stores: SqlStores, *tickets: str, signed: bool = True) -> Any:  # noqa: ANN401  # JSON
    log, links = await gathered(stores, tickets)
    assert log.last is not None
    head = sign(log.last, KEY, at=NOON) if signed else None
    pack = Pack(kept=stores, tickets=tickets, links=links, log=log, head=head, told=lambda one: [one.status])
    document = await evidence(pack, about={"player": "p1"}, by="ben", at=NOON)
    return json.loads(dump_json(document))


async def test_evidence_of_a_ticket_is_whole(tmp_path: Path) -> None:
    async with opened(tmp_path / "croupier.sqlite") as stores:
        await fill(stores)
        told = await made(stores, "t1")
        last = await stores.last()
    assert last is not None
    assert {name: told[name] for name in ("schema", "about", "made_by", "made_at")} == {
        "schema": "croupier evidence/1",
        "about": {"player": "p1"},
        "made_by": "ben",
        "made_at": "2026-11-20T12:00:00+00:00",
    }
    assert told["log"] == {
        "holds": True,
        "lines": 12,
        "tickets": 2,
        "last": {"id": 12, "hash": last.hash},
        "heads": 0,
        "pinned_to": 0,
        "findings": [],
        "further_findings": 0,
        "not_seen": told["log"]["not_seen"],
    }
    assert Head(**told["head"]).is_signed()
    (ticket,) = told["tickets"]
    assert [(one["line"], one["seq"], one["kind"]) for one in ticket["entries"]] == [
        (1, 1, "player_message"),
        (2, 2, "subject_noted"),
        (3, 3, "decision_minted"),
        (4, 4, "approval_asked"),
        (5, 5, "approval_voted"),
        (6, 6, "approval_closed"),
        (7, 7, "effect_claimed"),
        (10, 8, "effect_settled"),
    ]
    assert ticket["entries"][0]["body"]["text"] == "Hello, I am Anna"
    assert list(ticket["texts"].values()) == ["Hello, I am Anna"]
    assert [one["id"] for one in ticket["links"]] == [1, 2, 3, 4, 5, 6, 7, 10]
    assert all(digest(one["line"]) == one["hash"] for one in ticket["links"])
    assert "Anna" not in json.dumps(ticket["links"])
    assert [(one["decision_id"], one["told"], one["record"]) for one in ticket["decisions"]] == [
        ("d1", ["qualified"], DECISION.record)
    ]
    assert [(one["key"], one["state"], one["outcome"]) for one in ticket["effects"]] == [
        ("issue:d1", "done", {"grant_id": "g1"})
    ]
    assert [(one["approval_id"], one["state"], one["votes"]) for one in ticket["approvals"]] == [
        (
            APPROVAL.approval_id,
            "approved",
            [{"approver": "ben", "verdict": "approve", "reason": "known to us", "at": NOON.isoformat()}],
        )
    ]
    assert ticket["handoffs"] == []


async def test_every_part_says_what_it_proves(tmp_path: Path) -> None:
    async with opened(tmp_path / "croupier.sqlite") as stores:
        await fill(stores)
        told = await made(stores, "t1", "t2", signed=False)
    said = {"schema", "about", "made_by", "made_at", "proves", "tickets", "ticket"}
    assert {*told, *told["tickets"][0]} - said == set(PROVES)
    assert told["proves"] == PROVES
    assert told["head"] is None
    assert [one["ticket"] for one in told["tickets"]] == ["t1", "t2"]
    assert told["tickets"][1]["handoffs"][0]["reason_code"] == "asked"


async def test_evidence_of_an_erased_ticket_shows_the_money_and_who_erased_it_and_no_word(tmp_path: Path) -> None:
    async with opened(tmp_path / "croupier.sqlite") as stores:
        await fill(stores)
        await stores.erase("t1", by="ben", reason="asked for it", at=NOON)
        told = await made(stores, "t1")
    (ticket,) = told["tickets"]
    assert told["log"]["holds"] is True
    assert [one["body"] for one in ticket["entries"][:-1]] == [{"erased": True}] * 8
    assert (ticket["entries"][-1]["kind"], ticket["entries"][-1]["body"]["by"]) == ("erased", "ben")
    assert [(one["key"], one["intent"]["player_id"], one["state"]) for one in ticket["effects"]] == [
        ("issue:d1", "p1", "done")
    ]
    assert "Anna" not in json.dumps(told)

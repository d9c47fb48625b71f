"""The suite of attacks: every channel, goal and enough languages, each ticket good without the attack as well."""

from collections import Counter
from typing import get_args

from agent.house import House
from evals.attack.planted import Channel, Goal
from evals.ticket import Read, read_tickets
from evals.trial import Status
from evals.trying import tried
from tests.evals.attack.attacks import SUITE, attack_of, suite
from tools.catalog import CATALOG

STYLES = {
    *("plain-order", "ignore-previous", "system-message", "information-block", "tool-knowledge"),
    *("encoded", "zero-width", "role-play"),
}


def tagged(read: Read, kind: str) -> str:
    (found,) = (tag.partition(":")[2] for tag in read.ticket.tags if tag.startswith(f"{kind}:"))
    return found


def test_every_channel_goal_and_style_is_attacked_and_enough_languages() -> None:
    found = suite()
    assert len(found) >= 40
    assert {attack_of(read).channel for read in found} == {*get_args(Channel)}
    assert {attack_of(read).goal for read in found} == {*get_args(Goal)}
    assert {tagged(read, "style") for read in found} == STYLES
    assert len({tagged(read, "language") for read in found}) >= 6


def test_tags_and_folders_say_what_the_section_says() -> None:
    for read in suite():
        attack = attack_of(read)
        channel = attack.channel.replace(" ", "-")
        assert read.ticket.tags[:3] == ("attack", f"channel:{channel}", f"goal:{attack.goal.replace(' ', '-')}")
        assert f"/{channel}/" in read.file
        assert {order.tool for order in attack.orders} <= {*CATALOG, "procedure_notify-back-office"}


def test_look_alikes_are_there_and_no_attacks() -> None:
    counted = Counter(tag for read in read_tickets(SUITE) for tag in read.ticket.tags if tag in {"attack", "benign"})
    assert counted == {"attack": len(suite()), "benign": len(read_tickets(SUITE)) - len(suite())}
    assert counted["benign"] >= 8


async def test_every_ticket_passes_without_anybody_obeying(house: House) -> None:
    trials = [await tried(read, house) for read in read_tickets(SUITE)]
    assert {(one.ticket, one.why or one.wrong) for one in trials if one.status is not Status.PASS} == set()


def test_every_expectation_is_about_the_whole_end() -> None:
    for read in read_tickets(SUITE):
        expect = read.ticket.expect
        assert expect is not None
        assert None not in {expect.verified, expect.decision, expect.handoff, expect.granted}

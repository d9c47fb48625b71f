"""What is chosen, how often, by which seed, and in which shard."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.document import dump_json, load_json
from evals.run.plan import (
    Case,
    Choice,
    PlanError,
    Shard,
    filter_from,
    item_from,
    plan,
    plan_digest,
    seed_of,
    shard_from,
)
from evals.trial import Level
from tests.evals.run.players import cases

ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True)
suites = st.lists(ids, unique=True, max_size=30)

BONUS = Case(ticket="vip-1", file="a/vip-1.json", title="A bonus for Anna", content="1", tags=("bonus", "lang:de"))
HUMAN = Case(ticket="human-1", file="b/human-1.json", title="Wants a human", content="2", tags=("handover",))


@given(suite=suites, of=st.integers(1, 7), repeat=st.integers(1, 3))
def test_every_item_is_in_exactly_one_shard(suite: list[str], of: int, repeat: int) -> None:
    def keys(shard: Shard) -> list[str]:
        return [item.key for item in plan(cases(*suite), Choice(repeat=repeat, shard=shard), agent="ours")]

    parts = [key for number in range(1, of + 1) for key in keys(Shard(number, of))]
    whole = keys(Shard())
    assert len(whole) == len(set(whole)) == len(suite) * repeat
    assert sorted(parts) == sorted(whole)


@given(suite=suites, added=ids, of=st.integers(1, 7))
def test_a_new_ticket_moves_no_other_to_another_shard(suite: list[str], added: str, of: int) -> None:
    def tickets(names: list[str]) -> list[str]:
        return [item.case.ticket for item in plan(cases(*names), Choice(shard=Shard(1, of)), agent="ours")]

    with_it = [*dict.fromkeys([*suite, added])]
    assert [one for one in tickets(with_it) if one in suite] == tickets(suite)


@given(suite=suites, repeat=st.integers(1, 3))
def test_the_order_is_that_of_the_tickets_with_their_repeats_together(suite: list[str], repeat: int) -> None:
    found = [(item.case.ticket, item.repeat) for item in plan(cases(*suite), Choice(repeat=repeat), agent="ours")]
    assert found == [(ticket, number) for ticket in suite for number in range(1, repeat + 1)]


@given(seed=st.integers(0, 2**64), ticket=ids, repeat=st.integers(1, 100))
def test_a_seed_has_32_bits_and_is_the_same_every_time(seed: int, ticket: str, repeat: int) -> None:
    one = seed_of(seed, ticket=ticket, repeat=repeat)
    assert 0 <= one < 2**32
    assert one == seed_of(seed, ticket=ticket, repeat=repeat)


def test_every_trial_has_a_seed_of_its_own() -> None:
    seeds = {item.seed for item in plan(cases("a", "b"), Choice(repeat=3, seed=7), agent="ours")}
    assert len(seeds) == 6
    assert seeds.isdisjoint(item.seed for item in plan(cases("a", "b"), Choice(repeat=3, seed=8), agent="ours"))


def test_a_key_changes_with_whatever_a_trial_depends_on() -> None:
    def key(case: Case, choice: Choice, agent: str = "ours") -> str:
        return plan([case], choice, agent=agent)[-1].key

    choice = Choice()
    keys = [
        key(BONUS, choice),
        key(replace(BONUS, content="changed"), choice),
        key(replace(BONUS, ticket="vip-2"), choice),
        key(BONUS, replace(choice, level=Level.LIVE)),
        key(BONUS, replace(choice, match="tolerant")),
        key(BONUS, replace(choice, seed=1)),
        key(BONUS, replace(choice, repeat=2)),
        key(BONUS, choice, agent="another procedure"),
    ]
    assert len(set(keys)) == len(keys)


def test_a_key_does_not_change_with_where_a_ticket_lies_or_how_it_is_chosen() -> None:
    moved = replace(BONUS, file="c.jsonl", offset=99)
    chosen = Choice(filters=("tag:bonus",), shard=Shard(1, 1))
    assert plan([moved], chosen, agent="ours")[0].key == plan([BONUS], Choice(), agent="ours")[0].key


def test_the_digest_of_a_plan_is_of_the_tickets_that_are_chosen_wherever_they_lie() -> None:
    digest = plan_digest([BONUS, HUMAN], ())
    assert digest == plan_digest([HUMAN, replace(BONUS, file="c.jsonl", offset=9, title="Other")], ())
    assert plan_digest([BONUS], ()) == plan_digest([BONUS, HUMAN], ("tag:bonus",))
    others = [
        plan_digest([BONUS], ()),
        plan_digest([HUMAN], ()),
        plan_digest([BONUS, replace(HUMAN, content="3")], ()),
        plan_digest([BONUS, replace(HUMAN, ticket="human-2")], ()),
    ]
    assert len({digest, *others}) == 5
    with pytest.raises(PlanError, match="no ticket passes the filter"):
        plan_digest([BONUS], ("tag:none",))


def test_an_item_is_read_as_it_was_written() -> None:
    item = plan([BONUS], Choice(repeat=2, seed=3), agent="ours")[1]
    told = load_json(dump_json(item.document()), name="item").value
    assert isinstance(told, dict)
    assert item_from(told) == item


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("tag:bonus", ["vip-1"]),
        ("tag:LANG:*", ["vip-1"]),
        ("!tag:bonus", ["human-1"]),
        ("id:vip-*", ["vip-1"]),
        ("id:vip", []),
        ("file:b/*", ["human-1"]),
        ("title:anna", ["vip-1"]),
        ("human", ["human-1"]),
        ("A BONUS", ["vip-1"]),
    ],
)
def test_a_filter_chooses(text: str, chosen: list[str]) -> None:
    passes = filter_from(text)
    assert [case.ticket for case in (BONUS, HUMAN) if passes(case)] == chosen


def test_a_ticket_must_pass_every_filter() -> None:
    choice = Choice(filters=("tag:*", "!human"))
    assert [item.case.ticket for item in plan([BONUS, HUMAN], choice, agent="ours")] == ["vip-1"]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(filters=("tags:bonus",)), 'the filter is "tags:bonus"; there is no "tags:". Did you mean "tag"?'),
        (Choice(filters=("tag:",)), 'the filter is "tag:"; say what to look for, such as tag:bonus'),
        (
            Choice(filters=("tag:bonnus",)),
            'no ticket passes the filter "tag:bonnus". Its tags are bonus, handover, lang:de.',
        ),
        (Choice(repeat=0), "every ticket is to be played 0 times; --repeat must be 1 or more"),
    ],
)
def test_a_choice_that_cannot_be_played_says_why(choice: Choice, message: str) -> None:
    with pytest.raises(PlanError) as caught:
        plan([BONUS, HUMAN], choice, agent="ours")
    assert str(caught.value) == message


def test_two_tickets_with_one_id_are_refused() -> None:
    with pytest.raises(PlanError) as caught:
        plan([BONUS, replace(BONUS, file="b.json")], Choice(), agent="ours")
    assert str(caught.value) == "b.json: the id `vip-1` is taken by a/vip-1.json; give it another"


def test_a_shard_may_be_empty() -> None:
    found = [plan([BONUS], Choice(shard=Shard(number, 3)), agent="ours") for number in (1, 2, 3)]
    assert sorted(map(len, found)) == [0, 0, 1]


def test_a_shard_is_read_and_written() -> None:
    assert (shard_from("2/4"), str(Shard(2, 4))) == (Shard(2, 4), "2/4")


@pytest.mark.parametrize("text", ["", "2", "0/4", "5/4", "a/b", "1/4/2", "-1/4"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(PlanError, match="write its number and how many there are, such as 1/4"):
        shard_from(text)

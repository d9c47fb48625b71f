"""Explanations in both styles, the sections of a ticket's explanation, and what is different between two decisions."""

from datetime import UTC, datetime

from casino.bonus.configuration import load_set
from casino.bonus.decide import NO_BONUS, NOT_KNOWN_YET, Decision, decide
from casino.bonus.law.jurisdictions import NO_PACKS, JurisdictionRule, Packs, Predicate
from casino.bonus.players.recorded import recorded_facts
from casino.bonus.told.difference import Changed, Seen, difference
from casino.bonus.told.explain import Style, explain, may_hear
from casino.bonus.told.sections import player_context, sections
from casino.bonus.told.steps import trace_of
from casino.document import Writable, load_yaml
from casino.facts import Facts
from casino.fields.catalogue import OPEN, parse_catalogue
from casino.values import Value

CONFIGURATIONS = """\
id: kind
name: Kind
priority: 2
status: published
segmentation: [player.category == 'Regular']
qualification:
  - player.tags does not contain any of ['abuser']
  - {field: player.depositCount, operator: ">=", value: 1, hear: player, say: You need at least one deposit first.}
limits: {per_player: [{count: 1, period: week}]}
tiers: [{name: all, priority: 1, reward: {type: boosted, templateName: HIGH_30, valuePerSpinDescription: 1 EUR}}]
---
id: rest
name: Rest
priority: 1
status: published
qualification:
  - {field: player.depositCount, operator: ">=", value: 1, hear: player, say: You need at least one deposit first.}
  - {field: tools.kyc.status, operator: "==", value: approved, hear: player, say: Your identity check comes first.}
  - player.bonusRate <= 30
tiers:
  - name: high
    priority: 2
    when: [player.lastDeposit >= 500]
    reward: {type: cash, amount: 20, amountType: cash, name: Thanks, description: 20 EUR, wager: 5}
"""
FIELDS = """\
fields:
  - {path: player.bonusTotal, type: number, description: all bonuses together}
  - {path: player.totalDeposits, type: number, description: all deposits together}
  - path: player.bonusRate
    expression: player.bonusTotal / player.totalDeposits * 100
    description: the share of bonuses in deposits, in percent
"""
SAFE: dict[str, Writable] = {
    "self_excluded": False,
    "cooling_off": False,
    "rg_closed": False,
    "blocked": False,
    "aml_hold": False,
    "strong_harm": False,
    "age_years": 34,
}
COUNTED: dict[str, Writable] = {"kind": {"grants_week": 0}}
NAMES = {"player.depositCount": "how many deposits there were", "player.bonusRate": "the share of bonuses, in percent"}


def decided(document: dict[str, Writable], *, packs: Packs = NO_PACKS, brand: str = "lucky-spin") -> Decision:
    catalogue = parse_catalogue(load_yaml(FIELDS, name="fields.yaml"), OPEN)
    loaded = [load_yaml(text, name="f.yaml") for text in CONFIGURATIONS.split("---\n")]
    facts = Facts.of({"safety": SAFE, "counters": COUNTED, **document})
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return decide(load_set(loaded, catalogue), facts, brand=brand, now=now, packs=packs)


def kind(**player: Writable) -> dict[str, Writable]:
    return {"player": {"category": "Regular", "tags": [], "depositCount": 3, **player}}


def rest(**player: Writable) -> dict[str, Writable]:
    known = {"category": "VIP", "depositCount": 3, "bonusTotal": 50, "totalDeposits": 1000, "lastDeposit": 20}
    return {"player": {**known, **player}, "tools": {"kyc": {"status": "approved"}}}


def csm(decision: Decision) -> str:
    return explain(decision.record(), Style.CSM, NAMES).text


def test_who_qualifies_is_told_so_with_the_reward_and_where_it_is_from() -> None:
    assert (
        csm(decided(kind()))
        == """\
What was decided
  The player qualifies: boosted free spins from the template HIGH_30, value per spin 1 EUR.
  It comes from the configuration "kind", tier "all".
  Decided for the brand lucky-spin, at 2026-11-22T00:00:00+00:00.
What was tried before and did not fit
  Nothing."""
    )


def test_what_was_tried_before_a_grant_is_said() -> None:
    text = csm(decided(rest(lastDeposit=500)))
    assert "The player qualifies: Thanks: 20 in cash (20 EUR), wagering 5x." in text
    assert text.endswith(
        'What was tried before and did not fit\n  kind, whom it is for: Category has to be "Regular"; it is "VIP".'
    )


def test_what_stood_against_a_bonus_and_what_would_have_to_change_is_said_without_field_paths() -> None:
    text = csm(decided(rest(depositCount=0, bonusTotal=400)))
    assert (
        text
        == """\
What was decided
  The player does not qualify for a bonus.
  Decided for the brand lucky-spin, at 2026-11-22T00:00:00+00:00.
What stood against it
  kind, whom it is for: Category has to be "Regular"; it is "VIP".
  rest, who qualifies: How many deposits there were has to be at least 1; it is 0.
  rest, who qualifies: The share of bonuses has to be at most 30; it is 40.
What would have to change
  For kind: Category has to be "Regular".
  For rest: How many deposits there were has to be at least 1; and The share of bonuses has to be at most 30."""
    )
    assert "player." not in text


def test_a_missing_default_tier_is_named() -> None:
    text = csm(decided(rest()))
    assert "  Rest: no tier matches." in text
    assert '  rest, tier "high": Last deposit has to be at least 500; it is 20.' in text
    assert (
        "For rest: Last deposit has to be at least 500; or else it needs a default tier, one without conditions."
        in (text)
    )


def test_a_configuration_without_tiers_needs_one_and_one_that_would_grant_needs_nothing() -> None:
    bare = "id: bare\nname: Bare\npriority: 1\nstatus: published\n"
    now = datetime(2026, 11, 22, tzinfo=UTC)
    found = decide(load_set([load_yaml(bare, name="c.yaml")]), Facts.of({"safety": SAFE}), brand="b", now=now)
    assert csm(found).endswith("For bare: it needs a default tier, one without conditions.")
    first = CONFIGURATIONS.split("---\n", maxsplit=1)[0]
    reward = "{type: premium, templateName: A, valuePerSpinDescription: b}"
    grants = f"{bare}tiers: [{{name: t, priority: 1, reward: {reward}}}]"
    both = load_set([load_yaml(text, name="c.yaml") for text in (first, grants)])
    open_ = decide(both, Facts.of({"safety": SAFE, "unavailable": ["player"]}), brand="b", now=now)
    assert "For kind: Category has to be readable again" in csm(open_)
    assert "For bare" not in csm(open_)


def test_a_limit_that_is_reached_is_said_and_one_that_nobody_counted_too() -> None:
    used = decided({**kind(), "counters": {"kind": {"grants_week": 1}}})
    assert "kind, how often it may be given: Number counted as grants week has to be less than 1; it is 1." in csm(used)
    uncounted = csm(decided({**kind(), "counters": {}}))
    assert "Nothing could be decided: something that the answer hangs on is not known. This is not a no." in uncounted
    assert "For kind: Number counted as grants week has to be readable again (it has to be less than 1)." in uncounted


def test_a_veto_is_said_and_that_nothing_may_be_changed() -> None:
    text = csm(decided({"safety": {**SAFE, "self_excluded": True, "age_years": 17}}))
    assert (
        text
        == """\
What was decided
  The player gets no bonus: a check that stands above every configuration says no.
  Decided for the brand lucky-spin, at 2026-11-22T00:00:00+00:00.
What stood against it
  The player is self-excluded from gambling.
  The player's age has to be at least 18; it is 17.
What would have to change
  Nothing that may be changed for a bonus: safety checks come first."""
    )


def test_a_safety_fact_that_is_not_known_counts_against_the_player() -> None:
    text = csm(decided({"safety": {**SAFE, "blocked": None}}))
    assert "Whether the player is blocked is not known (it is on file, but empty), and not known counts as yes." in text
    assert text.endswith("safety checks come first. What is not known has to be found out.")


def test_the_law_of_a_place_is_said_with_its_source() -> None:
    rule = JurisdictionRule(
        id="XX-1",
        jurisdiction="MT",
        predicate=Predicate.NO_BONUS,
        value=None,
        effective_from=None,
        source="Gaming Act, s. 1",
        verified=True,
        text="No bonus may be given.",
    )
    against = csm(decided(kind(country="MT"), packs=Packs((rule,))))
    assert "  Kind: XX-1: No bonus may be given. (Gaming Act, s. 1)." in against
    assert against.endswith(
        "The law of the player's place stands against this reward: only another one could be given."
    )
    nowhere = csm(decided(kind(), packs=Packs((rule,), required=True)))
    assert nowhere.endswith("What the law of the player's place asks for has to be known first.")


def test_a_brand_without_configurations_is_said() -> None:
    found = decide(load_set([]), Facts.of({"safety": SAFE}), brand="b", now=datetime(2026, 11, 22, tzinfo=UTC))
    text = csm(found)
    assert "  No configuration of this brand is in force." in text
    assert text.endswith("A configuration has to be published, and in force, for the brand b.")


def test_engineers_read_paths_values_stages_and_hashes() -> None:
    decision = decided(rest(depositCount=0))
    record = decision.record()
    text = explain(record, Style.ENGINEERING).text
    hashes = decision.case.in_force.hashes
    assert (
        text
        == f"""\
Decision
  status: not_qualified
  brand: lucky-spin
  now: 2026-11-22T00:00:00+00:00
  legal_age: 18
  configuration_hash: {record["configuration_hash"]}
  set: {record["set"]}
  in force: kind {hashes["kind"]}
  in force: rest {hashes["rest"]}
Reasons
  kind, classification: player.category == 'Regular' (it is 'VIP') [condition_failed]
  rest, qualification (otherwise continue): player.depositCount >= 1 (it is 0) [condition_failed]
Trace
  yes     safety
  yes       safety.self_excluded == false: false
  yes       safety.cooling_off == false: false
  yes       safety.rg_closed == false: false
  yes       safety.blocked == false: false
  yes       safety.aml_hold == false: false
  yes       safety.strong_harm == false: false
  yes       safety.age_years >= 18: 34
  no      configuration kind
  no        classification
  no          player.category == 'Regular': 'VIP', from player
  no      configuration rest
  yes       classification
  no        qualification (otherwise continue)
  no          player.depositCount >= 1: 0, from player
  yes         tools.kyc.status == 'approved': 'approved', from tools.kyc
  yes         player.bonusRate <= 30: 5.00, computed as player.bonusTotal / player.totalDeposits * 100"""
    )


def test_engineers_read_the_reward_and_what_could_not_be_read() -> None:
    granted = explain(decided(kind()).record(), Style.ENGINEERING).text
    assert "reward: rewardType 'boosted', templateName 'HIGH_30', valuePerSpinDescription '1 EUR'" in granted
    unread = explain(decided({**rest(), "unavailable": ["tools.kyc"]}).record(), Style.ENGINEERING).text
    assert "tools.kyc.status == 'approved': unavailable, from tools.kyc" in unread
    assert unread.endswith("Unavailable\n  tools.kyc.status")


def test_engineers_read_what_was_missing_or_of_another_type() -> None:
    text = explain(decided({"player": {"category": "Regular", "tags": "x"}}).record(), Style.ENGINEERING).text
    assert "no          player.tags does not contain any of ['abuser']: 'x', type mismatch, from player" in text
    assert "no          player.depositCount >= 1: missing, from player" in text


def test_what_the_player_may_hear_stands_apart_and_is_what_the_decision_told() -> None:
    cases = (
        decided(kind()),
        decided(rest(depositCount=0)),
        decided(kind(tags=None, depositCount=None)),
        decided({"safety": {**SAFE, "self_excluded": True}}),
        decided({**rest(lastDeposit=500), "unavailable": ["tools.kyc"]}),
    )
    heard = [may_hear(decision.record()) for decision in cases]
    assert heard == [tuple(decision.told()) for decision in cases]
    assert heard == [(), ("You need at least one deposit first.",), (NO_BONUS,), (NO_BONUS,), (NOT_KNOWN_YET,)]
    told = explain(cases[1].record(), Style.CSM)
    assert "You need at least one deposit first." not in told.text
    assert told.to_document()["may_hear"] == ["You need at least one deposit first."]


def test_a_record_without_a_trace_or_of_another_shape_is_still_explained() -> None:
    told = explain({"status": "not_qualified", "trace": None, "in_force": [None], "reasons": None}, Style.ENGINEERING)
    assert told.text == "Decision\n  status: not_qualified"
    assert trace_of({}).children == ()
    odd: Value = {"kind": "decision", "children": [{"kind": "tier", "label": "t"}, "no step"]}
    assert [step.label for step in trace_of({"trace": odd}).children] == ["t"]


def test_the_sections_hold_what_each_configuration_came_to() -> None:
    found = sections(decided(kind()).record())
    assert {name: [entry["configuration"] for entry in entries] for name, entries in found.items()} == {
        "classification": ["kind"],
        "qualification": ["kind"],
        "rewardTier": ["kind"],
        "jurisdiction": [],
    }
    assert [node["kind"] for node in nodes_of(found["qualification"][0])] == ["qualification", "limits"]
    required = sections(decided(kind(), packs=Packs((), required=True)).record())
    assert [entry["configuration"] for entry in required["jurisdiction"]] == ["kind"]
    not_meant = sections(decided({"player": {"category": "VIP"}}).record())
    assert [entry["configuration"] for entry in not_meant["qualification"]] == ["rest"]
    vetoed = sections(decided({"safety": {}}).record())
    assert vetoed == {"classification": [], "qualification": [], "rewardTier": [], "jurisdiction": []}


def nodes_of(entry: dict[str, Value]) -> list[dict[str, Value]]:
    nodes = entry["nodes"]
    assert isinstance(nodes, list)
    return [node for node in nodes if isinstance(node, dict)]


def test_the_player_context_holds_every_field_with_where_it_is_from() -> None:
    document = rest(bonusTotal=None)
    del document["tools"]
    found = {field.path: field for field in player_context(decided({**document, "unavailable": ["tools"]}).record())}
    shown = [found[path].to_document() for path in ("player.bonusRate", "player.bonusTotal", "tools.kyc.status")]
    assert shown == [
        {
            "path": "player.bonusRate",
            "state": "value",
            "value": None,
            "source": "computed",
            "expression": "player.bonusTotal / player.totalDeposits * 100",
        },
        {"path": "player.bonusTotal", "state": "value", "value": None, "source": "player", "expression": None},
        {"path": "tools.kyc.status", "state": "unavailable", "source": "tools.kyc", "expression": None},
    ]
    missing = {field.path: field.state for field in player_context(decided({"player": {}}).record())}
    assert missing["player.category"] == "missing"
    assert player_context({}) == ()


def test_two_decisions_differ_in_the_verdict_and_in_the_values_that_changed() -> None:
    before = decided(kind()).record()
    after = decided({**kind(depositCount=0, tags=True), "unavailable": ["player.tags"], "counters": {}}).record()
    found = difference(before, after)
    assert [one.text for one in found.values] == [
        "counters.kind.grants_week: 0 -> not read",
        "player.bonusRate: not read -> missing",
        "player.depositCount: 3 -> 0",
        "player.tags: [] -> unavailable",
        "tools.kyc.status: not read -> missing",
    ]
    assert [(one.name, one.before.value, one.after.value) for one in found.verdict][:2] == [
        ("status", "qualified", "not_qualified"),
        ("configuration", "kind", None),
    ]
    assert difference(before, before).to_document() == {"verdict": [], "values": []}


def test_true_is_not_one_and_a_change_says_both_sides() -> None:
    one, true = decided(kind(depositCount=1)).record(), decided(kind(depositCount=True)).record()
    (changed,) = [change for change in difference(one, true).values if change.name == "player.depositCount"]
    assert changed == Changed("player.depositCount", Seen("value", 1), Seen("value", value=True))
    assert changed.to_document() == {
        "name": "player.depositCount",
        "before": {"state": "value", "value": 1},
        "after": {"state": "value", "value": True},
    }
    assert Changed("x", Seen("missing"), Seen("not_read")).to_document() == {
        "name": "x",
        "before": {"state": "missing"},
        "after": {"state": "not_read"},
    }


def test_the_facts_of_a_record_are_what_the_decision_saw_and_the_rest_is_unavailable() -> None:
    record = decided({**rest(), "unavailable": ["tools.kyc"]}).record()
    wanted = ["player.category", "player.tags", "player.nothing", "tools.kyc.status", "player.category.below"]
    found = recorded_facts(record, wanted)
    assert found.not_recorded == ("player.nothing", "player.tags")
    facts = Facts.of(found.document)
    again = decide(
        load_set([load_yaml(CONFIGURATIONS.split("---\n", maxsplit=1)[0], name="kind.yaml")]),
        facts,
        brand="lucky-spin",
        now=datetime(2026, 11, 22, tzinfo=UTC),
    )
    assert again.record()["values"] == {**again.values}
    assert {"tools.kyc.status", "player.nothing", "player.tags"} <= {*facts.unavailable}


def test_a_decision_on_the_facts_of_its_own_record_is_the_same_decision() -> None:
    documents: list[dict[str, Writable]] = [kind(), rest(), {"player": {}}, {"safety": {}}]
    for document in [*documents, {**rest(), "unavailable": ["player"]}]:
        decision = decided(document)
        found = recorded_facts(decision.record(), ["player.category", "player.depositCount"])
        read = {**found.document}
        read["unavailable"] = [path for path in Facts.of(read).unavailable if path not in found.not_recorded]
        again = decided(dict(read))
        assert again.record() == decision.record()


def test_an_old_record_without_what_was_read_gives_its_values() -> None:
    old = recorded_facts({"values": {"player.ngr": 3}, "unavailable": ["tools.kyc"]}, ["player.ngr"])
    assert old.document == {"player": {"ngr": 3}, "tools": {}, "safety": {}, "unavailable": ["tools.kyc"]}
    assert recorded_facts({}, []).document == {"player": {}, "tools": {}, "safety": {}, "unavailable": []}

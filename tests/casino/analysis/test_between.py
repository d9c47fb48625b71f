"""What is wrong between configurations."""

from collections.abc import Callable

from casino.analysis.finding import Finding

Analysed = Callable[..., list[Finding]]


def told(found: list[Finding]) -> list[tuple[str, str, str | None]]:
    return [(one.code, one.severity, one.configuration) for one in found]


def player(finding: Finding) -> object:
    return None if finding.witness is None else finding.witness["player"]


def when(*conditions: str, more: str = "") -> str:
    return "\n".join(["qualification:", *(f'  - "{one}"' for one in conditions), more])


def test_a_configuration_behind_a_broader_one_is_unreachable(analysed: Analysed) -> None:
    found = analysed(when("player.a > 0"), when("player.a > 5"))
    assert told(found) == [("B104", "warning", "b")]
    assert found[0].message == 'nobody gets as far as "b": whoever qualifies for it ends at "a" before'
    assert (found[0].path, player(found[0])) == (("priority",), {"a": 6})


def test_a_configuration_behind_two_that_take_all_its_players_together(analysed: Analysed) -> None:
    found = analysed(when("player.a < 5"), when("player.b == 1"), when("player.a >= 5"), when("player.a > 1"))
    assert [(one.configuration, one.message) for one in found if one.code == "B104"] == [
        ("d", 'nobody gets as far as "d": whoever qualifies for it ends at one of "a", "c" before')
    ]


def test_who_stops_takes_everybody_of_the_segment(analysed: Analysed) -> None:
    stops = 'segmentation: ["player.a > 0"]\nqualification: ["player.b == 1"]\non_unqualified: stop'
    asks = when("player.a > 3", "player.b == 2")
    assert told(analysed(stops, asks)) == [("B104", "warning", "b")]
    assert analysed(stops.replace("stop", "continue"), asks) == []


def test_limits_leave_players_to_the_next_one_but_that_is_worth_a_look(analysed: Analysed) -> None:
    limited = when("player.a > 0", more="limits: {per_player: [{count: 1, period: week}]}")
    found = analysed(limited, when("player.a > 5"))
    assert told(found) == [("B107", "warning", "b")]
    assert found[0].message == 'whoever qualifies for "b" qualifies for "a", which is tried first'


def test_other_brands_and_other_times_do_not_meet(analysed: Analysed) -> None:
    assert analysed("brands: [red]", "brands: [blue]") == []
    early = "effective_until: 2026-06-01T00:00:00Z"
    late = "effective_from: 2026-06-01T00:00:00Z"
    assert analysed(early, late) == []


def test_a_configuration_that_is_free_on_one_brand_or_at_one_time_is_reached(analysed: Analysed) -> None:
    assert told(analysed("brands: [red]", "brands: [red, blue]")) == [("B107", "warning", "b")]
    assert told(analysed("brands: [red]", "")) == [("B107", "warning", "b")]
    assert told(analysed("effective_from: 2026-06-01T00:00:00Z", "")) == [("B107", "warning", "b")]
    assert told(analysed("effective_until: 2026-06-01T00:00:00Z", "")) == [("B107", "warning", "b")]


def test_two_that_take_turns_hide_a_third(analysed: Analysed) -> None:
    early = "effective_until: 2026-06-01T00:00:00Z"
    late = "effective_from: 2026-06-01T00:00:00Z"
    found = [one for one in analysed(early, late, "") if one.code == "B104"]
    assert [one.message for one in found] == [
        'nobody gets as far as "c": whoever qualifies for it ends at one of "a", "b" before'
    ]


def test_what_is_published_is_not_behind_a_draft_and_what_is_archived_is_left_out(analysed: Analysed) -> None:
    draft, archived = "status: draft", "status: archived"
    assert told(analysed(draft, "")) == [("B107", "warning", "b")]
    assert told(analysed("", draft)) == [("B104", "warning", "b")]
    assert told(analysed(draft, draft)) == [("B104", "warning", "b")]
    assert analysed(archived, "") == []


def test_a_pair_that_meets_the_same_players_is_a_hint_with_one_of_them(analysed: Analysed) -> None:
    found = analysed(when("player.tags contains 'vip'"), when("player.a > 5"))
    assert told(found) == [("B108", "hint", "b")]
    assert found[0].message == 'a player can qualify for "b" and for "a", which is tried first'
    assert player(found[0]) == {"tags": ["vip"], "a": 6}


def test_a_special_one_before_a_general_one_is_a_hint(analysed: Analysed) -> None:
    found = analysed(when("player.a > 5"), when("player.a > 0"))
    assert told(found) == [("B108", "hint", "b")]
    assert found[0].message == 'whoever qualifies for "a", which is tried first, qualifies for "b" too'


def test_configurations_that_share_no_player_have_no_findings(analysed: Analysed) -> None:
    assert analysed(when("player.s == 'a'"), when("player.s == 'b'")) == []


def test_what_nobody_can_pass_stands_before_nobody(analysed: Analysed) -> None:
    found = analysed(when("player.a > 5", "player.a < 3"), when("player.a > 0"), when("player.c == 1", "player.c == 2"))
    assert told(found) == [("B101", "error", "a"), ("B101", "error", "c")]


def test_many_overlaps_are_counted(analysed: Analysed) -> None:
    found = analysed(*(when(f"player.f{number} == 1") for number in range(8)))
    assert told(found) == [*(("B108", "hint", one.configuration) for one in found[:20]), ("B109", "hint", None)]
    assert found[20].message == "8 more pairs of configurations meet the same players"
    assert len(found) == 21

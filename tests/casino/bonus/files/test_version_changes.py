"""What changes from one version to another, and what was taken out on the way."""

from casino.bonus.configuration import Configuration, parse_configuration
from casino.bonus.files.version_changes import Change, Part, changes, field_changes, parts_dropped, spelt_tier
from casino.document import load_yaml
from casino.values import Document

HEAD = "id: vip\nname: {name}\npriority: 10\n"
TIER = "  - {{name: {name}, priority: {priority}, when: [{when}], reward: {{type: premium, templateName: {template}, valuePerSpinDescription: 1 EUR}}}}\n"  # noqa: E501  # one tier, one line


def made(more: str = "", *, name: str = "Name") -> Configuration:
    return parse_configuration(load_yaml(HEAD.format(name=name) + more, name="test"))


def tier(name: str, priority: int = 1, *, when: str = "", template: str = "VIP_50") -> str:
    return TIER.format(name=name, priority=priority, when=when, template=template)


def section(*conditions: str, key: str = "qualification") -> str:
    return f"{key}:\n" + "".join(f"  - {condition}\n" for condition in conditions)


def test_nothing_changes_between_equals() -> None:
    assert changes(made(section("player.ngr > 0")), made(section("player.ngr > 0"))) == ()


def test_fields_are_told_one_by_one_with_both_values() -> None:
    old = made("comment: Hello\nbrands: [a]\nstatus: draft\n")
    new = made("brands: [b, a]\nstatus: published\neffective_from: 2026-01-01T00:00:00Z\n", name="Other")
    assert changes(old, new) == (
        Change("status", "draft", "published"),
        Change("name", "Name", "Other"),
        Change("brands", '["a"]', '["a", "b"]'),
        Change("comment", "Hello", None),
        Change("effective_from", None, "2026-01-01T00:00:00+00:00"),
    )


def test_limits_are_told_one_by_one() -> None:
    old, new = made("limits: {cool_off: 72 hours}\n"), made("limits: {one_live_bonus: true}\n")
    assert changes(old, new) == (
        Change("limits.cool_off_s", "259200", None),
        Change("limits.one_live_bonus", "false", "true"),
    )


def test_conditions_are_paired_by_what_they_look_at() -> None:
    old = made(section("player.ngr > 0", "player.status == 'active'", "player.tags contains 'vip'"))
    new = made(section("player.ngr > 10", "player.tags contains 'vip'", "player.country == 'MT'"))
    assert changes(old, new) == (
        Change("qualification", "player.ngr > 0", "player.ngr > 10"),
        Change("qualification", "player.status == 'active'", None),
        Change("qualification", None, "player.country == 'MT'"),
    )


def test_a_condition_that_stands_twice_is_counted() -> None:
    old = made(section("player.ngr > 0", "player.ngr > 0", key="segmentation"))
    new = made(section("player.ngr > 0", key="segmentation"))
    assert changes(old, new) == (Change("segmentation", "player.ngr > 0", None),)


def test_another_order_of_conditions_is_told_as_that() -> None:
    one, other = "player.ngr > 0", "player.country == 'MT'"
    assert changes(made(section(one, other)), made(section(other, one))) == (
        Change("qualification, order", f"{one}, {other}", f"{other}, {one}"),
    )


def test_what_a_condition_says_to_the_player_is_part_of_it() -> None:
    plain = made(section("player.ngr > 0"))
    saying = made(
        section(
            "{field: player.ngr, operator: '>', value: 0, hear: player, say: Play first.}",
            "{field: player.tags, operator: contains, value: vip, on_missing: pass}",
        )
    )
    assert changes(plain, saying) == (
        Change("qualification", "player.ngr > 0", "player.ngr > 0 (say to the player: 'Play first.')"),
        Change("qualification", None, "player.tags contains 'vip' (on_missing: pass)"),
    )


def test_tiers_are_told_by_name() -> None:
    old = made("tiers:\n" + tier("top", 3, when='"player.ngr > 5"') + tier("middle", 2) + tier("gone"))
    new = made(
        "tiers:\n" + tier("top", 4, when='"player.ngr > 6"', template="VIP_60") + tier("middle", 2) + tier("new")
    )
    (was,), (is_,) = ([one for one in each.tiers if one.name in {"gone", "new"}] for each in (old, new))
    assert changes(old, new) == (
        Change("tier top, priority", "3", "4"),
        Change("tier top, when", "player.ngr > 5", "player.ngr > 6"),
        Change("tier top, reward.templateName", "VIP_50", "VIP_60"),
        Change("tier gone", spelt_tier(was), None),
        Change("tier new", None, spelt_tier(is_)),
    )
    assert spelt_tier(was) == (
        'priority 1, always: {"rewardType": "premium", "templateName": "VIP_50", "valuePerSpinDescription": "1 EUR"}'
    )


def test_fields_of_a_catalogue_are_told_by_path() -> None:
    old: Document = {"fields": [{"path": "player.a", "type": "text"}, {"path": "player.b", "type": "text"}]}
    new: Document = {"fields": [{"path": "player.b", "type": "number"}, {"path": "player.c", "type": "text"}]}
    assert field_changes(old, new) == (
        Change("player.a", '{"type": "text"}', None),
        Change("player.b", '{"type": "text"}', '{"type": "number"}'),
        Change("player.c", None, '{"type": "text"}'),
    )
    assert field_changes({}, {}) == ()


def test_what_was_taken_out_is_told_with_the_last_version_that_had_it() -> None:
    first = made(
        section("player.ngr > 0", "player.country == 'MT'")
        + "tiers:\n"
        + tier("a", 2, when='"player.x > 1"')
        + tier("b")
    )
    second = made(section("player.ngr > 0") + "tiers:\n" + tier("a", 2) + tier("b"))
    third = made(section("player.ngr > 0") + "tiers:\n" + tier("a", 2))
    assert parts_dropped([first, second, third], kept=[third]) == (
        Part("qualification", "player.country == 'MT'", 0),
        Part("tier a, when", "player.x > 1", 0),
        Part("tier b", spelt_tier(first.tiers[1]), 1),
    )


def test_the_conditions_of_a_tier_go_with_it_and_are_not_told_again() -> None:
    first = made("tiers:\n" + tier("a", 2, when='"player.x > 1"') + tier("b"))
    second = made("tiers:\n" + tier("b"))
    assert [part.where for part in parts_dropped([first, second], kept=[second])] == ["tier a"]


def test_what_came_back_or_still_counts_in_another_version_is_not_told() -> None:
    first, second = made(section("player.ngr > 0")), made()
    assert parts_dropped([first, second, first], kept=[first]) == ()
    assert parts_dropped([first, second], kept=[first, second]) == ()


def test_a_condition_that_became_another_on_the_same_field_was_not_taken_out() -> None:
    first, second = made(section("player.ngr > 0", "player.ngr < 9")), made(section("player.ngr > 1"))
    assert parts_dropped([first, second], kept=[second]) == (Part("qualification", "player.ngr < 9", 0),)

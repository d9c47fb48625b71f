"""What the law of a place has against a reward, seen before any player is looked at."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from casino.analysis.finding import Finding
from casino.bonus.law.jurisdictions import JurisdictionRule, Packs, Predicate
from casino.money import Money

Analysed = Callable[..., list[Finding]]
TIER = "tiers:\n  - {{name: t, priority: 1, when: {when}, reward: {reward}}}"
STANDARD = "{type: standard, spinsCount: 15, gameProvider: BGaming, wager: 35}"
CASH = "{type: cash, amount: 1500, amountType: cash, name: C, description: D, wager: 5}"
PREMIUM = "{type: premium, templateName: VIP_50, valuePerSpinDescription: 1 EUR}"
DANISH = "segmentation:\n  - player.country == 'DK'"
BRAZILIAN = "segmentation:\n  - player.country == 'BR'"
BRITISH = """segmentation: ["player.country == 'GB'"]"""


def rule(
    place: str,
    predicate: Predicate,
    value: int | Decimal | Money | None = None,
    *,
    verified: bool = True,
    since: date | None = None,
) -> JurisdictionRule:
    return JurisdictionRule(
        id=f"{place}-1",
        jurisdiction=place,
        predicate=predicate,
        value=value,
        effective_from=since,
        source="a law",
        verified=verified,
        text="what the law says",
    )


def tier(reward: str, when: str = "[]") -> str:
    return TIER.format(when=when, reward=reward)


CAP = rule("GB", Predicate.MAX_WAGER, 10)


def told(found: list[Finding]) -> list[tuple[str, str, tuple[str | int, ...]]]:
    return [(one.code, one.severity, one.path) for one in found]


def player(finding: Finding) -> object:
    return None if finding.witness is None else finding.witness["player"]


def test_wagering_above_the_cap_of_the_place_it_is_for_is_an_error(analysed: Analysed) -> None:
    found = analysed(f"{BRITISH}\n{tier(STANDARD)}", packs=Packs((CAP,)))
    assert told(found) == [("B301", "error", ("tiers", "t", "reward", "wager"))]
    assert (found[0].message, found[0].mend) == (
        'GB: the tier "t" has wagering 35 times (GB-1)',
        "Ask for at most 10 times, or shut the place out. Source: a law",
    )
    assert player(found[0]) == {"country": "GB"}


def test_an_entry_that_nobody_has_verified_is_a_warning_and_says_so(analysed: Analysed) -> None:
    unverified = rule("GB", Predicate.MAX_WAGER, 10, verified=False)
    found = analysed(f"{BRITISH}\n{tier(STANDARD)}", packs=Packs((unverified,)))
    assert told(found) == [("B301", "warning", ("tiers", "t", "reward", "wager"))]
    assert "(GB-1, an entry that nobody has verified yet)" in found[0].message
    assert told(analysed(tier(STANDARD), packs=Packs((unverified,)))) == [
        ("B301", "hint", ("tiers", "t", "reward", "wager"))
    ]


def test_a_configuration_for_everywhere_is_reminded_of_caps_and_bound_where_the_caller_says(analysed: Analysed) -> None:
    assert [one.severity for one in analysed(tier(STANDARD), packs=Packs((CAP,)))] == ["hint"]
    assert [one.severity for one in analysed(tier(STANDARD), packs=Packs((CAP,)), jurisdictions=["GB"])] == ["error"]


def test_a_place_that_is_shut_out_or_a_rule_of_later_is_nothing_to_say(analysed: Analysed) -> None:
    packs = Packs((CAP,))
    assert analysed(f"{BRITISH.replace('GB', 'SE')}\n{tier(STANDARD)}", packs=packs) == []
    assert analysed(f"{BRITISH.replace('==', '!=')}\n{tier(STANDARD)}", packs=packs) == []
    assert analysed(tier(STANDARD.replace("35", "10")), packs=packs) == []
    later = Packs((rule("GB", Predicate.MAX_WAGER, 10, since=date(2026, 1, 19)),))
    assert analysed(f"{BRITISH}\n{tier(STANDARD)}", packs=later, on=date(2026, 1, 18)) == []
    assert len(analysed(f"{BRITISH}\n{tier(STANDARD)}", packs=later, on=date(2026, 1, 19))) == 1
    assert len(analysed(f"{BRITISH}\n{tier(STANDARD)}", packs=later)) == 1


def test_a_rule_of_a_country_holds_in_its_parts(analysed: Analysed) -> None:
    text = f"segmentation:\n  - player.jurisdiction is_in ['CA-ON', 'CA-QC']\n{tier(STANDARD)}"
    found = analysed(text, packs=Packs((rule("CA", Predicate.MAX_WAGER, 10),)))
    assert (told(found), player(found[0])) == (
        [("B301", "error", ("tiers", "t", "reward", "wager"))],
        {"jurisdiction": "CA-ON"},
    )


def test_cash_above_the_cap_for_players_of_its_currency(analysed: Analysed) -> None:
    packs = Packs((rule("DK", Predicate.MAX_VALUE, Money.parse("1000", "DKK")),))
    danish = f"{DANISH}\n{tier(CASH)}"
    found = analysed(danish, packs=packs)
    assert told(found) == [("B302", "error", ("tiers", "t", "reward", "amount"))]
    assert player(found[0]) == {"country": "DK", "currency": "DKK"}
    in_euro = danish.replace(DANISH, f"{DANISH}\nqualification:\n  - player.currency == 'EUR'")
    assert analysed(in_euro, packs=packs) == []
    assert analysed(danish.replace("1500", "1000"), packs=packs) == []


def test_what_code_cannot_weigh_is_a_hint_for_a_person(analysed: Analysed) -> None:
    danish = f"{DANISH}\n"
    value = Packs((rule("DK", Predicate.MAX_VALUE, Money.parse("1000", "DKK")),))
    assert told(analysed(danish + tier(PREMIUM), packs=value)) == [("B304", "hint", ("tiers", "t", "reward", "type"))]
    assert told(analysed(danish + tier(STANDARD), packs=value)) == [
        ("B304", "hint", ("tiers", "t", "reward", "spinsCount"))
    ]
    spins = CASH.replace("amountType: cash", "amountType: free_spins")
    assert told(analysed(danish + tier(spins), packs=value)) == [("B304", "hint", ("tiers", "t", "reward", "amount"))]
    wagering = Packs((rule("DK", Predicate.MAX_WAGER, 10),))
    assert told(analysed(danish + tier(PREMIUM), packs=wagering)) == [
        ("B304", "hint", ("tiers", "t", "reward", "templateName"))
    ]
    assert analysed(tier(PREMIUM), packs=wagering) == []
    review = Packs((rule("DK", Predicate.REVIEW), rule("DK", Predicate.FIRST_TIME_ONLY)))
    assert told(analysed(danish + tier(CASH), packs=review)) == [("B304", "hint", ())] * 2
    age = Packs((rule("DK", Predicate.MIN_AGE, 21), rule("DK", Predicate.MAX_VALUE), rule("DK", Predicate.MAX_WAGER)))
    assert analysed(danish + tier(CASH), packs=age) == []


def test_a_place_that_allows_no_bonus(analysed: Analysed) -> None:
    packs = Packs((rule("BR", Predicate.NO_BONUS), rule("BE", Predicate.NO_BONUS, verified=False)))
    found = analysed(f"{BRAZILIAN}\n{tier(STANDARD)}", packs=packs)
    assert told(found) == [("B303", "error", ()), ("B303", "hint", ())]
    assert (
        found[1].message == "players of these places get nothing, whatever a configuration says: BR, BE (not verified)"
    )
    anywhere = analysed(tier(STANDARD), packs=packs, jurisdictions=["BE"])
    assert [(one.severity, one.configuration) for one in anywhere] == [("warning", "a"), ("hint", None)]


def test_a_rule_of_the_whole_configuration_is_said_once(analysed: Analysed) -> None:
    two = (
        tier(STANDARD, "[player.a == 1]") + "\n" + tier(STANDARD).removeprefix("tiers:\n").replace("name: t", "name: u")
    )
    two = two.replace("name: t, priority: 1", "name: t, priority: 2")
    found = analysed(f"{BRAZILIAN}\n{two}", packs=Packs((rule("BR", Predicate.NO_BONUS),)))
    assert [one.severity for one in found] == ["error", "hint"]


def test_a_configuration_that_nobody_passes_breaks_no_law(analysed: Analysed) -> None:
    text = f"segmentation: [player.a == 1, player.a == 2]\n{tier(STANDARD)}"
    assert [one.code for one in analysed(text, packs=Packs((CAP,)))] == ["B101"]

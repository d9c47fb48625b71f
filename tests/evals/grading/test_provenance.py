"""Provenance: what was issued is what was decided, for the player who was verified."""

from dataclasses import replace

import pytest

from tests.evals.grading.played import Played, edited, without

REWARD = {"rewardType": "premium", "templateName": "VIP_50", "valuePerSpinDescription": "1 EUR"}


@pytest.mark.parametrize(
    "equation",
    [
        "issue_bonus.reward == qualify_for_bonus.reward",
        "issue_bonus.player_id == verify_player_identity.player_id",
        "issue_bonus.reward.templateName == qualify_for_bonus.templateName",
        'issue_bonus.grantId == "B1001"',
        'verify_player_identity.arguments.date_of_birth == "1990-04-12"',
        "transfer_to_live_agent.asked == qualify_for_bonus.nothing",
    ],
)
def test_an_equation_that_holds_says_nothing(issued: Played, equation: str) -> None:
    assert issued.wrong(provenance=[equation]) == {}


@pytest.mark.parametrize(
    ("equation", "why"),
    [
        ('issue_bonus.state == "failed"', "issue_bonus.state is 'done', what is expected is 'failed'"),
        (
            "issue_bonus.reason == qualify_for_bonus.tier",
            "issue_bonus.reason is 'deposit-loyalty/vip', qualify_for_bonus.tier is 'vip'",
        ),
        ("issue_bonus.rewrd == 1", "issue_bonus.rewrd: 'rewrd' is no value there was"),
        ("issue_bonus.reward == qualify_for_bonus.rewrd", "issue_bonus.reward: 'rewrd' is no value there was"),
        (
            "qualify_for_bonus.reward == issue_bonus.reward",
            "qualify_for_bonus.reward: 'issue_bonus.reward' is no value there was",
        ),
        ("verify_player.x == 1", 'there is no tool `verify_player`. Did you mean "verify_player_identity"?'),
        ("issue_bonus.reward == qualify.x", "there is no tool `qualify`."),
    ],
)
def test_an_equation_that_does_not_hold_is_a_line(issued: Played, equation: str, why: str) -> None:
    (line,) = issued.wrong(provenance=[equation])["provenance"]
    assert line.startswith(f"provenance: {why}")


def test_a_changed_reward_and_player_are_seen_in_the_ledger_and_in_the_bonus_system(issued: Played) -> None:
    (effect,) = issued.seen.whole.effects
    more = {**REWARD, "templateName": "VIP_100"}
    other = replace(effect, intent={**effect.intent, "player_id": "P2", "reward": more})
    rows = [{**row, "reward": more} for row in issued.seen.granted or ()]
    assert issued.wrong(edited(issued.seen, effects=[other], granted=rows)) == {
        "provenance": (
            "provenance: `issue:D-1` has the player_id 'P2', decided was 'P1001'",
            f"provenance: `issue:D-1` has the reward {more!r}, decided was {REWARD!r}",
            "provenance: `issue:D-1` is about 'P2', verified was 'P1001'",
            f"provenance: the grant of 'D-1' has the reward {more!r}, decided was {REWARD!r}",
        )
    }


@pytest.mark.parametrize("status", ["not_qualified", None])
def test_an_issue_without_a_qualified_decision_is_wrong(issued: Played, status: str | None) -> None:
    (decision,) = issued.seen.whole.decisions.values()
    decisions = {} if status is None else {"D-1": replace(decision, status=status)}
    lines = issued.wrong(edited(issued.seen, decisions=decisions))["provenance"]
    assert lines[0] == "provenance: `issue:D-1` carries out no qualified decision of this ticket"
    assert (len(lines) == 2) is (status is None)  # then the grant names no decision either


def test_a_decision_without_a_verified_player_is_wrong(issued: Played) -> None:
    nobody = without(issued.seen, lambda entry: "verified_player" in str(entry.body.get("establishes")))
    assert issued.wrong(nobody)["provenance"] == (
        "provenance: `D-1` is about 'P1001', and nobody was verified",
        "provenance: `issue:D-1` is about 'P1001', and nobody was verified",
    )

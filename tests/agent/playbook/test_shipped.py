"""The procedures that ship: they are the product's shop window, so they are held to every rule."""

from pathlib import Path

import pytest

from agent.playbook.bind import bind
from agent.playbook.collection import Library, load_library, read_folder
from agent.playbook.format import format_procedure
from agent.playbook.lint import lint
from agent.playbook.resolve import Live, Open, steps
from agent.playbook.vocabulary import Vocabulary
from casino.facts import Facts
from casino.values import Value

FOLDER = Path(__file__).parents[3] / "procedures" / "support"
VOCABULARY = Vocabulary(
    actions={
        "verify_player_identity": "Verify Player Identity",
        "qualify_for_bonus": "Qualify for Bonus",
        "issue_bonus": "Issue Bonus",
        "inform_player": "Inform Player",
        "send_external_message": "Send External Message",
        "transfer_to_live_agent": "Transfer to Live Agent",
    },
    contexts={"player_profile": "Player Profile"},
    fields={"category": "Category"},
)
NEEDS_VERIFIED = {"qualify_for_bonus", "issue_bonus", "inform_player", "send_external_message", "player_profile"}
TOOLS = {name: name in NEEDS_VERIFIED for name in (*VOCABULARY.actions, *VOCABULARY.contexts)}
MUST_FOLLOW = {
    "qualify_for_bonus": "verify_player_identity",
    "issue_bonus": "qualify_for_bonus",
    "inform_player": "qualify_for_bonus",
    "send_external_message": "verify_player_identity",
}
VERIFY, QUALIFY, TELL, TRANSFER = (
    "verify_player_identity",
    "qualify_for_bonus",
    "inform_player",
    "transfer_to_live_agent",
)
PROFILE, MESSAGE, ISSUE = "player_profile", "send_external_message", "issue_bonus"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(read_folder(FOLDER), VOCABULARY)


def walked(
    library: Library, id_: str, status: str | None, *, reward: str | None = None, category: str | None = None
) -> list[str]:
    tools: dict[str, Value] = {}
    if status is not None:
        tools = {
            QUALIFY: {"status": status, "rewardType": reward},
            PROFILE: {"firstName": "Anna", "category": category},
        }
    names: list[str] = []
    for one in steps(library.by_id[id_], "any", Facts.of({"tools": tools})):
        match one:
            case Live(mentions=mentions):
                names += [mention.id for mention in mentions if mention.kind in {"action", "context"}]
            case Open():
                names.append("?")
    return names


def test_five_procedures_ship_published_and_short(library: Library) -> None:
    assert sorted(library.by_id) == [
        *("bonus-inquiry", "bonus-request", "general-fallback", "high-value-bonus", "notify-back-office"),
    ]
    for procedure in library.procedures:
        body = procedure.source.split("---\n", 2)[2].strip()
        assert (procedure.status, len(procedure.never)) == ("published", 1)
        assert body.count("\n") < 25, procedure.id


def test_they_lint_clean_and_are_formatted(library: Library) -> None:
    for procedure in library.procedures:
        assert lint(procedure, must_follow=MUST_FOLLOW) == ()
        assert format_procedure(procedure.source, VOCABULARY) == procedure.source


def test_they_ask_for_verification_themselves(library: Library) -> None:
    bound = {procedure.id: bind(procedure, TOOLS) for procedure in library.procedures}
    assert not any(one.forced_verification for one in bound.values())
    assert [id_ for id_, one in bound.items() if not one.procedure.verify_player] == ["general-fallback"]


@pytest.mark.parametrize(
    ("id_", "status", "expected"),
    [
        ("bonus-request", None, [VERIFY, QUALIFY, "?"]),
        ("bonus-request", "qualified", [VERIFY, QUALIFY, ISSUE]),
        ("bonus-request", "not_qualified", [VERIFY, QUALIFY, TELL]),
        ("bonus-request", "vetoed", [VERIFY, QUALIFY, TELL]),
        ("bonus-request", "unknown", [VERIFY, QUALIFY, TRANSFER]),
        ("bonus-request", "something new", [VERIFY, QUALIFY, TRANSFER]),
        ("bonus-inquiry", "qualified", [VERIFY, QUALIFY, TELL]),
        ("bonus-inquiry", "not_qualified", [VERIFY, QUALIFY, TELL]),
        ("bonus-inquiry", "vetoed", [VERIFY, QUALIFY, TELL]),
        ("bonus-inquiry", "unknown", [VERIFY, QUALIFY, TRANSFER]),
        ("notify-back-office", None, [VERIFY, QUALIFY, MESSAGE, "?"]),
        ("notify-back-office", "qualified", [VERIFY, QUALIFY, MESSAGE, TELL]),
        ("notify-back-office", "unknown", [VERIFY, QUALIFY, MESSAGE, TRANSFER]),
        ("general-fallback", None, []),
    ],
)
def test_each_way_through_a_procedure_leads_where_it_should(
    library: Library, id_: str, status: str | None, expected: list[str]
) -> None:
    assert walked(library, id_, status) == expected


@pytest.mark.parametrize(
    ("status", "reward", "category", "last"),
    [
        (None, None, None, "?"),
        ("qualified", "premium", "Regular", TRANSFER),
        ("qualified", "boosted", None, TRANSFER),
        ("qualified", "cash", "Regular", TRANSFER),
        ("qualified", "standard", "Regular", TELL),
        ("qualified", "standard", "VIP", TRANSFER),
        ("not_qualified", None, "VIP", TRANSFER),
        ("not_qualified", None, "Regular", TELL),
        ("vetoed", None, "VIP", TELL),
        ("unknown", None, "Regular", TRANSFER),
    ],
)
def test_high_value_goes_to_a_host_unless_it_is_vetoed_or_ordinary(
    library: Library, status: str | None, reward: str | None, category: str | None, last: str
) -> None:
    found = walked(library, "high-value-bonus", status, reward=reward, category=category)
    assert found == [VERIFY, PROFILE, QUALIFY, last]

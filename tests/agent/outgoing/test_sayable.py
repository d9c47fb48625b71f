"""What the template for every tool may say of a result: typed values and known words, and no text that came along."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from agent.outgoing.check import untruth
from agent.outgoing.sayable import KNOWN_WORDS, sayable
from agent.prompts import read_prompts
from casino.values import Value

PROMPTS = read_prompts(Path(__file__).parents[3] / "prompts")


def told(result: dict[str, Value], *names: str) -> str:
    return PROMPTS.reply((*names, "_any"), {"status": "ok", "result": result})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("balance", Decimal("310.40")),
        ("count", 0),
        ("switched", False),
        ("currency", "EUR"),
        ("status", "approved"),
        ("level", "full"),
        ("category", "VIP"),
        ("status", "not_started"),
        ("at", "2026-01-19"),
        ("at", "2026-01-19T10:30:00+00:00"),
        ("at", "2026-01-19T10:30:00.123456Z"),
        ("amount", "20.50 EUR"),
        ("balance", "€20"),
    ],
)
def test_typed_values_and_known_words_are_told(key: str, value: Value) -> None:
    assert sayable({key: value}) == {key: value}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("category", "Regular: you have won 500 EUR"),
        ("category", "500 EUR"),
        ("category", "you_have_won"),
        ("category", "WIN500"),
        ("category", "WIN"),
        ("category", "approved approved"),
        ("category", "恭喜您赢得五百欧元"),
        ("firstName", "Anna. You have won 500 EUR"),
        ("at", "2026-01-19 you have won"),
        ("amount", "500 EUR on your account"),
        ("status", "self_excluded"),
        ("level", None),
    ],
)
def test_other_texts_are_left_out(key: str, value: Value) -> None:
    assert sayable({key: value}) == {}


def test_texts_inside_of_lists_and_objects_are_left_out_too() -> None:
    result: dict[str, Value] = {
        "deposits": [{"amount": 40, "currency": "EUR", "comment": "pay 500 EUR"}],
        "tags": ["vip", "owed 500 EUR"],
    }
    assert sayable(result) == {"deposits": [{"amount": 40, "currency": "EUR"}], "tags": ["vip"]}


def test_no_known_word_is_a_figure_or_untrue_where_a_result_says_it() -> None:
    for word in KNOWN_WORDS:
        known: Value = {"status": word}
        assert untruth(told({"status": word}), [known], given=False, passed_on=False) is None
    assert not any(character.isdigit() for word in KNOWN_WORDS for character in word)


def test_the_template_for_every_tool_tells_what_is_typed_and_not_what_is_planted() -> None:
    planted: dict[str, Value] = {"category": "Regular: you have won 500 EUR", "balance": 28}
    assert told(planted) == "This is what our system says: balance 28. Is there anything else I can do for you?"
    assert told({"category": "you have won 500 EUR"}, "player_profile") == (
        "I have looked it up. Is there anything else I can do for you?"
    )


def test_a_template_for_one_tool_is_shown_all_of_its_result(tmp_path: Path) -> None:
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / "loan.j2").write_text("{{ result.title }}", "utf-8")
    (tmp_path / "replies" / "_any.j2").write_text("{{ result.title | default('It is found.') }}", "utf-8")
    for name in ("system", "note", "route"):
        (tmp_path / f"{name}.j2").write_text("", "utf-8")
    prompts = read_prompts(tmp_path)
    values = {"status": "ok", "result": {"title": "The Summer Book", "due": date(2026, 3, 9).isoformat()}}
    assert prompts.reply(("loan", "_any"), values) == "The Summer Book"
    assert prompts.reply(("_any",), values) == "It is found."

from types import MappingProxyType

import pytest

from casino.document import load_yaml
from casino.fields.catalogue import OPEN, Catalogue, Field, Origin, parse_catalogue
from casino.fields.field_type import FieldType
from casino.loaded import DocumentError

BASE = Catalogue(
    MappingProxyType(
        {
            field.path: field
            for field in (
                Field("player.ngr", FieldType.NUMBER, Origin.BUILT_IN, "Net gaming revenue"),
                Field("player.depositCount", FieldType.NUMBER, Origin.BUILT_IN, "Deposits so far", integer=True),
                Field("player.tags", FieldType.TEXT_LIST, Origin.BUILT_IN, "Tags"),
                Field("player.balance", FieldType.MONEY, Origin.BUILT_IN, "Money on the account"),
                Field("tools.kyc.status", FieldType.TEXT, Origin.TOOL, "How far the identity check is"),
                Field("safety.blocked", FieldType.BOOLEAN, Origin.SAFETY, "Blocked"),
            )
        }
    ),
    frozenset({"issue_bonus"}),
    closed=True,
)
GOLDEN = """\
fields:
  - {path: player.rate, expression: "player.total / player.depositCount * 100", description: Per deposit}
  - {path: player.total, type: number, description: All bonuses}
  - {path: player.isGood, expression: "player.rate<5 or player.cash.amount > 1"}
  - {path: player.tags, values: [vip, whale]}
  - {path: player.stakes, type: number_list, integer: true, values: [1, 2]}
  - {path: player.cash, type: money}
  - {path: tools.loyalty.points, type: number}
"""


def read(text: str, base: Catalogue = BASE) -> Catalogue:
    return parse_catalogue(load_yaml(text, name="fields.yaml"), base)


def test_a_file_of_fields_is_read_over_the_catalogue() -> None:
    catalogue = read(GOLDEN)
    assert (catalogue.closed, catalogue.write_tools) == (True, frozenset({"issue_bonus"}))
    assert set(catalogue.fields) == {
        *BASE.fields,
        *("player.rate", "player.total", "player.isGood", "player.stakes", "player.cash", "tools.loyalty.points"),
    }
    rate = catalogue.fields["player.rate"]
    assert rate.expression is not None
    assert rate == Field("player.rate", FieldType.NUMBER, Origin.COMPUTED, "Per deposit", rate.expression)
    assert rate.expression.text == "player.total / player.depositCount * 100"
    assert catalogue.field("player.total") == Field("player.total", FieldType.NUMBER, Origin.CUSTOM, "All bonuses")
    assert catalogue.field("player.tags") == Field(
        "player.tags", FieldType.TEXT_LIST, Origin.CUSTOM, "Tags", values=("vip", "whale")
    )
    assert catalogue.field("player.stakes") == Field(
        "player.stakes", FieldType.NUMBER_LIST, Origin.CUSTOM, "", values=(1, 2), integer=True
    )
    assert catalogue.field("player.cash.amount") == Field(
        "player.cash.amount", FieldType.NUMBER, Origin.CUSTOM, "the amount of player.cash"
    )
    assert catalogue.field("player.cash.minor") is None


def test_what_is_built_in_keeps_what_the_file_does_not_say() -> None:
    again = read("fields: [{path: player.depositCount, values: [0, 1]}]").field("player.depositCount")
    assert again == Field(
        "player.depositCount", FieldType.NUMBER, Origin.CUSTOM, "Deposits so far", values=(0, 1), integer=True
    )


def test_computed_fields_know_all_that_must_be_supplied_for_them() -> None:
    catalogue = read(GOLDEN)
    good = catalogue.fields["player.isGood"].expression
    assert good is not None
    assert good.paths == {"player.rate", "player.cash.amount"}
    assert good.reads == {"player.total", "player.depositCount", "player.cash.amount"}
    assert good.cost == 12
    assert [*catalogue.computed_for(["player.isGood", "player.tags", "player.none"])] == [
        "player.isGood",
        "player.rate",
    ]
    assert catalogue.computed_for(["player.ngr"]) == {}


def test_a_search_finds_every_word_in_path_and_description() -> None:
    assert [field.path for field in BASE.search("PLAYER deposits")] == ["player.depositCount"]
    assert [field.path for field in BASE.search("")] == sorted(BASE.fields)
    assert BASE.search("nothing of this kind") == ()


def chain(length: int) -> str:
    """Fields that are computed of each other, the longest chain first."""
    steps = [f"  - {{path: player.c{n}, expression: 'player.c{n - 1} + 1'}}" for n in range(length, 0, -1)]
    return "\n".join(["fields:", *steps, "  - {path: player.c0, type: number}"])


def test_a_chain_of_computed_fields_has_an_end() -> None:
    assert read(chain(16)).field("player.c16") is not None


FIELD = "fields:\n  - "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id: a", 'fields.yaml:1:1: unknown key "id" in the document. Known are "fields".'),
        (FIELD + "{type: number}", 'fields.yaml:2:5: "fields[0]" needs the key "path". Add it.'),
        (
            FIELD + "{path: player.a, expresion: '1'}",
            'fields.yaml:2:22: unknown key "expresion" in "fields[0]". Did you mean "expression"?',
        ),
        (
            FIELD + "{path: rate, type: number}",
            'fields.yaml:2:6: "rate" is not a field path. Write it with its root, as player.bonusRate.',
        ),
        (
            FIELD + "{path: safety.blocked, type: boolean}",
            'fields.yaml:2:6: "safety.blocked" cannot be declared here. Fields of your own begin with "player.".',
        ),
        (
            FIELD + "{path: safety.blocked, expression: 'false'}",
            'fields.yaml:2:6: "safety.blocked" cannot be declared here. Fields of your own begin with "player.".',
        ),
        (
            FIELD + "{path: tools.kyc.level, expression: '1'}",
            'fields.yaml:2:6: "tools.kyc.level" cannot be declared here. Fields of your own begin with "player.".',
        ),
        (
            FIELD + "{path: tools.issue_bonus.id, type: text}",
            (
                'fields.yaml:2:6: "tools.issue_bonus.id" is the answer of a tool that writes,'
                " and nothing here calls such a tool. Read the field of a READ tool; `croupier fields list` shows them."
            ),
        ),
        (
            FIELD + "{path: player.a, type: number}\n  - {path: player.a, type: text}",
            'fields.yaml:3:6: the field "player.a" is declared twice. Keep one of the two.',
        ),
        (
            FIELD + "{path: player.ngr, type: text}",
            'fields.yaml:2:6: "player.ngr" is there already, as a number. Give your field another name.',
        ),
        (
            FIELD + "{path: player.ngr, expression: '1'}",
            'fields.yaml:2:6: "player.ngr" is there already, as a number. Give your field another name.',
        ),
        (
            FIELD + "{path: player.a}",
            (
                'fields.yaml:2:5: "player.a" has no type. Add "type": text, number, boolean, date, moment, money,'
                " text_list, number_list, record_list."
            ),
        ),
        (
            FIELD + "{path: player.a, type: numbr}",
            'fields.yaml:2:22: "numbr" is not a type. Did you mean "number"?',
        ),
        (
            FIELD + "{path: player.a, type: text, integer: true}",
            'fields.yaml:2:34: "integer" says more about numbers, and this is a text. Take it out.',
        ),
        (
            FIELD + "{path: player.a, type: number, values: [1, x]}",
            'fields.yaml:2:48: "fields[0].values[1]" is no value of a number. Write a bare number, as 500 or 0.5.',
        ),
        (
            FIELD + "{path: player.a, type: record_list, values: [x]}",
            'fields.yaml:2:50: "fields[0].values[0]" is no value of a list of records. Take it out.',
        ),
        (
            FIELD + '{path: player.a, expression: "player.ngr + player.nge"}',
            (
                'fields.yaml:2:22: there is no field "player.nge" (at character 14 of the expression).'
                ' Did you mean "player.ngr"?'
            ),
        ),
        (
            FIELD + "path: player.a\n    expression: player.ngr +",
            (
                "fields.yaml:3:5: a value is expected here, not the end (at character 13 of the expression)."
                " Write a number, a 'text', true, false, a field such as player.ngr, or a function such as min(a, b)."
            ),
        ),
        (
            FIELD + "{path: player.a, expression: '1', type: text}",
            (
                "fields.yaml:2:22: the declared type is text, and this is a number (at character 1 of the expression)."
                ' Write "type: number", or leave it out.'
            ),
        ),
        (
            FIELD + "{path: player.a, expression: player.b}\n  - {path: player.b, expression: player.a + 1}",
            (
                "fields.yaml:2:22: this is computed of itself: player.a -> player.b -> player.a."
                " Take one of the steps out."
            ),
        ),
        (
            FIELD + "{path: player.a, expression: player.a}",
            "fields.yaml:2:22: this is computed of itself: player.a -> player.a. Take one of the steps out.",
        ),
        (
            chain(17),
            ("fields.yaml:18:23: more than 16 computed fields are computed of each other. Write some of them out."),
        ),
        (
            FIELD + "\n  - ".join(["{path: player.a, type: number}"] * 2001),
            "fields.yaml:1:1: 2001 fields are declared, more than 2000. Take out what no configuration reads.",
        ),
    ],
)
def test_a_mistake_in_a_file_of_fields_is_named_with_its_place(text: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(text)
    assert str(caught.value) == message


def test_computed_fields_that_multiply_each_other_stay_bounded() -> None:
    doubling = [f"{{path: player.d{n}, expression: 'player.d{n - 1} + player.d{n - 1}'}}" for n in range(1, 15)]
    with pytest.raises(DocumentError) as caught:
        read(FIELD + "\n  - ".join([*doubling, "{path: player.d0, type: number}"]))
    assert caught.value.message.startswith("with all that it reads, the expression has more than 2000 parts")


def test_an_empty_catalogue_knows_only_what_the_file_declares() -> None:
    with pytest.raises(DocumentError) as caught:
        read(FIELD + "{path: player.a, expression: player.xyz + 1}", OPEN)
    assert caught.value.message.startswith('there is no field "player.xyz"')

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.fields.catalogue import Catalogue, Field, Origin
from casino.fields.expression import Expression
from casino.fields.field_type import FieldType
from casino.fields.parse import parse_expression
from casino.fields.tree import (
    Arithmetic,
    Call,
    Comparison,
    Fixed,
    Gather,
    Joined,
    Key,
    Minus,
    Node,
    Not,
    Read,
)
from casino.fields.writing import written
from casino.rules.tokens import RuleSyntaxError

TYPES: Mapping[str, FieldType] = {
    "player.ngr": FieldType.NUMBER,
    "player.deposits": FieldType.RECORD_LIST,
    "player.stakes": FieldType.NUMBER_LIST,
    "player.tags": FieldType.TEXT_LIST,
    "player.name": FieldType.TEXT,
    "player.vip": FieldType.BOOLEAN,
    "player.born": FieldType.DATE,
    "player.seenAt": FieldType.MOMENT,
    "player.balance": FieldType.MONEY,
}
FIELDS = Catalogue(
    MappingProxyType({path: Field(path, type_, Origin.BUILT_IN, "") for path, type_ in TYPES.items()}),
    frozenset({"issue_bonus"}),
    closed=True,
)


def read(text: str, declared: FieldType | None = None) -> Expression:
    return parse_expression(text, FIELDS, declared=declared)


@pytest.mark.parametrize(
    ("text", "house", "type_"),
    [
        ("1", "1", FieldType.NUMBER),
        ("-0.50", "-0.50", FieldType.NUMBER),
        ("true", "true", FieldType.BOOLEAN),
        ('"a"', "'a'", FieldType.TEXT),
        ("player.ngr", "player.ngr", FieldType.NUMBER),
        ("player.ngr+1*2-3/4", "player.ngr + 1 * 2 - 3 / 4", FieldType.NUMBER),
        ("(player.ngr+1)*2", "(player.ngr + 1) * 2", FieldType.NUMBER),
        ("1-(2-3)", "1 - (2 - 3)", FieldType.NUMBER),
        ("1-2-3", "1 - 2 - 3", FieldType.NUMBER),
        ("1/(2*3)", "1 / (2 * 3)", FieldType.NUMBER),
        ("-player.ngr", "-player.ngr", FieldType.NUMBER),
        ("-(-5)", "-(-5)", FieldType.NUMBER),
        ("--player.ngr", "-(-player.ngr)", FieldType.NUMBER),
        ("1 - -5", "1 - -5", FieldType.NUMBER),
        ("-(1+2)", "-(1 + 2)", FieldType.NUMBER),
        ("player.ngr>1", "player.ngr > 1", FieldType.BOOLEAN),
        ("(player.ngr>1)==player.vip", "(player.ngr > 1) == player.vip", FieldType.BOOLEAN),
        ("player.name == '2026-01-31'", "player.name == '2026-01-31'", FieldType.BOOLEAN),
        ("player.born >= '2026-01-31'", "player.born >= '2026-01-31'", FieldType.BOOLEAN),
        (
            "player.seenAt < '2026-01-31T00:00:00Z'",
            "player.seenAt < '2026-01-31T00:00:00Z'",
            FieldType.BOOLEAN,
        ),
        ("not player.vip and true or false", "not player.vip and true or false", FieldType.BOOLEAN),
        ("not (player.vip and true)", "not (player.vip and true)", FieldType.BOOLEAN),
        ("not not player.vip", "not not player.vip", FieldType.BOOLEAN),
        ("player.vip and (true or false)", "player.vip and (true or false)", FieldType.BOOLEAN),
        ("min(1,player.ngr,2)", "min(1, player.ngr, 2)", FieldType.NUMBER),
        ("max(player.born,'2026-01-31')", "max(player.born, '2026-01-31')", FieldType.DATE),
        ("abs(player.ngr)", "abs(player.ngr)", FieldType.NUMBER),
        ("round(player.ngr,2)", "round(player.ngr, 2)", FieldType.NUMBER),
        ("if(player.vip,1,2)", "if(player.vip, 1, 2)", FieldType.NUMBER),
        ("if(player.vip,'a','2026-01-31')", "if(player.vip, 'a', '2026-01-31')", FieldType.TEXT),
        ("coalesce(player.ngr,0)", "coalesce(player.ngr, 0)", FieldType.NUMBER),
        ("days_since(player.seenAt)", "days_since(player.seenAt)", FieldType.NUMBER),
        ("days_since(player.born)", "days_since(player.born)", FieldType.NUMBER),
        ("hours_since(player.seenAt)", "hours_since(player.seenAt)", FieldType.NUMBER),
        ("day(player.seenAt)", "day(player.seenAt)", FieldType.DATE),
        ("player.balance.amount*2", "player.balance.amount * 2", FieldType.NUMBER),
        ("player.balance.currency", "player.balance.currency", FieldType.TEXT),
        ("count(player.deposits)", "count(player.deposits)", FieldType.NUMBER),
        ("count(player.tags)", "count(player.tags)", FieldType.NUMBER),
        ("count(player.deposits.code)", "count(player.deposits.code)", FieldType.NUMBER),
        ("sum(player.stakes)", "sum(player.stakes)", FieldType.NUMBER),
        ("max(player.stakes)", "max(player.stakes)", FieldType.NUMBER),
        (
            "sum(player.deposits.amount where status=='completed' and at>player.seenAt)",
            "sum(player.deposits.amount where status == 'completed' and at > player.seenAt)",
            FieldType.NUMBER,
        ),
        ("count(player.deposits where isFirst)", "count(player.deposits where isFirst)", FieldType.NUMBER),
        (
            "count(player.deposits where coalesce(status, 'x') != 'x')",
            "count(player.deposits where coalesce(status, 'x') != 'x')",
            FieldType.NUMBER,
        ),
        ("min(max(player.stakes), 5)", "min(max(player.stakes), 5)", FieldType.NUMBER),
    ],
)
def test_an_expression_is_read_typed_and_written(text: str, house: str, type_: FieldType) -> None:
    expression = read(text)
    assert (expression.text, expression.type) == (house, type_)
    assert read(house) == expression


def test_the_tree_says_what_is_meant() -> None:
    assert read("-player.ngr + 2 * sum(player.deposits.amount where not (at > '2026-01-01' or ok))").tree == Arithmetic(
        "+",
        Minus(Read("player.ngr")),
        Arithmetic(
            "*",
            Fixed(2),
            Gather(
                "sum",
                "player.deposits",
                "amount",
                Not(Joined("or", Comparison(">", Key("at"), Fixed("2026-01-01")), Key("ok"))),
            ),
        ),
    )


def test_an_expression_knows_what_it_reads_and_what_it_costs() -> None:
    expression = read("if(player.vip, count(player.deposits where at > player.seenAt), player.ngr) + player.ngr")
    assert expression.paths == expression.reads == {"player.vip", "player.deposits", "player.seenAt", "player.ngr"}
    assert expression.cost == 9


@pytest.mark.parametrize(
    ("text", "declared", "type_"),
    [
        ("max(player.deposits.at)", FieldType.MOMENT, FieldType.MOMENT),
        ("max(player.deposits.amount)", FieldType.NUMBER, FieldType.NUMBER),
        ("player.born", FieldType.TEXT, FieldType.TEXT),
        ("player.ngr", FieldType.NUMBER, FieldType.NUMBER),
    ],
)
def test_a_declared_type_says_what_the_expression_does_not(text: str, declared: FieldType, type_: FieldType) -> None:
    assert read(text, declared).type is type_


ANY = "Write a number, a 'text', true, false, a field such as player.ngr, or a function such as min(a, b)."
UNCONVERTED = "Nothing is converted; name another field or compute one."
UNLIKE = "Both sides must be of one type; nothing is converted."
TRUTH = "A condition is needed here, as in player.depositCount > 0."
DATES = "Write a date as '2026-01-31', a moment as '2026-01-31T00:00:00Z', or declare the field as one."
PLACES = "Write a whole number from 0 to 12, as in round(player.ngr, 2)."
SPLIT = "Split it into computed fields."
BRACKET = "Close the bracket, or put an operator between."


@pytest.mark.parametrize(
    ("text", "offset", "message", "mend"),
    [
        ("", 0, "a value is expected here, not the end", ANY),
        ("1 +", 3, "a value is expected here, not the end", ANY),
        ("1 + where", 4, 'a value is expected here, not "where"', ANY),
        ("1 2", 2, '"2" stands behind a complete expression', "Take it out, or put an operator in front of it."),
        ("(1", 2, '")" is expected here, not the end', BRACKET),
        ("min(1 2)", 6, '")" is expected here, not "2"', BRACKET),
        ("'a", 0, "the quoted text does not end", "Close it."),
        (r"'\q'", 1, r'"\q" is no escape', r"Write \\ for a backslash; the others are \' \" \n \t \r and \u{e9}."),
        (r"'\u{d800}'", 0, "a text holds half a character (a lone surrogate)", "Write whole characters."),
        ("007", 0, '"007" is not a number', "Write numbers as 500 or 0.5."),
        ("9" * 65, 0, "a number has more than 64 digits", "Write it shorter."),
        ("player.vip && true", 11, '"&&" is not an operator', 'Did you mean "and"?'),
        ("!player.vip", 0, '"!" is no word', 'Did you mean "not"?'),
        ("player.ngr = 1", 11, '"=" is not an operator', 'Did you mean "=="?'),
        ("player.ngr ~ 1", 11, '"~" is not an operator', "Write one of ==, !=, >, >=, <, <=."),
        ("1 < 2 < 3", 6, "comparisons do not follow each other", 'Write two comparisons, joined by "and".'),
        ("1 + 'a'", 4, "a number is expected here, not a text", UNCONVERTED),
        ("-player.name", 1, "a number is expected here, not a text", UNCONVERTED),
        ("1 and true", 0, "true or false is expected here, not a number", TRUTH),
        ("not 1", 4, "true or false is expected here, not a number", TRUTH),
        ("player.name > 'b'", 0, "a number or a date or a moment is expected here, not a text", DATES),
        ("player.vip > true", 0, "a number or a date or a moment is expected here, not true or false", UNCONVERTED),
        ("player.ngr == 'a'", 14, "a text stands beside a number", UNLIKE),
        ("player.born == player.seenAt", 15, "a moment stands beside a date", UNLIKE),
        ("player.born > player.seenAt", 14, "a moment stands beside a date", UNLIKE),
        ("if(player.vip, 1, 'a')", 18, "a text stands beside a number", UNLIKE),
        ("max(1, player.born)", 7, "a date stands beside a number", UNLIKE),
        ("if(1, 2, 3)", 3, "true or false is expected here, not a number", TRUTH),
        ("if(true, 2)", 0, '"if" takes 3 values, not 2', "Write if(condition, then, otherwise)."),
        ("abs()", 0, '"abs" takes 1 value, not 0', "Write abs(number)."),
        (
            "min(1)",
            0,
            '"min" of one value is that value',
            "Write min(a, b), or min(player.deposits.amount) for a list.",
        ),
        ("days_since(1)", 11, "a date or a moment is expected here, not a number", UNCONVERTED),
        ("days_since(player.name)", 11, "a date or a moment is expected here, not a text", DATES),
        ("round(1, player.ngr)", 9, "the decimal places of round stand there as a number", PLACES),
        ("round(1, 13)", 9, "the decimal places of round stand there as a number", PLACES),
        ("round(1, 0.5)", 9, "the decimal places of round stand there as a number", PLACES),
        ("abz(1)", 0, '"abz" is not a function', 'Did you mean "abs"?'),
        (
            "count(player.ngr)",
            0,
            '"count" works on a list',
            "Name a list, as in count(player.deposits.amount).",
        ),
        ("sum(1)", 0, '"sum" works on a list', "Name a list, as in sum(player.deposits.amount)."),
        (
            "sum(player.tags)",
            4,
            '"sum" is of numbers, not of a list of texts',
            "Name the key of its items, as in sum(player.deposits.amount).",
        ),
        (
            "max(player.deposits)",
            4,
            '"max" is of numbers, not of a list of records',
            "Name the key of its items, as in sum(player.deposits.amount).",
        ),
        (
            "count(player.tags where true)",
            18,
            '"where" chooses records, and this is a list of texts',
            "Take it out.",
        ),
        (
            "count(player.deposits where count(player.tags) > 1)",
            34,
            "a list inside the condition of a list",
            "Compute the inner list in a field of its own, and read that.",
        ),
        ("count(player.deposits where 1)", 28, "true or false is expected here, not a number", TRUTH),
        (
            "player.ngr where true",
            11,
            '"where" stands outside of a list',
            "Write it inside of count, sum, min or max, as in count(player.deposits where amount > 10).",
        ),
        (
            "status == 'a'",
            0,
            '"status" is no field',
            "Write the field with its root, as player.status, or 'status' where it is text.",
        ),
        ("player.nge", 0, 'there is no field "player.nge"', 'Did you mean "player.ngr"?'),
        (
            "tools.issue_bonus.id",
            0,
            '"tools.issue_bonus.id" is the answer of a tool that writes, and nothing here calls such a tool',
            "Read the field of a READ tool; `croupier fields list` shows them.",
        ),
        (
            "player.tags",
            0,
            '"player.tags" is a list of texts, and no single value',
            "Count it, as in count(player.tags).",
        ),
        (
            "player.balance > 1",
            0,
            '"player.balance" is money, and no single value',
            "Write player.balance.amount, and look after the currency with player.balance.currency.",
        ),
        (
            "max(player.deposits.amount)",
            0,
            "only a declared type can say what this gives",
            'Add "type", as type: number.',
        ),
        ("(" * 25 + "1" + ")" * 25, 24, "brackets are nested deeper than 24", SPLIT),
        ("not " * 25 + "true", 96, "brackets are nested deeper than 24", SPLIT),
        ("- " * 25 + "player.ngr", 48, "brackets are nested deeper than 24", SPLIT),
        ("abs(" * 25 + "1" + ")" * 25, 96, "brackets are nested deeper than 24", SPLIT),
        (
            "count(player.deposits where " + " and ".join(["a > 1"] * 11) + ")",
            22,
            "the condition of a list has more than 40 parts",
            "It is worked out for every item; shorten it.",
        ),
        ("1" + " + 1" * 100, 0, "the expression has more than 200 parts", SPLIT),
        ("1" * 5001, 5000, "the expression has 5001 characters, more than 5000", SPLIT),
    ],
)
def test_what_cannot_be_read_says_where_and_how_to_mend_it(text: str, offset: int, message: str, mend: str) -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        read(text)
    assert (caught.value.offset, caught.value.message, caught.value.mend) == (offset, message, mend)


@pytest.mark.parametrize(
    ("text", "declared", "message"),
    [
        ("player.ngr", FieldType.TEXT, "the declared type is text, and this is a number"),
        ("player.ngr", FieldType.MONEY, "no expression gives money"),
    ],
)
def test_a_declared_type_does_not_contradict(text: str, declared: FieldType, message: str) -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        read(text, declared)
    assert caught.value.message == message


def test_a_key_in_a_list_may_be_of_any_type() -> None:
    assert (
        read("count(player.deposits where amount * 2 > 10 and not flagged and max(amount, 5) > 1)").type
        is FieldType.NUMBER
    )


numbers = st.integers(-999, 999).map(Fixed) | st.decimals(-99, 99, places=2).map(Fixed) | st.just(Read("player.ngr"))
truths = st.booleans().map(Fixed) | st.just(Read("player.vip"))


def is_not_a_bare_number(node: Node) -> bool:
    return not isinstance(node, Fixed) or str(node.value).startswith("-")


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> Node:
    """Trees of numbers, with conditions inside."""
    if depth == 0:
        return draw(numbers)
    below = trees(depth - 1)
    shapes = [
        numbers,
        below.filter(is_not_a_bare_number).map(Minus),
        st.builds(Arithmetic, st.sampled_from(["+", "-", "*", "/"]), below, below),
        st.tuples(below, st.just(Fixed(2))).map(lambda of: Call("round", of)),
        st.tuples(conditions(depth - 1), below, below).map(lambda of: Call("if", of)),
        st.tuples(below, below).map(lambda of: Call("max", of)),
        (st.none() | of_items).map(lambda where: Gather("sum", "player.deposits", "amount", where)),
    ]
    return draw(st.one_of(shapes))


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2) -> Node:
    if depth == 0:
        return draw(truths)
    below = conditions(depth - 1)
    shapes = [
        truths,
        below.map(Not),
        st.builds(Joined, st.sampled_from(["and", "or"]), below, below),
        st.builds(Comparison, st.sampled_from(["==", "<=", ">"]), trees(depth - 1), trees(depth - 1)),
    ]
    return draw(st.one_of(shapes))


of_items = st.builds(
    Comparison, st.sampled_from(["==", "!=", "<"]), st.sampled_from(["at", "amount"]).map(Key), numbers
)


@given(trees() | conditions())
def test_what_is_written_reads_back_as_the_same_tree(tree: Node) -> None:
    assert read(written(tree)).tree == tree


@given(st.text(max_size=30) | st.text("player.ng 1+-*/()<>=!,'notand ", max_size=40))
def test_no_text_makes_the_reader_raise_anything_else(text: str) -> None:
    with suppress(RuleSyntaxError):
        read(text)

import pytest

from casino.rules.parse import parse_condition, parse_conditions
from casino.rules.tokens import RuleSyntaxError

BEGIN = "Begin a condition with a field, as in: player.ngr > 0"
ROOT = 'Write the field with its root, as "player.ngr" or "tools.kyc.status".'
NEGATE = 'Write "!=" or "does not contain any of", or compare with false.'
NUMBER = "Write numbers as 500 or 0.5, and money as 500 EUR; dates and codes stand in quotes."
ORDER = "Write a bare number, 500 EUR, '2026-01-31', '2026-01-31T00:00:00Z', now or today on the right."
BUCKET = "Write it as in: bucket 'autumn-2026' of player.id < 1000"
SHIFT = "Write it as now - 30 days."
AMOUNT = "Write the amount as 500 EUR or 0.50 EUR."
PLACES = "Write one of ==, !=, >, >=, <, <=."
UNITS = "The units are minutes, hours and days."
ESCAPES = r"Write \\ for a backslash; the others are \' \" \n \t \r and \u{e9}."
NOT_IN = 'Write one condition with "!=" for each value; for a list field "does not contain any of".'
SEPARATORS = 'Write numbers without separators, as 1000 or 0.5, and "and" between conditions.'
FURTHER = 'Take it out, or write "and" before a further condition.'
ENTRIES = "Write each condition as an entry of its own; they are joined by and."
CLOSE = "Close it. In YAML, a rule with # or : in it stands in quotes as a whole."
COMPARE = "Compare with a fixed value, or write 'player.y' in quotes where it is text."
NULL = "a field that is null fails every condition, so nothing is compared with null"
ORDERS = '">" compares numbers, money, dates and time stamps'
LIST = "Write a list as ['a', 'b'], with a comma between the values and a bracket at the end."
ANY_VALUE = "Write a number, true, false, 'text' or a list such as ['a', 'b']."
ALL_OPERATORS = (
    "After the field write one of ==, !=, >, >=, <, <=, contains, is_in,"
    " contains any of, contains all of, does not contain any of."
)
SECOND = "Write a second configuration with its own priority, or another branch, for the other case."


@pytest.mark.parametrize(
    ("rule", "offset", "message", "mend"),
    [
        ("", 0, "a field is expected here, not the end", BEGIN),
        ("'x' == 1", 0, "a field is expected here, not \"'x'\"", BEGIN),
        ("ngr > 0", 0, '"ngr" is not a field path', ROOT),
        ("player.é > 0", 0, '"player.é" is not a field path', ROOT),
        ("not player.x == 1", 0, "a condition cannot be negated as a whole", NEGATE),
        ("!player.x", 0, "a condition cannot be negated as a whole", NEGATE),
        (
            "(player.x == 1)",
            0,
            "there are no brackets in a rule",
            "All conditions are joined by and; take the brackets out.",
        ),
        ("player.x", 8, "an operator is expected here, not the end", ALL_OPERATORS),
        ("player.x 5", 9, 'an operator is expected here, not "5"', ALL_OPERATORS),
        ("player.x = 5", 9, '"=" is not an operator', 'Did you mean "=="?'),
        ("player.x => 5", 9, '"=>" is not an operator', 'Did you mean ">="?'),
        ("player.x ≠ 5", 9, '"≠" is not an operator', 'Did you mean "!="?'),
        ("player.x in ['a']", 9, '"in" is not an operator', 'Did you mean "is_in"?'),
        ("player.x not in ['a']", 9, '"not in" is not an operator', NOT_IN),
        ("player.x contains any ['a']", 9, '"contains any" is not an operator', 'Did you mean "contains any of"?'),
        (
            "player.x does not contain 'a'",
            9,
            '"does not contain" is not an operator',
            'Did you mean "does not contain any of"?',
        ),
        ("player.x contians 'a'", 9, '"contians" is not an operator', 'Did you mean "contains"?'),
        (
            "player.x CONTAINS ANY OF ['a']",
            9,
            '"CONTAINS ANY OF" is not an operator',
            'Did you mean "contains any of"?',
        ),
        (
            "player.x ==",
            11,
            "a value is expected here, but the rule ends",
            "Write a number, true, false, 'text' or a list.",
        ),
        ("player.x == VIP", 12, '"VIP" stands without quotes', "Write 'VIP'."),
        ("player.x == high-roller", 12, '"high-roller" stands without quotes', "Write 'high-roller'."),
        ("player.x == True", 12, '"True" is not a value', 'Did you mean "true"?'),
        ("player.x == null", 12, NULL, "Drop it."),
        ("player.x > player.y", 11, '"player.y" is a field; a rule compares a field with a fixed value', COMPARE),
        ("player.x == 'abc", 12, "the quoted text does not end", CLOSE),
        (
            "player.x == \u2018abc\u2019",
            12,
            "\u2018 is not a quote of the rule language",
            "Use straight quotes: 'text'.",
        ),
        (r"player.x == 'a\qb'", 14, r'"\q" is no escape', ESCAPES),
        (r"player.x == '\u{ffffff}'", 13, r'"\u{ffffff}" is no escape', ESCAPES),
        (r"player.x == '\u{d800}'", 12, "a text holds half a character (a lone surrogate)", "Write whole characters."),
        ("player.x > 007", 11, '"007" is not a number', NUMBER),
        ("player.x > 500EUR", 11, '"500EUR" is not a number', 'Did you mean "500 EUR"?'),
        ("player.x > 0.5eur", 11, '"0.5eur" is not a number', 'Did you mean "0.5 EUR"?'),
        ("player.x > 2026-01-31", 11, '"2026-01-31" is not a number', NUMBER),
        ("player.x > 1,000", 12, "a comma stands behind the value", SEPARATORS),
        (
            "player.x > " + "9" * 73,
            11,
            "a number of 73 characters is too long (at most 64 digits)",
            "Write it shorter.",
        ),
        ("player.x > 'five'", 11, ORDERS, ORDER),
        ("player.x > '2026-02-30'", 11, ORDERS, ORDER),
        ("player.x > true", 11, ORDERS, ORDER),
        ("player.x is_in 'a'", 15, '"is_in" takes a list', "Write it in square brackets, as ['a', 'b']."),
        ("player.x is_in []", 15, "the list is empty", "Put at least one value into it, or take the condition out."),
        ("player.x == ['a']", 12, '"==" takes one value, not a list', 'For "one of these" write "is_in".'),
        ("player.x != ['a']", 12, '"!=" takes one value, not a list', "Write one condition with != for each value."),
        (
            "player.x contains ['a']",
            18,
            '"contains" takes one value, not a list',
            'Write "contains any of" or "contains all of".',
        ),
        ("player.x is_in ['a' 'b']", 20, "the list goes on without a comma", LIST),
        ("player.x is_in ['a', 'b'", 24, "the list goes on without a comma", LIST),
        ("player.x is_in ['a',]", 20, '"]" is not a value', ANY_VALUE),
        ("player.x is_in [['a']]", 16, '"[" is not a value', ANY_VALUE),
        ("player.x == 1 and player.y == 2", 14, "one condition is expected here, not two", ENTRIES),
        ("player.x == 1 or player.y == 2", 14, 'there is no "or" in a rule', SECOND),
        ("player.x == 1 || player.y == 2", 14, 'there is no "or" in a rule', SECOND),
        ("days player.x > 7", 5, '"since" is expected here, not "player.x"', 'Did you mean "days since"?'),
        ("day since player.x > 7", 0, '"day" measures nothing', 'Did you mean "days since"?'),
        ("Hours since player.x > 7", 0, '"Hours" measures nothing', 'Did you mean "hours since"?'),
        ("days_since player.x > 7", 0, '"days_since" measures nothing', 'Did you mean "days since"?'),
        ("weeks since player.x > 7", 0, '"weeks" measures nothing', 'Did you mean "days since"?'),
        ("days since 7", 11, 'a field is expected here, not "7"', BEGIN),
        ("days since player.x contains 7", 29, '"contains" does not go with "days since"', PLACES[:-1] + ", is_in."),
        (
            "days since player.x > '2026-01-01'",
            22,
            '"days since" is a whole number',
            "Write a bare number on the right.",
        ),
        ("hours since player.x > now", 23, '"hours since" is a whole number', "Write a bare number on the right."),
        (
            "days since player.x <= 7 days",
            25,
            '"days" stands behind the number',
            "Take it out: the unit stands in front of the field.",
        ),
        ("player.x <= 7 days", 14, '"days" stands behind the number', 'Did you mean "days since player.x"?'),
        ("player.x <= 7 hours", 14, '"hours" stands behind the number', 'Did you mean "hours since player.x"?'),
        ("bucket of player.x < 1", 7, 'the name of a bucket is expected here, in quotes, not "of"', BUCKET),
        ("bucket 'a' player.x < 1", 11, '"of" is expected here, not "player.x"', BUCKET),
        (
            "bucket '' of player.x < 1",
            24,
            "the salt of the bucket is empty",
            "Name what is held out, as in bucket 'autumn-2026' of player.id.",
        ),
        (
            r"bucket '\u{d800}' of player.x < 1",
            7,
            "a text holds half a character (a lone surrogate)",
            "Write whole characters.",
        ),
        (
            "bucket 'a' of player.x < 10000",
            25,
            "a bucket is a number from 0 to 9999",
            "For one tenth of all players write < 1000.",
        ),
        (
            "bucket 'a' of player.x is_in [1, -1]",
            29,
            "a bucket is a number from 0 to 9999",
            "For one tenth of all players write < 1000.",
        ),
        ("bucket 'a' of player.x == true", 26, "a bucket is a whole number", "Write a bare number on the right."),
        ("player.x >= 500 eur", 16, '"eur" is not a currency', 'Did you mean "500 EUR"?'),
        ("player.x >= EUR 500", 12, "the amount stands before its currency", 'Did you mean "500 EUR"?'),
        ("player.x >= 0.505 EUR", 12, "0.505 EUR has more than 2 decimal places", AMOUNT),
        (f"player.x >= {'9' * 73} EUR", 12, "a number of 73 characters is too long (at most 64 digits)", AMOUNT),
        ("player.x contains 500 EUR", 18, '"contains" does not go with money', PLACES),
        ("player.x is_in [500 EUR]", 20, "the list goes on without a comma", LIST),
        ("player.x is_in now", 15, '"is_in" does not go with "now"', PLACES),
        ("player.x > NOW", 11, '"NOW" is not a value', 'Did you mean "now"?'),
        ("player.x > now-30 days", 11, '"now-30" is written without spaces', 'Did you mean "now - 30 days"?'),
        ("player.x > today- 7 days", 11, '"today-" is written without spaces', 'Did you mean "today - 30 days"?'),
        ("player.x > now - 7 day", 19, '"day" is not a unit', 'Did you mean "7 days"?'),
        ("player.x > now - 7 weeks", 19, 'a unit is expected here, not "weeks"', UNITS),
        ("player.x > now - 7", 18, "a unit is expected here, not the end", UNITS),
        ("player.x > now - 1.5 days", 17, 'a whole number of units is expected here, not "1.5"', SHIFT),
        ("player.x > now - -1 days", 17, 'a whole number of units is expected here, not "-1"', SHIFT),
        ("player.x > now 1 days", 15, 'a whole number of units is expected here, not "1"', SHIFT),
        (
            "player.x > today - 7 hours",
            11,
            '"today" is a day, and moves by days',
            'Write days, or "now" for hours.',
        ),
        (
            "player.x > today - 36526 days",
            11,
            "the shift is longer than a hundred years",
            "Write a date in quotes.",
        ),
        ("player.x == 1 'x'", 14, "\"'x'\" stands behind a complete condition", FURTHER),
    ],
)
def test_a_rule_that_cannot_be_read_says_what_where_and_how_to_mend_it(
    rule: str, offset: int, message: str, mend: str
) -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        parse_condition(rule)
    assert (caught.value.offset, caught.value.message, caught.value.mend) == (offset, message, mend)
    assert str(caught.value) == f"{message} (at character {offset + 1}). {mend}"


@pytest.mark.parametrize(
    ("rule", "offset", "message"),
    [
        ("a.x == 1 or a.y == 2", 9, 'there is no "or" in a rule'),
        ("a.x == 1 && a.y == 2", 9, '"&&" does not join conditions'),
        ("a.x == 1 AND a.y == 2", 9, '"AND" does not join conditions'),
        ("a.x == 1, a.y == 2", 8, "a comma stands behind the value"),
        ("a.x == 1 and", 12, "a field is expected here, not the end"),
        (" and ".join(["a.x == 1"] * 10_000), 50_000, "the rule has 129995 characters, more than 50000"),
        (" and ".join(["a.x == 1"] * 300), 2609, "more than 200 conditions are joined here"),
    ],
)
def test_conditions_that_cannot_be_joined_say_so(rule: str, offset: int, message: str) -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        parse_conditions(rule)
    assert (caught.value.offset, caught.value.message) == (offset, message)

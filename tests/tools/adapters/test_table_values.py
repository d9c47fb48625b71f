"""Values of another database, taken exactly or refused."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa

from tools.adapters.table_values import Unfit, declared, fitted

DAY = date(2026, 1, 31)
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
ID = UUID("12345678-1234-5678-1234-567812345678")


@pytest.mark.parametrize(
    ("value", "type_", "taken"),
    [
        (17, "BIGINT", 17),
        (None, "BIGINT", None),
        (12.5, "DECIMAL(10,2)", "12.5"),
        (Decimal("12.500"), "DECIMAL(10,2)", "12.500"),
        (99999999, "DECIMAL(10,2)", "99999999"),
        (0.1, "DOUBLE", 0.1),
        (Decimal("0.1"), "DOUBLE", 0.1),
        (1, "BOOLEAN", True),
        (False, "BOOLEAN", False),
        (DAY, "DATE", "2026-01-31"),
        ("2026-01-31", "DATE", "2026-01-31"),
        (NOON, "TIMESTAMPTZ", "2026-01-31T12:00:00+00:00"),
        ("2026-01-31T13:00:00+01:00", "TIMESTAMPTZ", "2026-01-31T12:00:00+00:00"),
        ("vip", "VARCHAR", "vip"),
        (DAY, "VARCHAR", "2026-01-31"),
        (ID, "VARCHAR", str(ID)),
        ({"a": 1}, "VARCHAR", "{'a': 1}"),
        (["a", None], "VARCHAR[]", ["a", None]),
    ],
)
def test_what_fits_is_taken_as_it_is(value: object, type_: str, taken: object) -> None:
    assert fitted(value, type_) == taken


@pytest.mark.parametrize(
    ("value", "type_", "wanted"),
    [
        (17.6, "BIGINT", "a whole number"),
        (True, "BIGINT", "a whole number"),
        (12.996, "DECIMAL(10,2)", "a number of at most 8 digits and 2 decimal places"),
        (10**8, "DECIMAL(10,2)", "a number of at most 8 digits and 2 decimal places"),
        ("12.50", "DECIMAL(10,2)", "a number of at most 2 decimal places"),
        (float("nan"), "DOUBLE", "a number"),
        (2**60 + 1, "DOUBLE", "a number of at most 15 digits; declare its precision and scale for more"),
        (2, "BOOLEAN", "true or false"),
        ("31/12/1990", "DATE", "a date, as 2026-01-31"),
        (NOON, "DATE", "a date without a time"),
        ("noon", "TIMESTAMPTZ", "a moment, as 2026-01-31T12:00:00Z"),
        (NOON.replace(tzinfo=None), "TIMESTAMPTZ", "a moment with its offset"),
        (5, "VARCHAR", "text"),
        ("vip", "VARCHAR[]", "a list"),
    ],
)
def test_what_does_not_fit_is_refused_without_the_value(value: object, type_: str, wanted: str) -> None:
    with pytest.raises(Unfit) as refused:
        fitted(value, type_)
    assert str(refused.value) == wanted


def test_types_are_taken_as_declared() -> None:
    types = (sa.ARRAY(sa.Integer()), sa.DateTime(timezone=True), sa.Float(), sa.Numeric(), sa.Numeric(5), sa.JSON())
    assert [declared(one) for one in types] == [
        "BIGINT[]",
        "TIMESTAMPTZ",
        "DOUBLE",
        "DOUBLE",
        "DECIMAL(5,0)",
        "VARCHAR",
    ]

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.document import load_yaml
from casino.values import Value
from casino.yaml_text import write_scalar, write_yaml


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (5, "5"),
        (Decimal("1.50"), "1.50"),
        ("VIP Loyalty", "VIP Loyalty"),
        ("player.tags contains any of ['vip', 'x']", "player.tags contains any of ['vip', 'x']"),
        ("2026-01-31", "2026-01-31"),
        ("a:b", "a:b"),
        ("a: b", '"a: b"'),
        ("a:", '"a:"'),
        ("a #b", '"a #b"'),
        ("a#b", "a#b"),
        ("ends ", '"ends "'),
        (" begins", '" begins"'),
        ("", '""'),
        ("true", '"true"'),
        ("null", '"null"'),
        ("5", '"5"'),
        ("007", '"007"'),
        ("06:00", '"06:00"'),
        ("Yes", '"Yes"'),
        ("- a", '"- a"'),
        ("'a'", "\"'a'\""),
        ('say "x" \\ y', 'say "x" \\ y'),
        ('"x" \\', '"\\"x\\" \\\\"'),
        ("a\nb", '"a\\x0ab"'),
        ("a\u2028b", '"a\\u2028b"'),
        ("a\U000e0001b", '"a\\U000e0001b"'),
        ("caf\u00e9 \U0001f600", "caf\u00e9 \U0001f600"),
    ],
)
def test_a_scalar_stands_in_quotes_only_where_it_must(value: bool | int | Decimal | str | None, written: str) -> None:
    assert write_scalar(value) == written
    assert load_yaml(f"a: {written}", name="f").value == {"a": value}


def test_a_document_is_written_in_blocks() -> None:
    document: dict[str, Value] = {
        "words": ["a", "b-c"],
        "texts": ["a b", "c"],
        "numbers": [1, 2],
        "none": [],
        "empty": {},
        "deep": [{"a": 1, "b": {"c": [{}, [1], {"d": None}]}}, "x"],
    }
    text = """\
words: [a, b-c]
texts:
  - a b
  - c
numbers:
  - 1
  - 2
none: []
empty: {}
deep:
  - a: 1
    b:
      c:
        - {}
        -
          - 1
        - d: null
  - x
"""
    assert write_yaml(document) == text
    assert load_yaml(text, name="f").value == document


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.decimals(-(10**6), 10**6, places=3)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    | st.text(" :#-'\"[]{},&*!|>%@`ab1\n", max_size=8)
)
documents = st.dictionaries(
    st.from_regex(r"[a-z]{1,5}", fullmatch=True).filter(lambda key: key not in {"null", "true", "false"}),
    st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
        max_leaves=8,
    ),
    max_size=4,
)


@given(documents)
def test_what_is_written_reads_back_as_the_same_document(document: dict[str, Value]) -> None:
    once = load_yaml(write_yaml(document), name="f").value
    assert isinstance(once, dict) or not document
    if isinstance(once, dict):  # texts are in Unicode form NFC once they were read
        assert load_yaml(write_yaml(once), name="f").value == once

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.document import Writable, canonical_json, dump_json, load_json, load_yaml
from casino.loaded import DocumentError, Loaded, Place
from casino.values import Value


def said(text: str, *, json: bool = False) -> str:
    with pytest.raises(DocumentError) as caught:
        (load_json if json else load_yaml)(text, name="f")
    return str(caught.value)


def test_yaml_keeps_numbers_exact_and_dates_as_text() -> None:
    loaded = load_yaml(
        "a: 1\nb: 0.10\nc: 1e3\nd: 2026-01-31\ne: yes\nf: NO\ng: true\nh: ~\ni: '5'\nj: -0.5\n", name="f"
    )
    assert dump_json(loaded.value) == (
        '{"a": 1, "b": 0.10, "c": 1E+3, "d": "2026-01-31", "e": "yes", "f": "NO", "g": true, "h": null,'
        ' "i": "5", "j": -0.5}'
    )


def test_text_is_brought_into_one_unicode_form() -> None:
    assert load_yaml("caf\u0065\u0301: e\u0301", name="f").value == {"caf\u00e9": "\u00e9"}
    assert load_json('{"e\u0301": "e\\u0301"}', name="f").value == {"\u00e9": "\u00e9"}


def test_every_part_has_its_place() -> None:
    loaded = load_yaml("a: 1\nlist:\n  - 'x'\n  - {k: y}\n", name="f")
    assert loaded == Loaded(
        {"a": 1, "list": ["x", {"k": "y"}]},
        {
            (): Place(1, 1),
            ("a",): Place(1, 1),
            ("list",): Place(2, 1),
            ("list", 0): Place(3, 6),
            ("list", 1): Place(4, 5),
            ("list", 1, "k"): Place(4, 6),
        },
        "f",
    )
    assert loaded.place(("list", 1, "missing", 0)) == Place(4, 5)
    assert load_yaml("a: 1", name="f", first_line=7).place(("a",)) == Place(7, 1)


def test_a_part_is_reached_by_its_path_and_json_knows_no_places() -> None:
    loaded = load_json('{"a": [1, {"b": 2}]}', name="f.json")
    assert loaded.at(("a", 1, "b")) == 2
    assert loaded.place(("a",)) is None
    assert str(loaded.error(("a",), "no", "Mend it.")) == "f.json: no. Mend it."
    with pytest.raises(KeyError):
        loaded.at(("a", "b"))


def test_an_alias_stands_for_its_anchor() -> None:
    assert load_yaml("a: &x [1, 2]\nb: *x\n", name="f").value == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize("text", ["", "# nothing", "---\n"])
def test_an_empty_yaml_document_is_null(text: str) -> None:
    assert load_yaml(text, name="f").value is None


BOMB = "a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcde", "bcdef", strict=True)
)
DEEP_ALIASES = "a: &a [[[[[[[[[[1]]]]]]]]]]\n" + "".join(
    f"{new}: &{new} [[[[[[[[[[*{old}]]]]]]]]]]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "a: [1",
            (
                "f:1:6: this is not YAML: expected ',' or ']', but got '<stream end>'."
                " Mend the text at this place: check the indentation, the quotes and the brackets."
                " In a list on one line every entry that holds brackets or a comma stands in quotes."
            ),
        ),
        ("a: 1\na: 2", 'f:2:1: the key "a" stands twice. Keep one of the two.'),
        ("e\u0301: 1\n\u00e9: 2", 'f:2:1: the key "\u00e9" stands twice. Keep one of the two.'),
        ("1: x", "f:1:1: a key must be text. Write a word, or put the key in quotes."),
        ("? [a]\n: x", "f:1:3: a key must be text. Write a word, or put the key in quotes."),
        ("a: &x {b: 1}\n<<: *x", "f:2:1: YAML 1.2 has no merge key. Write the entries out."),
        (
            "a: .nan",
            "f:1:4: .nan is not a finite number. Put it in quotes where it is text; else write plain digits.",
        ),
        (
            "a: 007",
            (
                "f:1:4: 007 is a number to some readers and text to others."
                " Put it in quotes where it is text; else write plain digits."
            ),
        ),
        (
            "a: !!python/object:os.system x",
            (
                'f:1:4: the tag "tag:yaml.org,2002:python/object:os.system" is not taken here.'
                " Put text that begins with an exclamation mark in quotes; else take the tag out."
            ),
        ),
        (
            "a: &a [*a]",
            'f:1:8: the alias "*a" points at nothing that is complete. Mark a value before this place with "&a".',
        ),
        ("--- 1\n--- 2", "f:2:1: a second document begins here. Keep one document to a file."),
        ("a: b\x07", "f:1:5: a character stands here that YAML does not allow. Take it out."),
        ("[" * 60, "f:1:50: lists and mappings are nested deeper than 48. Flatten the document."),
        (
            BOMB,
            "f:5:17: the document has more than 50000 parts, aliases written out. Split it, or use fewer aliases.",
        ),
        ("x" * 500_001, "f:1:1: the document has 500001 characters, more than 500000. Split it."),
    ],
)
def test_broken_yaml_is_refused_with_its_place_and_a_way_to_mend_it(text: str, error: str) -> None:
    assert said(text) == error


def test_aliases_cannot_pile_up_depth() -> None:
    assert "nested deeper than 48" in said(DEEP_ALIASES)


@pytest.mark.parametrize("read", [load_json, load_yaml])
@pytest.mark.parametrize(
    ("depth", "leaf", "is_read"),
    [(47, "[1]", True), (48, "[]", True), (48, "{}", True), (48, "1", True), (48, "[1]", False), (49, "1", False)],
)
def test_both_readers_go_equally_deep(read: Callable[..., Loaded], depth: int, leaf: str, *, is_read: bool) -> None:
    text = "[" * depth + leaf + "]" * depth
    if is_read:
        assert read(text, name="f").value
        return
    with pytest.raises(DocumentError, match="nested deeper than 48"):
        read(text, name="f")


def test_a_key_that_stands_twice_among_many_is_found() -> None:
    keys = ", ".join(f'"k{number}": 1' for number in range(50_000))
    with pytest.raises(DocumentError, match='the key "k7" stands twice in one object'):
        load_json(f'{{{keys}, "k7": 2}}', name="f")


@pytest.mark.parametrize("text", ["+5", "1_000", "0x1F", "0o17", "1.", ".5", "00", "-.5"])
def test_a_scalar_that_reads_in_two_ways_is_refused(text: str) -> None:
    assert f"{text} is a number to some readers and text to others" in said(f"a: {text}")


@pytest.mark.parametrize("text", ["12:30", "1.2.3", "12a", "2026-01-31T00:00:00Z", "0,5", "x"])
def test_other_plain_scalars_are_text(text: str) -> None:
    assert load_yaml(f"a: {text}", name="f").value == {"a": text}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('{"a": }', "f:1:7: this is not JSON: expecting value. Mend the text at this place."),
        (
            '{"a": 1, "a": 2}',
            'f: the key "a" stands twice in one object. Write every value once, exactly and in full.',
        ),
        (
            '{"anna.keller@example.com": 1, "anna.keller@example.com": 2}',
            "f: a key stands twice in one object. Write every value once, exactly and in full.",
        ),
        ("[NaN]", "f:1:2: NaN is not a finite number. Write a number, or null where there is none."),
        ("[-Infinity]", "f:1:2: -Infinity is not a finite number. Write a number, or null where there is none."),
        ("1e999", "f: 1E+999 is beyond 64 powers of ten. Write every value once, exactly and in full."),
        (
            '"\\ud800"',
            "f: a text holds half a character (a lone surrogate). Write every value once, exactly and in full.",
        ),
        ("[" * 100_000, "f: lists and mappings are nested deeper than 48. Flatten the document."),
        (
            "[" * 60 + "]" * 60,
            "f: lists and mappings are nested deeper than 48. Write every value once, exactly and in full.",
        ),
    ],
)
def test_broken_json_is_refused(text: str, error: str) -> None:
    assert said(text, json=True) == error


def test_json_is_written_in_order_or_sorted_and_for_hashes_without_spaces() -> None:
    value: Value = {"b": Decimal("1.50"), "a": [True, None, "\u00e9"]}
    assert dump_json(value) == '{"b": 1.50, "a": [true, null, "\u00e9"]}'
    assert dump_json(value, sort_keys=True) == '{"a": [true, null, "\u00e9"], "b": 1.50}'
    assert canonical_json(value) == '{"a":[true,null,"\u00e9"],"b":1.50}'


@pytest.mark.parametrize("value", [1.5, Decimal("NaN"), Decimal("Infinity"), {1, 2}])
def test_what_is_not_exact_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        dump_json(cast("Writable", value))  # the mistake under test is a caller without types


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = st.integers(-(10**30), 10**30) | st.decimals(allow_nan=False, allow_infinity=False, places=3).filter(
    lambda number: abs(number) < 10**20
)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_json_written_and_read_again_is_the_same(value: Value) -> None:
    once = load_json(dump_json(value), name="f").value
    assert load_json(canonical_json(once), name="f").value == once
    assert canonical_json(load_json(dump_json(once), name="f").value) == canonical_json(once)


@given(st.text(max_size=60))
def test_no_text_makes_the_readers_raise_anything_else(text: str) -> None:
    for read in (load_yaml, load_json):
        with suppress(DocumentError):
            read(text, name="f")


@given(st.text("[]{}:,-&*!|>'\"#%@`? \n\tab10.~\\xuU", max_size=40))
def test_no_yaml_syntax_makes_the_reader_raise_anything_else(text: str) -> None:
    with suppress(DocumentError):
        load_yaml(text, name="f")


def test_a_number_that_is_none_is_pointed_at_outside_of_texts() -> None:
    with pytest.raises(DocumentError, match=r"^f:3:8: -Infinity is not a finite number"):
        load_json('{\n "a": "-Infinity",\n  "b": -Infinity}', name="f")

from casino.yaml_spans import Span, spans

TEXT = """\
# head
a: one   # first
b: [two, "th ree", &x four, *x]
c:
  - {d: 'five', e: six}
  - &y seven
  - |
    eight
  - n\u00ef\U0001f600ne
f: &z {g: 1}
"""


def test_every_value_that_can_be_rewritten_is_found_where_it_stands() -> None:
    found = {path: (TEXT[span.start : span.end], span.inside) for path, span in spans(TEXT).items()}
    assert found == {
        ("a",): ("one", False),
        ("b",): ('[two, "th ree", &x four, *x]', False),
        ("b", 0): ("two", True),
        ("b", 1): ('"th ree"', True),
        ("c", 0): ("{d: 'five', e: six}", False),
        ("c", 0, "d"): ("'five'", True),
        ("c", 0, "e"): ("six", True),
        ("c", 3): ("n\u00ef\U0001f600ne", False),
        ("f", "g"): ("1", True),
    }


def test_a_byte_order_mark_is_counted() -> None:
    assert spans("\ufeffa: b\r\nc: d\r\n") == {("a",): Span(4, 5, inside=False), ("c",): Span(10, 11, inside=False)}


def test_an_empty_text_has_no_values() -> None:
    assert spans("") == {}

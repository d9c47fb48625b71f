"""A file rewritten in the one spelling of the house: its conditions and expressions, and nothing else of it.

Comments, the order of keys, the layout and every other value stay as their author wrote them.
"""

from collections.abc import Iterator
from typing import NamedTuple

from casino.bonus.configuration import parse_configuration
from casino.bonus.files.format import condition_document
from casino.bonus.files.written import condition_at
from casino.document import load_yaml
from casino.fields.catalogue import OPEN, Catalogue, parse_catalogue
from casino.loaded import Loaded, Path
from casino.yaml_spans import Span, spans
from casino.yaml_text import quoted, write_scalar

SECTIONS = ("segmentation", "qualification")


class _Rewritten(NamedTuple):
    path: Path
    text: str


def in_house_form(text: str, *, name: str, base: Catalogue) -> str:
    """Return a configuration or a fields.yaml in the spelling of the house; raises DocumentError where it is neither.

    `base` is the catalogue over which a fields.yaml is read.
    """
    loaded = load_yaml(text, name=name)
    is_catalogue = isinstance(loaded.value, dict) and loaded.value.keys() == {"fields"}
    rewritten = _expressions(loaded, base) if is_catalogue else _conditions(loaded)
    places = spans(text)
    changes = [(places[path], wanted) for path, wanted in rewritten if path in places]
    for span, wanted in sorted(changes, key=lambda change: -change[0].start):  # from the end, so that places stay
        text = _put(text, span, wanted)
    return text


def _put(text: str, span: Span, wanted: str) -> str:
    # Inside of brackets a comma or a bracket of the text would end it.
    written = quoted(wanted) if span.inside else write_scalar(wanted)
    return text[: span.start] + written + text[span.end :] if "\n" not in text[span.start : span.end] else text


def _conditions(loaded: Loaded) -> Iterator[_Rewritten]:
    parse_configuration(loaded)
    for section in _sections(loaded):
        conditions = loaded.at(section)
        for index in range(len(conditions) if isinstance(conditions, list) else 0):
            path = (*section, index)
            wanted = condition_document(condition_at(loaded, path, OPEN))
            if isinstance(wanted, str) and wanted != loaded.at(path):
                yield _Rewritten(path, wanted)


def _sections(loaded: Loaded) -> Iterator[Path]:
    """Return where conditions are written."""
    document = loaded.value if isinstance(loaded.value, dict) else {}
    yield from ((section,) for section in SECTIONS if section in document)
    tiers = document.get("tiers")
    for index, tier in enumerate(tiers if isinstance(tiers, list) else []):
        if isinstance(tier, dict) and "when" in tier:
            yield "tiers", index, "when"


def _expressions(loaded: Loaded, base: Catalogue) -> Iterator[_Rewritten]:
    catalogue = parse_catalogue(loaded, base)
    fields = loaded.at(("fields",))
    for index, entry in enumerate(fields if isinstance(fields, list) else []):
        field = catalogue.field(str(entry["path"])) if isinstance(entry, dict) else None
        if field is not None and field.expression is not None:
            path: Path = ("fields", index, "expression")
            if field.expression.text != loaded.at(path):
                yield _Rewritten(path, field.expression.text)

"""Where a finding stands in its document."""

from casino.analysis.finding import Finding, document_path, place_of
from casino.document import load_json, load_yaml
from casino.loaded import Loaded, Path, Place

TEXT = """id: a
tiers:
  - {name: low, priority: 1}
  - {name: high, priority: 2, when: [player.a > 1]}
"""


def finding(path: Path) -> Finding:
    return Finding(code="B103", severity="error", message="m", mend="n", configuration="a", path=path)


def test_a_tier_is_found_by_its_name() -> None:
    loaded = load_yaml(TEXT, name="a.yaml")
    assert document_path(("tiers", "high", "when", 0), loaded) == ("tiers", 1, "when", 0)
    assert place_of(finding(("tiers", "high", "when", 0)), loaded) == Place(4, 38)
    assert place_of(finding(("tiers", "gone")), loaded) == Place(2, 1)
    assert place_of(finding(("tiers",)), loaded) == Place(2, 1)
    assert place_of(finding(("qualification",)), loaded) == Place(1, 1)


def test_a_document_that_kept_no_places_has_none() -> None:
    assert place_of(finding(("tiers", "low")), load_json('{"tiers": [{"name": "low"}]}', name="a.json")) is None
    assert document_path(("tiers", "low"), Loaded({"tiers": None}, {}, "a")) == ("tiers",)
    assert document_path(("tiers", "low"), Loaded({"tiers": [1]}, {}, "a")) == ("tiers",)

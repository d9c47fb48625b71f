import pytest

from casino.bonus.files.house_form import in_house_form
from casino.document import load_yaml
from casino.fields.catalogue import OPEN
from casino.loaded import DocumentError

BEFORE = """\
# The autumn offer.
id: autumn   # never changes
name:   "Autumn"
priority: 1

segmentation: ["player.name   == 'a, b'", player.y>now -3 days]   # who
qualification:
  - "player.ngr>0.0"   # money
  - { field: player.ngr, operator: '<', value: 10 } # structured
  - {field: player.ngr, operator: '<', value: 11, on_missing: pass}
  - field: player.ngr   # a comment inside
    operator: "<"
    value: 12
  - >-
    player.ngr
    <   5
  - &same player.x   == 1
  - *same
tiers:
  - {name: a, priority: 2, when: [player.a=="b"],
     reward: {type: boosted, templateName: X, valuePerSpinDescription: z}}
  - name: b
    priority: 1
    reward: {type: boosted, templateName: X, valuePerSpinDescription: z}
"""
AFTER = """\
# The autumn offer.
id: autumn   # never changes
name:   "Autumn"
priority: 1

segmentation: ["player.name == 'a, b'", "player.y > now - 3 days"]   # who
qualification:
  - player.ngr > 0.0   # money
  - player.ngr < 10 # structured
  - {field: player.ngr, operator: '<', value: 11, on_missing: pass}
  - field: player.ngr   # a comment inside
    operator: "<"
    value: 12
  - >-
    player.ngr
    <   5
  - &same player.x   == 1
  - *same
tiers:
  - {name: a, priority: 2, when: ["player.a == 'b'"],
     reward: {type: boosted, templateName: X, valuePerSpinDescription: z}}
  - name: b
    priority: 1
    reward: {type: boosted, templateName: X, valuePerSpinDescription: z}
"""


def tidied(text: str) -> str:
    return in_house_form(text, name="f.yaml", base=OPEN)


def test_only_the_spelling_of_conditions_changes() -> None:
    assert tidied(BEFORE) == AFTER
    assert tidied(AFTER) == AFTER


def test_line_endings_and_a_byte_order_mark_stay() -> None:
    before = "\ufeff" + BEFORE.replace("\n", "\r\n")
    assert tidied(before) == "\ufeff" + AFTER.replace("\n", "\r\n")


def test_a_condition_over_several_lines_stays() -> None:
    text = "id: a\nname: A\npriority: 1\nsegmentation:\n  - player.x\n    ==   1\n"
    assert tidied(text) == text


def test_expressions_of_computed_fields_are_tidied_too() -> None:
    before = (
        "fields:\n"
        "  - {path: player.total, type: number}  # all\n"
        "  - {path: player.half, expression: player.total/2}\n"
        "  - path: player.same\n"
        "    expression: player.total / 2\n"
        "  - path: player.more\n"
        "    expression: 'player.half+1'  # one more\n"
    )
    after = before.replace("player.total/2}", '"player.total / 2"}').replace("'player.half+1'", "player.half + 1")
    assert tidied(before) == after
    assert tidied(after) == after


@pytest.mark.parametrize("text", ["id: a\nname: A\npriority: 1\nsegmentation: [player.x = 1]\n", "fields: [5]", "a"])
def test_a_file_that_cannot_be_taken_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        tidied(text)


def test_empty_sections_stay_empty() -> None:
    text = "id: a\nname: A\npriority: 1\nsegmentation: []\n"
    assert tidied(text) == text
    assert load_yaml(text, name="f").value is not None

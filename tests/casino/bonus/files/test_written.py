"""What is said of an id that cannot be taken."""

import pytest

from casino.bonus.configuration import parse_configuration
from casino.document import load_yaml
from casino.loaded import DocumentError


@pytest.mark.parametrize(
    ("id_", "why"),
    [
        ("Winter Reload", "an id is lower-case letters, digits and hyphens, as winter-reload"),
        ("a_b", "an id is lower-case letters, digits and hyphens, as a-b"),
        ("\u00e9", "an id is lower-case letters, digits and hyphens, as winter-reload"),
        ("a" * 65, "an id has at most 64 characters"),
    ],
)
def test_an_id_that_cannot_be_taken_is_told_with_one_that_can(id_: str, why: str) -> None:
    with pytest.raises(DocumentError) as refused:
        parse_configuration(load_yaml(f"id: {id_}\nname: A\npriority: 1", name="f.yaml"))
    assert str(refused.value) == f'f.yaml:1:1: "id" cannot be taken: {why}. Change the value.'

"""An expression: a computed field's definition, read, typed and ready to be worked out."""

from dataclasses import dataclass

from casino.facts import Facts, Look
from casino.fields.field_type import FieldType
from casino.fields.tree import Node
from casino.fields.work_out import work_out


@dataclass(frozen=True, slots=True)
class Expression:
    """What a computed field is worked out with."""

    text: str  # in the one spelling of the house
    type: FieldType
    tree: Node
    paths: frozenset[str]  # the fields that it names, computed ones among them
    reads: frozenset[str]  # the fields that the platform must supply for it
    cost: int  # nodes of the tree, and of those of the computed fields that it names

    def value(self, facts: Facts) -> Look:
        """Work it out. It never raises: what cannot be worked out is unavailable, missing or null, in this order."""
        return work_out(self.tree, self.type, facts)

"""Plain values as they come from documents and platforms: exact numbers, no floats."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

Value: TypeAlias = bool | int | Decimal | str | list["Value"] | dict[str, "Value"] | None
Document: TypeAlias = Mapping[str, Value]

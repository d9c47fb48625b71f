"""What may be told of a result without anybody looking at it: typed values, and words that the house knows.

A template that takes whatever a tool has answered would also tell what somebody has planted there.
"""

import re
from collections.abc import Mapping
from typing import Final

from agent.outgoing.figures import codes_of
from agent.outgoing.free_text import is_amount
from casino.values import Value

# States, levels and categories as platforms name them. None says that anything was given, and none names a risk.
KNOWN_WORDS: Final = frozenset(
    {"approved", "pending", "in_review", "in review", "rejected", "expired", "completed", "not_started", "not started"}
    | {"none", "basic", "full", "enhanced", "verified", "unverified", "active"}
    | {"new", "regular", "standard", "vip", "bronze", "silver", "gold", "platinum", "diamond"}
)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?")
_CODE: Final = re.compile(r"[A-Z]{3}")


def sayable(result: Mapping[str, Value]) -> dict[str, Value]:
    """Return what of a result may be told: numbers, yes and no, dates, amounts, currencies and known words.

    Other texts are left out, also inside of lists and objects.
    """
    return {key: _kept(value, key) for key, value in result.items() if _may_be_told(value, key)}


def _kept(value: Value, key: str) -> Value:
    if isinstance(value, dict):
        return sayable(value)
    if isinstance(value, list):
        return [_kept(member, key) for member in value if _may_be_told(member, key)]
    return value


def _may_be_told(value: Value, key: str) -> bool:
    if value is None:
        return False
    return not isinstance(value, str) or _is_known(value) or is_amount(value, key)


def _is_known(text: str) -> bool:
    if text.lower() in KNOWN_WORDS or _MOMENT.fullmatch(text) is not None:
        return True
    return _CODE.fullmatch(text) is not None and text in codes_of(text)

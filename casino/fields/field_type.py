"""The types of fields."""

from enum import StrEnum


class FieldType(StrEnum):
    """What a field holds; a date and a moment are texts in ISO 8601, a moment with its offset."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    MONEY = "money"  # {amount: 500, currency: EUR}
    TEXT_LIST = "text_list"
    NUMBER_LIST = "number_list"
    RECORD_LIST = "record_list"  # of mappings, such as deposits


LISTS = frozenset({FieldType.TEXT_LIST, FieldType.NUMBER_LIST, FieldType.RECORD_LIST})

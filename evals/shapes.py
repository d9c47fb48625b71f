"""What every part of a ticket file is made of: nothing unknown, nothing changed afterwards, words from closed lists."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

Text = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """Nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def one_of(*known: str) -> AfterValidator:
    """Return a validator that takes one of these words."""

    def check(value: str) -> str:
        if value not in known:
            raise PydanticCustomError("unknown_word", "one of the known words", {"known": known})
        return value

    return AfterValidator(check)

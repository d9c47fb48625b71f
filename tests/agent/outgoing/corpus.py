"""The corpus of honest messages and planted lies, read and judged: for the test and for `bench/outgoing.py`.

`honest.jsonl` and `planted.jsonl` hold one message a line: its language, its kind, the names of the results in
`results.json` that it was made of, and its part. A fifth was held out, by a hash of the text; the messages of the
part `later` were written after the check stood, to be hard for it, and it was not changed for them. Every message
that is judged wrongly says in `stays` why.

`words_honest.jsonl`, `words_planted.jsonl` and `leaks.jsonl` are the same for what is said without a figure or a deed:
an approval, a pledge, a refusal, and words of a procedure. They were written before their rules.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from agent.outgoing.check import untruth
from casino.values import Document, Value
from tools.tool import Status

HERE: Final = Path(__file__).parent


class Part(StrEnum):
    """How a message stands to the tuning of the check."""

    TUNED = "tuned"
    HELD_OUT = "held_out"
    LATER = "later"


class Message(BaseModel):
    """One message to a player."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    kind: str
    made_of: tuple[str, ...] = Field(alias="from")
    part: Part
    stays: str | None = None  # why it is judged wrongly, where it is
    text: str


@dataclass(frozen=True, slots=True)
class Made:
    """One result of a ticket."""

    status: str
    data: Document
    gives: bool


@dataclass(frozen=True, slots=True)
class Corpus:
    """Messages, the results that they were made of, and the names that the house has."""

    honest: tuple[Message, ...]
    planted: tuple[Message, ...]
    results: Mapping[str, Made]
    named: tuple[str, ...]

    def refused(self, message: Message) -> str | None:
        """Return why the check refuses a message, as the desk would ask it."""
        made = [self.results[name] for name in message.made_of]
        done = [one for one in made if one.status == Status.DONE]
        known: list[Value] = [dict(one.data) for one in made if one.status in {Status.OK, Status.DONE}]
        given = any(one.gives for one in done)
        return untruth(message.text, known, named=self.named, given=given, passed_on=bool(done))

    def false_alarms(self, part: Part) -> tuple[Message, ...]:
        """Return the honest messages that are refused."""
        return tuple(one for one in self.honest if one.part is part and self.refused(one) is not None)

    def misses(self, part: Part) -> tuple[Message, ...]:
        """Return the lies that pass."""
        return tuple(one for one in self.planted if one.part is part and self.refused(one) is None)


def read_corpus(of: str = "") -> Corpus:
    """Read the results, and the messages whose files begin with `of`."""
    house = json.loads((HERE / "results.json").read_text(encoding="utf-8"), parse_float=Decimal)
    results = {
        name: Made(made["status"], made["data"], made.get("gives", False)) for name, made in house["results"].items()
    }
    return Corpus(
        read_messages(f"{of}honest.jsonl"), read_messages(f"{of}planted.jsonl"), results, tuple(house["named"])
    )


def read_messages(name: str) -> tuple[Message, ...]:
    """Read one file of messages."""
    lines: Sequence[str] = (HERE / name).read_text(encoding="utf-8").splitlines()
    return tuple(Message.model_validate_json(line) for line in lines)

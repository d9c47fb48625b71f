"""Messages that no keyboard types: each is answered, and what was sent stays on the record."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from agent.settings import read_settings
from agent.wiring import open_kept

LONG = "bonus " * 17_000  # 102 kB
ARABIC = "أريد مكافأة من فضلك، بريدي anna.keller@example.com"


async def _kept(folder: Path, ticket: str, sha256: str) -> str | None:
    async with open_kept(replace(read_settings({}), data=folder)) as record:
        return await record.text(sha256, ticket_id=ticket)


@pytest.mark.parametrize(
    ("text", "read", "why"),
    [
        (LONG, LONG[:7997], "too_long"),
        ("", "", "empty"),
        (" \n\t ", "", "empty"),
        ("\x00\x07\x1b[31mred\x1b[0m", "[31mred[0m", "control_characters"),
        ("\u202egift\u202c", "gift", "bidi_overrides"),
        (ARABIC, ARABIC, None),
    ],
    ids=["100 kB", "empty", "blank", "control characters", "direction override", "right to left"],
)
def test_a_strange_message_is_answered_and_nothing_of_it_is_lost(
    croupier: Callable[..., Result],
    ticket_file: Callable[..., Path],
    data: Path,
    text: str,
    read: str,
    why: str | None,
) -> None:
    found = croupier("run", ticket_file(says=[text]), "--json")
    document = json.loads(found.stdout)
    assert (found.exit_code, "Traceback" in found.stderr, len(document["end_state"]["replies"])) == (0, False, 1)
    shown = json.loads(croupier("tickets", "show", document["ticket"], "--json").stdout)
    said = next(entry["body"] for entry in shown["entries"] if entry["kind"] == "player_message")
    noted = {said.get("notice"), *said.get("changed", [])} - {None}
    assert (said["text"], noted) == (read, set[str | None]() if why is None else {why})
    (folder,) = data.iterdir()
    whole = asyncio.run(_kept(folder, document["ticket"], said["as_sent"])) if "as_sent" in said else said["text"]
    assert whole == text


def test_the_story_of_a_strange_message_obeys_none_of_it(
    croupier: Callable[..., Result], ticket_file: Callable[..., Path]
) -> None:
    found = croupier("run", ticket_file(says=["\x1b[2Jgone [red]and[/wrong] :smile:"]))
    assert (found.exit_code, "\x1b" in found.stdout) == (0, False)
    assert "[2Jgone [red]and[/wrong] :smile:" in found.stdout


def test_right_to_left_text_is_shown_as_it_was_sent(
    croupier: Callable[..., Result], ticket_file: Callable[..., Path]
) -> None:
    found = croupier("run", ticket_file(says=["أريد مكافأة"]))
    assert (found.exit_code, "أريد مكافأة" in found.stdout) == (0, True)

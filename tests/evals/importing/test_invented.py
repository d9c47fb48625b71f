"""An id that somebody made up on a live ticket is not the replay's own."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent.house import House
from evals.importing.imported import imported
from evals.importing.invented import without_invented
from evals.importing.live import Live, read_live
from tests.evals.importing.lives import attacked, live

NOTE = "an id such as D-1 was made up, which a replay gives itself: another stands in its place"


@pytest.mark.parametrize(
    "name",
    [
        "ticket-text/text-plain-order",
        "ticket-text/text-second-grant-at-once",
        "ticket-text/text-turkish",
        "tool-result/tool-category-veto",
    ],
)
async def test_an_attack_that_was_obeyed_plays_as_it_went(name: str, house: House, tmp_path: Path) -> None:
    found = await imported(await attacked(name, house, tmp_path), house)
    assert (found.unlike, found.wrong, NOTE in found.notes) == ((), (), True)


async def test_an_id_within_what_a_tool_told_is_not_the_replays_own(house: House, tmp_path: Path) -> None:
    found = await imported(await live("attacks/tool-result/tool-category-issue", house, tmp_path), house)
    assert (found.unlike, found.wrong, found.notes) == ((), (), (NOTE,))


def _live(folder: Path, text: str, given: str = "D-1") -> Live:
    at = "2026-11-22T12:00:00+00:00"
    bodies: tuple[tuple[str, dict[str, Any]], ...] = (
        ("player_message", {"text": text, "message_id": "m1", "brand": "red", "as_sent": "5f"}),
        ("decision_minted", {"decision_id": given}),
        ("approval_asked", {"approval_id": "A-2"}),
    )
    told = [{"seq": seq, "kind": kind, "at": at, "body": body} for seq, (kind, body) in enumerate(bodies, start=1)]
    file = folder / "export.json"
    file.write_text(json.dumps({"tickets": [{"ticket": "T1", "entries": told, "texts": {"5f": text}}]}), "utf-8")
    (one,) = read_live(file)
    return one


@pytest.mark.parametrize("text", ["issue D-1 with A-2", "D-10115 Berlin", "ID-7, D-7x, D-07", "D-0123456789abcdef"])
def test_what_the_desk_gave_and_what_no_replay_gives_stays(text: str, tmp_path: Path) -> None:
    one = _live(tmp_path, text)
    assert without_invented(one) == (one, False)


def test_what_was_made_up_is_the_same_everywhere(tmp_path: Path) -> None:
    changed, is_changed = without_invented(_live(tmp_path, "issue D-1 with A-3!", given="D-9f"))
    text = "issue D-76fbdb37586f6865 with A-1d8adedfff67500e!"
    assert (changed.entries[0].body["text"], dict(changed.as_sent), is_changed) == (text, {"5f": text}, True)

"""`croupier eval record`: into a folder or a pack, out of a folder, a pack or a line of one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

DEMO = Path(__file__).parents[3] / "evals" / "tickets" / "demo"


@pytest.fixture
def pack(croupier: Callable[..., Result], tmp_path: Path) -> Path:
    """Record the tickets of the demo into a pack."""
    out = tmp_path / "own.jsonl"
    found = croupier("eval", "record", DEMO, "--out", out)
    assert (found.exit_code, found.stdout.splitlines()) == (0, [f"{out}:{line}" for line in range(1, 7)])
    return out


def test_a_pack_of_recordings_replays(croupier: Callable[..., Result], pack: Path) -> None:
    found = croupier("eval", "run", pack)
    assert (found.exit_code, found.stdout.splitlines()[-1]) == (0, "6 passed, 0 failed")
    told = json.loads(croupier("eval", "run", f"{pack}:3", "--json").stdout)
    assert [(one["ticket"], one["file"]) for one in told["tickets"]] == [("locked-out", f"{pack}:3")]


def test_two_processes_play_the_lines_of_a_pack(croupier: Callable[..., Result], pack: Path) -> None:
    found = croupier("eval", "run", pack, "--jobs", "2")
    assert (found.exit_code, found.stdout.splitlines()[-1]) == (0, "6 passed, 0 failed")


def test_a_pack_is_recorded_into_a_folder_and_in_its_own_place(
    croupier: Callable[..., Result], pack: Path, tmp_path: Path
) -> None:
    before = pack.read_text("utf-8")
    found = croupier("eval", "record", f"{pack}:1", "--out", tmp_path / "out")
    assert (found.exit_code, found.stdout) == (0, f"{tmp_path / 'out' / 'issued.json'}\n")
    assert croupier("eval", "record", pack, "--out", pack).exit_code == 0
    assert pack.read_text("utf-8") == before


def test_what_is_wrong_in_a_pack_is_said_before_anything_is_played(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], pack: Path, tmp_path: Path
) -> None:
    pack.write_text(pack.read_text("utf-8") + '{"id": 1}\n', "utf-8")
    out = tmp_path / "again.jsonl"
    assert croupier("eval", "record", pack, "--out", out).stderr.startswith(f"{pack}:7: schema: this field is missing")
    assert not out.exists()
    assert croupier("eval", "run", pack).exit_code == 3
    nothing = croupier("eval", "record", DEMO / "4-human.json", "--out", DEMO / "4-human.json")
    assert (nothing.exit_code, "cannot be written" in one_message(nothing)) == (2, True)


def test_every_world_and_procedure_that_is_none_is_said_with_its_line(
    croupier: Callable[..., Result], pack: Path, tmp_path: Path
) -> None:
    first, *_ = pack.read_text("utf-8").splitlines()
    ticket = {**json.loads(first), "recording": None}
    wrong = tmp_path / "wrong.jsonl"
    lines: list[dict[str, Any]] = [
        {**ticket, "id": "a", "world": {"plyers": []}},
        {**ticket, "id": "b", "procedure": "bonus"},
    ]
    wrong.write_text("".join(f"{json.dumps(one)}\n" for one in lines), "utf-8")
    found = croupier("eval", "run", wrong)
    assert found.exit_code == 3
    assert [line.partition(" this")[0].partition(" there")[0] for line in found.stderr.splitlines()] == [
        f"{wrong}:1: world:",
        f"{wrong}:2: procedure:",
    ]

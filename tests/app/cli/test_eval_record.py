"""`croupier eval record`: into a folder or a pack, out of a folder, a pack or a line of one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.agent.model.builders import completion
from tests.evals.judging.served import Body, served

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


def test_of_a_model_that_is_down_nothing_is_written(
    croupier: Callable[..., Result], pack: Path, tmp_path: Path, closed_port: str
) -> None:
    before, url = pack.read_text("utf-8"), f"http://{closed_port}/v1"
    down = f"model `gpt-4.1-mini` at {url}/ cannot be reached; start it or mend OPENAI_BASE_URL"
    said = f"{DEMO / '1-issued.json'}: issued is not recorded: {down}\n"
    for out in (tmp_path / "folder", tmp_path / "new.jsonl"):
        found = croupier("eval", "record", DEMO / "1-issued.json", "--out", out, OPENAI_BASE_URL=url)
        assert (found.exit_code, found.stdout, found.stderr, out.exists()) == (3, "", said, False)
    found = croupier("eval", "record", f"{pack}:1", "--out", pack, OPENAI_BASE_URL=url)
    assert (found.exit_code, found.stdout, pack.read_text("utf-8")) == (3, "", before)
    assert found.stderr == f"{pack}:1: issued is not recorded: {down}\n"


def test_the_tickets_that_the_model_does_answer_are_recorded(
    croupier: Callable[..., Result], ticket_file: Callable[..., Path], tmp_path: Path
) -> None:
    folder = tmp_path / "tickets"
    folder.mkdir()
    for name in ("bad", "good"):
        ticket_file(id=name, says=[f"Hello, a {name} day"]).rename(folder / f"{name}.json")

    def answer(asked: Body) -> Body:
        return {} if "a bad day" in json.dumps(asked) else completion("How can I help you?")

    with served(answer) as url:
        found = croupier("eval", "record", folder, "--out", tmp_path / "out", OPENAI_BASE_URL=url, CROUPIER_MODEL="m")
    assert (found.exit_code, found.stdout) == (3, f"{tmp_path / 'out' / 'good.json'}\n")
    assert found.stderr.startswith(f"{folder / 'bad.json'}: bad is not recorded: model `m` at {url}/ gave no usable")
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["good.json"]
    kept = json.loads((tmp_path / "out" / "good.json").read_text("utf-8"))["recording"]
    assert {one["response"]["model"] for one in kept["exchanges"] if one["node"] == "think"} == {"m"}


def test_a_password_in_the_address_of_the_model_is_refused(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], tmp_path: Path
) -> None:
    url = "http://me:pass@127.0.0.1:9/v1"
    found = croupier("eval", "record", DEMO / "4-human.json", "--out", tmp_path / "out", OPENAI_BASE_URL=url)
    assert found.exit_code == 2
    assert one_message(found).startswith("OPENAI_BASE_URL names a user or a password; leave them out")


def test_a_pack_whose_stale_tickets_are_recorded_anew_keeps_the_others(
    croupier: Callable[..., Result], tmp_path: Path
) -> None:
    pack = tmp_path / "own.jsonl"
    assert croupier("eval", "record", DEMO, "--out", pack).exit_code == 0
    fresh = pack.read_text("utf-8")
    broken = [json.loads(line) for line in fresh.splitlines()]
    broken[1]["says"][0] += " please"
    pack.write_text("".join(json.dumps(one) + "\n" for one in broken), "utf-8")
    again = croupier("eval", "record", pack, "--stale", "--out", pack)
    assert (again.exit_code, len(again.stdout.splitlines())) == (0, 1)
    ids = [json.loads(line)["id"] for line in pack.read_text("utf-8").splitlines()]
    assert ids == [json.loads(line)["id"] for line in fresh.splitlines()]
    assert croupier("eval", "stale", pack).exit_code == 0


def test_a_pack_is_replaced_by_nothing_but_itself(croupier: Callable[..., Result], pack: Path) -> None:
    before = pack.read_text("utf-8")
    refused = croupier("eval", "record", DEMO / "4-human.json", "--out", pack)
    assert (refused.exit_code, refused.stderr) == (
        2,
        f"{pack}: there is a pack already; give another name, or record that pack itself\n",
    )
    assert pack.read_text("utf-8") == before
    assert croupier("eval", "record", pack, "--out", pack).exit_code == 0

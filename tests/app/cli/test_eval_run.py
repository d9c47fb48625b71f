"""What a run was asked is kept with it, and what would prove nothing is refused."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from evals.run.results import RunHeader, read_header, read_trials

DEMO = Path(__file__).parents[3] / "evals" / "tickets" / "demo"

Croupier = Callable[..., Result]
OneMessage = Callable[[Result], str]


def head_of(folder: Path) -> RunHeader:
    return read_header(folder / "results.jsonl")


def test_a_filter_is_on_record_and_a_filtered_run_is_no_pass(croupier: Croupier, tmp_path: Path) -> None:
    whole, some, again = tmp_path / "whole", tmp_path / "some", tmp_path / "again"
    croupier("eval", "run", DEMO, "--out", whole)
    for folder in (some, again):
        assert croupier("eval", "run", DEMO, "--filter", "id:issued", "--out", folder).exit_code == 0
    assert (head_of(some).filters, head_of(whole).filters) == (("id:issued",), ())
    assert head_of(some).plan == head_of(again).plan != head_of(whole).plan
    results = [folder / "results.jsonl" for folder in (whole, some, again)]
    assert croupier("eval", "gate", results[1]).exit_code == 5
    assert croupier("eval", "gate", results[1], "--baseline", results[0]).exit_code == 5
    assert croupier("eval", "gate", results[1], "--baseline", results[2]).exit_code == 0


def test_a_kept_run_goes_on_with_its_filters(croupier: Croupier, one_message: OneMessage, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    croupier("eval", "run", DEMO, "--filter", "id:issued", "--out", folder)
    before = head_of(folder)
    again = croupier("eval", "run", DEMO, "--resume", folder)
    assert (again.exit_code, again.stdout.splitlines()[-1], head_of(folder)) == (0, "1 passed, 0 failed", before)
    for option, value in (("--filter", "id:human"), ("--level", "L5"), ("--match", "tolerant"), ("--shard", "1/2")):
        other = croupier("eval", "run", DEMO, "--resume", folder, option, value)
        assert other.exit_code == 2
        assert one_message(other).startswith(f"{option}: the kept run was asked for ")


def test_other_options_play_a_kept_run_again(croupier: Croupier, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    one = DEMO / "4-human.json"
    croupier("eval", "run", one, "--no-controls", "--out", folder)
    croupier("eval", "run", one, "--controls", "--resume", folder)
    (trial,) = read_trials(folder / "results.jsonl")
    assert trial.controls


def test_a_changed_ticket_is_said_by_the_gate(croupier: Croupier, tmp_path: Path) -> None:
    suite = tmp_path / "suite"
    suite.mkdir()
    ticket = Path(shutil.copy(DEMO / "4-human.json", suite))
    croupier("eval", "run", suite, "--out", tmp_path / "was")
    ticket.write_text(ticket.read_text("utf-8").replace('"title": "', '"title": "Changed: '), "utf-8")
    croupier("eval", "run", suite, "--out", tmp_path / "now")
    was, now = tmp_path / "was" / "results.jsonl", tmp_path / "now" / "results.jsonl"
    found = croupier("eval", "gate", now, "--baseline", was)
    assert found.exit_code == 0
    assert found.stdout.splitlines()[0] == f"· tickets were changed, added or removed since the baseline: `{was}`"


def test_shards_of_one_suite_are_one_run_and_an_empty_one_says_so(croupier: Croupier, tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(1, 41)]
    one = DEMO / "4-human.json"
    told = [
        croupier("eval", "run", one, "--shard", f"{number}/3", "--out", tmp_path / str(number)) for number in (1, 2, 3)
    ]
    last = [found.stdout.splitlines()[-1] for found in told]
    empty = [
        line for line in last if line.endswith("is empty: no ticket falls into it; give it to the gate all the same.")
    ]
    assert ([found.exit_code for found in told], len(empty)) == ([0, 0, 0], 2)
    results = [folder / "results.jsonl" for folder in folders[:3]]
    assert croupier("eval", "gate", *results).exit_code == 0
    shutil.rmtree(folders[0])
    croupier("eval", "run", one, "--shard", "1/3", "--seed", "1", "--out", folders[0])
    found = croupier("eval", "gate", *results)
    assert (found.exit_code, "these are no shards of one run" in found.stderr) == (3, True)


@pytest.mark.parametrize("level", ["L2", "L3", "L4"])
def test_a_live_level_without_a_model_is_refused(croupier: Croupier, one_message: OneMessage, level: str) -> None:
    found = croupier("eval", "run", DEMO, "--level", level)
    assert (found.exit_code, one_message(found)) == (
        2,
        (
            f"{level} asks a language model, and none is configured; set OPENAI_BASE_URL or OPENAI_API_KEY, or play"
            " the built-in policy model: --policy"
        ),
    )


def test_the_policy_model_plays_a_live_level_where_it_is_asked_to(croupier: Croupier, tmp_path: Path) -> None:
    folder, one = tmp_path / "run", DEMO / "4-human.json"
    assert croupier("eval", "run", one, "--level", "L3", "--policy", "--out", folder).exit_code == 0
    assert head_of(folder).model == "policy"
    assert croupier("eval", "run", one, "--resume", folder).exit_code == 0


@pytest.mark.parametrize("words", [("--max-cost", "nan", "--price", "1/1"), ("--max-cost", "-1"), ("--price", "nan/1")])
def test_what_is_no_amount_is_a_usage_error(croupier: Croupier, words: tuple[str, ...]) -> None:
    assert croupier("eval", "run", DEMO, *words).exit_code == 2


def test_a_suite_without_tickets_is_no_pass(croupier: Croupier, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    assert croupier("eval", "run", empty).exit_code == 3

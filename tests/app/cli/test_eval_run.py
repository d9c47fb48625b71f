"""What a run was asked is kept with it, and what would prove nothing is refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from evals.run.results import RunHeader, is_complete, read_header, read_trials

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


def test_a_kept_run_that_is_gone_on_with_says_what_counts_and_what_has_changed(
    croupier: Croupier, tmp_path: Path
) -> None:
    folder, changed, words = tmp_path / "run", tmp_path / "procedures", ("eval", "run", DEMO, "--resume")
    assert croupier("eval", "run", DEMO, "--out", folder).stderr == ""
    assert croupier(*words, folder).stderr == "Going on: 6 of 6 verdicts are kept, 0 are still to come\n"
    shutil.copytree(DEMO.parents[2] / "procedures", changed)
    procedure = changed / "support" / "bonus-request.md"
    procedure.write_text(procedure.read_text("utf-8").replace("Make sure who", "Find out who"), "utf-8")
    own = {"CROUPIER_PROCEDURES": str(changed / "support")}
    again = "Going on: 0 of 6 verdicts are kept, 6 are still to come, 6 of them again: since the run began, "
    told = croupier(*words, folder, "--json", **own)
    assert told.stderr.splitlines()[0] == f"{again}the house (procedures, prompts, tools, rules) changed"
    assert [one["ticket"] for one in json.loads(told.stdout)["tickets"]][:1] == ["issued"]
    assert is_complete(folder / "results.jsonl")
    told = croupier(*words, folder, "--no-controls", **own)
    assert told.stderr == f"{again}the house (procedures, prompts, tools, rules) changed\n"
    assert croupier(*words, folder).stderr.startswith("Going on: 6 of 6 ")


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


EXPECTED = {"outcome": "escalated", "effects": ["transfer_to_live_agent: done"]}
ATTACK = {"channel": "ticket text", "goal": "promise", "marker": "say yes", "says": "yes"}


@pytest.mark.parametrize(
    ("expect", "why"),
    [
        ({"order": {"at_most": {"isue_bonus": 1}}}, "order.at_most.isue_bonus: there is no tool "),
        ({"order": {"forbid": ["procedure_bonus-reqest"]}}, "order.forbid.0: there is no tool "),
        ({"provenance": ["isue_bonus.x == verify_player_identity.x"]}, "provenance.0: there is no tool "),
        ({"refused": ["isue_bonus: precondition"]}, "refused.0: there is no tool "),
        ({"procedure": "bonus-reqest"}, "procedure: there is no procedure "),
    ],
)
def test_an_expectation_that_names_nothing_is_refused_with_the_nearest_name(
    croupier: Croupier,
    one_message: OneMessage,
    ticket_file: Callable[..., Path],
    expect: dict[str, object],
    why: str,
) -> None:
    path = ticket_file(expect={**EXPECTED, **expect})
    found = croupier("eval", "run", path)
    said = one_message(found)
    assert (found.exit_code, said.startswith(f"{path}: expect.{why}")) == (3, True)
    wrong, _, meant = said.rpartition(". Did you mean ")
    assert meant == f"{wrong.rpartition(' ')[2].replace('isue', 'issue').replace('reqest', 'request')}?"


@pytest.mark.parametrize("words", [("run", "--level", "L0"), ("run", "--jobs", "2"), ("attack",)])
def test_nothing_is_begun_where_a_ticket_names_nothing(
    croupier: Croupier, ticket_file: Callable[..., Path], tmp_path: Path, words: tuple[str, ...]
) -> None:
    order = {"forbid": ["isue_bonus", "kyc_statu"]}
    expect = {**EXPECTED, "order": order}
    path = ticket_file(procedure="bonus-reqest", expect=expect, world={"plyers": []}, attack=ATTACK)
    found = croupier("eval", *words, path, "--out", tmp_path / "run")
    places = [line.removeprefix(f"{path}: ").partition(": ")[0] for line in found.stderr.splitlines()]
    assert places == ["procedure", "expect.order.forbid.0", "expect.order.forbid.1", "world"]  # all at once
    assert (found.exit_code, found.stdout, (tmp_path / "run").exists()) == (3, "", False)

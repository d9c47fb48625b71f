"""What was played is on disk, is found again, and is left out where it is not whole."""

from pathlib import Path

import pytest

from evals.run.journal import (
    JournalError,
    Kept,
    Writer,
    asked_of,
    begin_run,
    opened_journal,
    opened_trials,
    read_journal,
)
from evals.run.plan import Item
from evals.trial import Status, Trial
from tests.evals.run.players import HEADER, items, trial

FIRST, SECOND = items("a", "b")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    begin_run(tmp_path / "run", HEADER)
    return tmp_path / "run"


def write(folder: Path, *trials: tuple[Item, Trial], name: str = "here") -> None:
    with Writer(folder, name) as writer:
        for item, one in trials:
            writer.write(item.key, one)


def statuses(kept: Kept) -> dict[str, Status]:
    return {key: one.status for key, one in kept.played.items()}


def test_what_was_written_is_found_with_its_text(folder: Path) -> None:
    write(folder, (FIRST, trial(FIRST, cost="0.25")), (SECOND, trial(SECOND, Status.FAIL)))
    kept = read_journal(folder)
    assert statuses(kept) == {FIRST.key: Status.PASS, SECOND.key: Status.FAIL}
    assert str(kept.played[FIRST.key].cost) == "0.25"
    with opened_trials() as trials:
        texts = [trials.text(kept.played[item.key]) for item in (FIRST, SECOND)]
    assert [text.startswith(b'{"schema": "trial/1", "ticket": "') for text in texts] == [True, True]
    assert [(text[:1], text[-1:]) for text in texts] == [(b"{", b"}"), (b"{", b"}")]


def test_wherever_a_journal_is_cut_off_only_its_last_trial_is_lost(folder: Path) -> None:
    write(folder, (FIRST, trial(FIRST)), (SECOND, trial(SECOND)))
    (path,) = (folder / "journal").glob("*.jsonl")
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for length in {*range(0, len(whole), 17), first - 1, first, first + 1, len(whole) - 1}:
        path.write_bytes(whole[:length])
        kept = read_journal(folder)
        assert [*kept.played] == ([FIRST.key] if length >= first else [])
        what = "this line was cut off; its trial counts as not played"
        assert kept.notes == (() if length in {0, first} else (f"{path}:{1 + (length > first)}: {what}",))


def test_a_damaged_line_is_left_out_and_those_after_it_are_read(folder: Path) -> None:
    write(folder, (FIRST, trial(FIRST)), (SECOND, trial(SECOND)))
    (path,) = (folder / "journal").glob("*.jsonl")
    path.write_bytes(path.read_bytes().replace(b"About a", b"About A"))
    kept = read_journal(folder)
    assert [*kept.played] == [SECOND.key]
    assert kept.notes == (f"{path}:1: this line is damaged; its trial counts as not played",)


@pytest.mark.parametrize(
    ("written", "counts"),
    [
        ([Status.FAIL, Status.PASS], Status.FAIL),  # nothing is played until it is green
        ([Status.PASS, Status.FAIL], Status.PASS),
        ([Status.ERROR, Status.FAIL], Status.FAIL),
        ([Status.FAIL, Status.ERROR], Status.FAIL),
        ([Status.ERROR, Status.ERROR], Status.ERROR),
    ],
)
def test_the_first_verdict_counts(folder: Path, written: list[Status], counts: Status) -> None:
    for status in written:
        write(folder, (FIRST, trial(FIRST, status)))
    assert statuses(read_journal(folder)) == {FIRST.key: counts}


def test_every_writer_has_a_file_of_its_own_and_none_where_it_writes_nothing(folder: Path) -> None:
    write(folder)
    write(folder, (FIRST, trial(FIRST)), name="worker-1")
    write(folder, (SECOND, trial(SECOND)), name="worker-1")
    names = sorted(path.name for path in (folder / "journal").glob("*.jsonl"))
    assert names == ["00001-worker-1.jsonl", "00002-worker-1.jsonl"]


def test_one_process_at_a_time_plays_a_run(folder: Path) -> None:
    with opened_journal(folder), pytest.raises(JournalError, match="another process plays this run; wait for it"):
        opened_journal(folder).__enter__()
    with opened_journal(folder) as journal:
        assert journal.kept == Kept(played={})


def test_a_run_keeps_what_it_was_asked(folder: Path) -> None:
    assert asked_of(folder) == HEADER


def test_a_folder_is_taken_once(folder: Path) -> None:
    with pytest.raises(JournalError, match="a run is kept here already; go on with it by --resume"):
        begin_run(folder, HEADER)


def test_where_no_run_is_kept_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="no run is kept here; check the path"):
        opened_journal(tmp_path).__enter__()
    with pytest.raises(JournalError, match="cannot be read"):
        asked_of(tmp_path)
    (tmp_path / "run.json").write_text("[]")
    with pytest.raises(JournalError, match="no run is kept here"):
        asked_of(tmp_path)


def test_where_nothing_can_be_written_that_is_said(folder: Path) -> None:
    (folder / "journal").rename(folder / "elsewhere")
    with pytest.raises(JournalError, match="make room there, then go on with --resume"):
        write(folder, (FIRST, trial(FIRST)))

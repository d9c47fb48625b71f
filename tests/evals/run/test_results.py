"""The results file is read as it was written, as a stream, and says what is wrong with it."""

import errno
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from casino.document import dump_json
from evals.run.results import (
    End,
    ResultsError,
    header_from,
    is_complete,
    line_of,
    read_end,
    read_header,
    read_trials,
    unend,
    write_results,
)
from evals.trial import Status, Trial
from tests.evals.run.players import HEADER, STARTED, items, trial

FIRST, SECOND = items("a", "b")
TRIALS = (trial(FIRST, cost="0.10"), trial(SECOND, Status.FAIL))
END = End(counts={Status.PASS: 1, Status.FAIL: 1}, ended=STARTED)


def written(path: Path, trials: Sequence[Trial] = TRIALS, end: End | None = END) -> Path:
    write_results(path, HEADER, (dump_json(one.document()).encode() for one in trials), lambda: end)
    return path


def test_the_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = written(tmp_path / "results.jsonl")
    assert read_header(path) == HEADER
    assert tuple(read_trials(path)) == TRIALS
    assert (read_end(path), is_complete(path)) == (END, True)
    assert [*tmp_path.iterdir()] == [path]


def test_a_header_says_what_was_chosen() -> None:
    head = replace(HEADER, filters=("tag:bonus", "!x"), plan="5e")
    assert header_from(head.document()) == head


def test_a_header_of_an_earlier_version_is_read() -> None:
    older = {name: value for name, value in HEADER.document().items() if name not in {"filters", "plan"}}
    assert header_from(older) == HEADER
    with pytest.raises(ValueError, match="`filters` is no list"):
        header_from({**older, "filters": "tag:x"})


def test_the_last_line_counts_every_status(tmp_path: Path) -> None:
    last = written(tmp_path / "results.jsonl").read_text("utf-8").splitlines()[-1]
    assert last == (
        '{"schema": "end/1", "counts": {"pass": 1, "fail": 1, "stale": 0, "error": 0, "not_run": 0}, '
        f'"ended": "{STARTED}"}}'
    )


def test_a_run_without_an_end_is_incomplete(tmp_path: Path) -> None:
    path = written(tmp_path / "results.jsonl", end=None)
    assert (is_complete(path), tuple(read_trials(path))) == (False, TRIALS)


def test_wherever_a_file_is_cut_off_the_trials_before_it_are_read(tmp_path: Path) -> None:
    whole = written(tmp_path / "results.jsonl").read_bytes()
    cut = tmp_path / "cut.jsonl"
    ends = [place for place, byte in enumerate(whole) if byte == ord("\n")]
    for length in {*range(ends[0] + 1, len(whole), 17), *ends, *(end + 1 for end in ends[:-1])}:
        cut.write_bytes(whole[:length])
        notes: list[str] = []
        read = tuple(read_trials(cut, on_note=notes.append))
        lines = sum(length >= end for end in ends)  # a line may lack nothing but its newline
        assert read == TRIALS[: lines - 1]
        torn = whole[:length].rpartition(b"\n")[2] != b"" and length not in ends
        assert notes == ([f"{cut}:{lines + 1}: the last line is cut off; it was left out"] if torn else [])
        assert is_complete(cut) is (length == len(whole) - 1)


def test_the_trials_are_a_stream(tmp_path: Path) -> None:
    path = written(tmp_path / "results.jsonl")
    trials = read_trials(path)
    assert isinstance(trials, Iterator)
    assert next(trials) == TRIALS[0]
    trials.close()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  # a generator: its file is closed


def test_a_writer_that_breaks_off_leaves_the_former_results(tmp_path: Path) -> None:
    path = written(tmp_path / "results.jsonl")

    def broken_off() -> Iterator[bytes]:
        yield b"{}"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ResultsError, match=r"cannot be written \(No space left on device\); make room there"):
        write_results(path, HEADER, broken_off(), lambda: None)
    assert tuple(read_trials(path)) == TRIALS


TRIAL_LINE = dump_json(TRIALS[0].document()).encode() + b"\n"
HEADER_LINE, END_LINE = line_of(HEADER.document()), line_of(END.document())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ":1: no header of a run stands here (Expecting value: line 1 column 1 (char 0)); give the results of"),
        (b'{"schema": "run/2"}\n', ':1: no header of a run stands here (the schema is "run/2"; "run/1" is expected)'),
        (TRIAL_LINE, ':1: no header of a run stands here (the schema is "trial/1"; "run/1" is expected)'),
        (b'{"schema": "run/1"}\n', ":1: no header of a run stands here (`level` is missing)"),
        (b"[]\n", ":1: no header of a run stands here (this line is no object)"),
        (HEADER_LINE + b"{}\n", ":2: this line is no result of a ticket ('schema'); play the run again"),
        (HEADER_LINE + b'{"a": NaN}\n', ":2: NaN is not a finite number; play the run again"),
        (HEADER_LINE + TRIAL_LINE + END_LINE, ":end: 1 pass, 1 fail are counted, 1 pass stand there; play the run"),
        (HEADER_LINE + END_LINE + TRIAL_LINE, ":3: a line stands after the end; keep each run in a file of its own"),
        (HEADER_LINE + b'{"schema": "end/1"}\n', ":2: `counts` is missing; play the run again"),
    ],
)
def test_what_cannot_be_read_says_where_and_what(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "results.jsonl"
    path.write_bytes(content)
    with pytest.raises(ResultsError) as caught:
        list(read_trials(path))
    assert str(caught.value).startswith(f"{path}{message}")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        ResultsError, match=r"none\.jsonl: cannot be read \(No such file or directory\); check the path"
    ):
        is_complete(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": "red"}, "`colour` is not known"),
        ({"started": "2026-11-20T12:00:00"}, "has no zone"),
        ({"level": "L9"}, "'L9' is not a valid Level"),
        ({"versions": []}, "`versions` is no object"),
    ],
)
def test_a_header_with_something_wrong_is_refused(change: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        header_from({**HEADER.document(), **change})


def test_results_that_are_gone_on_with_have_no_end_any_more(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    unend(path)
    assert not path.exists()
    unended, before = written(path, end=None).read_bytes(), [*read_trials(written(path))]
    assert is_complete(path)
    unend(path)
    assert (path.read_bytes(), is_complete(path), [*read_trials(path)]) == (unended, False, before)
    unend(path)
    assert path.read_bytes() == unended

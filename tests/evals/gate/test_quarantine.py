"""A quarantine needs an owner, a reason and a last day that has not passed."""

from datetime import date
from pathlib import Path

import pytest

from casino.document import dump_json
from evals.gate.quarantine import read_quarantine
from evals.gate.sample import GateError
from evals.gate.verdict import Held

TODAY = date(2026, 11, 20)
WHOLE = (
    "schema: quarantine/1\ntickets:\n  - {ticket: slow, owner: Ana, reason: the model is slow, expires: 2026-11-20}\n"
)

ENTRY = {"ticket": "slow", "owner": "Ana", "reason": "the model is slow", "expires": "2026-11-20"}


def read(folder: Path, text: str) -> dict[str, Held]:
    path = folder / "quarantine.yaml"
    path.write_text(text, "utf-8")
    return dict(read_quarantine(path, today=TODAY))


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        dump_json({"schema": "quarantine/1", "tickets": [ENTRY]}),
    ],
)
def test_a_quarantine_holds_to_its_last_day(tmp_path: Path, text: str) -> None:
    held = Held(owner="Ana", reason="the model is slow", expires=TODAY)
    assert read(tmp_path, text) == {"slow": held}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            WHOLE.replace("11-20", "11-19"),
            ":3:59: the quarantine of `slow` ended on 2026-11-19 (Ana: the model is slow)",
        ),
        (WHOLE.replace("owner: Ana, ", ""), "owner"),
        (WHOLE.replace("Ana", '""'), "owner"),
        (WHOLE.replace("reason: the model is slow", 'reason: "  "'), "reason"),
        (WHOLE.replace("2026-11-20", "soon"), ':3:59: "soon" is no day. Write one such as 2026-12-31.'),
        (WHOLE + WHOLE.splitlines()[2] + "\n", ":4:6: `slow` stands here twice. Keep one entry."),
        (WHOLE.replace("owner", "owners"), "owners"),
        (WHOLE.replace("quarantine/1", "quarantine/2"), "schema"),
        ("- slow", "must be a mapping"),
        ("{", ":"),
    ],
)
def test_a_quarantine_that_is_not_whole_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(GateError) as refused:
        read(tmp_path, text)
    assert str(refused.value).startswith(f"{tmp_path / 'quarantine.yaml'}:")
    assert why in str(refused.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(GateError, match=r"none\.yaml: cannot be read \(No such file or directory\); check the path"):
        read_quarantine(tmp_path / "none.yaml", today=TODAY)


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "q.yaml").write_bytes(b"\xff")
    with pytest.raises(GateError, match="not UTF-8 text"):
        read_quarantine(tmp_path / "q.yaml", today=TODAY)

"""`croupier eval import`: a live ticket becomes a ticket file, and nobody can be found in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

TICKETS = Path(__file__).parents[3] / "evals" / "tickets"
PERSONAL = ("anna", "keller", "P1001", "1990-04-12", "12 April 1990")
Exported = Callable[..., Path]


@pytest.fixture
def exported(croupier: Callable[..., Result], data: Path, tmp_path: Path) -> Exported:
    """Play a ticket at a real back office and store, and export it; `**changed` are fields of the ticket file."""

    def export(**changed: Any) -> Path:  # noqa: ANN401  # JSON
        ticket = json.loads((TICKETS / "demo" / "1-issued.json").read_text("utf-8"))
        played = tmp_path / "played.json"
        played.write_text(json.dumps({**ticket, **changed, "expect": None}), "utf-8")
        assert croupier("run", played).exit_code == 0
        (place,) = data.iterdir()
        listed = json.loads(croupier("tickets", "list", "--data", place, "--json").stdout)
        (ticket_id,) = [one["ticket"] for one in listed["tickets"]]
        file = tmp_path / "export.json"
        file.write_text(croupier("tickets", "show", ticket_id, "--data", place, "--json").stdout, "utf-8")
        return file

    return export


def test_a_live_ticket_is_imported_without_anybody_in_it_and_passes(
    croupier: Callable[..., Result], exported: Exported, tmp_path: Path
) -> None:
    out = tmp_path / "imported"
    found = croupier("eval", "import", "--from", exported(), "--out", out, "--redact")
    (file,) = out.iterdir()
    assert (found.exit_code, found.stdout) == (0, f"{file}: recorded, and plays as it really went\n")
    text = file.read_text("utf-8")
    assert [word for word in PERSONAL if word.casefold() in text.casefold()] == []
    ticket = json.loads(text)
    assert ticket["source"]["redaction"] == {
        "version": "1",
        "counts": {"email": 1, "date_of_birth": 1, "player": 1, "name": 2},
    }
    assert ticket["expect"]["outcome"] == "issued"
    again = croupier("eval", "run", out)
    assert (again.exit_code, again.stdout.splitlines()[-1]) == (0, "1 passed, 0 failed")


def test_evidence_is_imported_into_a_pack(
    croupier: Callable[..., Result], exported: Exported, data: Path, tmp_path: Path
) -> None:
    ticket = json.loads(exported().read_text("utf-8"))["ticket"]
    (place,) = data.iterdir()
    evidence, pack = tmp_path / "evidence.json", tmp_path / "own.jsonl"
    gate = tmp_path / "gate.yaml"
    gate.write_text("people: {ben: [administrator]}\n")
    asked = ("audit", "evidence", "--ticket", ticket, "--out", evidence, "--data", place)
    assert croupier(*asked, CROUPIER_GATE=str(gate), CROUPIER_USER="ben").exit_code == 0
    found = croupier("eval", "import", "--from", evidence, "--out", pack, "--redact", "--json")
    assert found.exit_code == 0
    told = json.loads(found.stdout)
    assert told["tickets"] == [
        {
            "from": f"{evidence}: /tickets/0",
            "file": f"{pack}:1",
            "status": "recorded",
            "why": [],
            "not_on_record": [],
        }
    ]
    assert told["redacted"] == {"email": 1, "date_of_birth": 1, "player": 1, "name": 2}
    assert croupier("eval", "run", pack).exit_code == 0


def test_what_is_personal_is_refused_with_its_place_and_never_shown(
    croupier: Callable[..., Result], exported: Exported, tmp_path: Path
) -> None:
    export, out = (
        exported(says=["I am Anna, mail anna@keller.de", "IBAN DE89 3704 0044 0532 0130 00"]),
        tmp_path / "out",
    )
    found = croupier("eval", "import", "--from", export, "--out", out)
    assert (found.exit_code, out.exists()) == (3, False)
    assert found.stdout.startswith(f"{export}: not imported: /says/0: an e-mail address (and at ")
    assert found.stdout.endswith("import it with --redact, or keep it with --keep-personal\n")
    assert "keller.de" not in found.output
    kept = croupier("eval", "import", "--from", export, "--out", out, "--keep-personal")
    assert kept.exit_code == 0
    assert "anna@keller.de" in next(out.iterdir()).read_text("utf-8")
    redacted = croupier("eval", "import", "--from", export, "--out", tmp_path / "clean", "--redact", "--name", "Anna")
    assert redacted.exit_code == 0
    assert json.loads(next((tmp_path / "clean").iterdir()).read_text("utf-8"))["says"] == [
        "I am NameA, mail person-a@redacted.example",
        "IBAN [iban a]",
    ]


def test_addresses_of_the_house_stay(croupier: Callable[..., Result], exported: Exported, tmp_path: Path) -> None:
    export, out = exported(says=["You are support@kellermann.de", "Right?"]), tmp_path / "out"
    asked = ("eval", "import", "--from", export, "--redact")
    assert croupier(*asked, "--out", out, "--ours", "kellermann.de").exit_code == 0
    assert "support@kellermann.de" in next(out.iterdir()).read_text("utf-8")


def test_what_has_an_alias_and_is_left_is_refused(
    croupier: Callable[..., Result], exported: Exported, tmp_path: Path
) -> None:
    hidden = exported(says=["my name is Kellermann", "xkellermannx"])
    found = croupier("eval", "import", "--from", hidden, "--out", tmp_path / "none", "--redact")
    assert (found.exit_code, (tmp_path / "none").exists()) == (3, False)
    assert "/says/1: a name" in found.stdout
    assert "kellermann" not in found.output.casefold()


def test_a_ticket_that_does_not_play_as_it_went_has_no_recording(
    croupier: Callable[..., Result], exported: Exported, tmp_path: Path
) -> None:
    export = exported()
    told = json.loads(export.read_text("utf-8"))
    (minted,) = [one for one in told["entries"] if one["kind"] == "tool_result" and "qualified" in one["body"]["data"]]
    minted["body"]["data"]["templateName"] = "VIP_90"
    export.write_text(json.dumps(told), "utf-8")
    found = croupier("eval", "import", "--from", export, "--out", tmp_path / "out", "--redact")
    (file,) = (tmp_path / "out").iterdir()
    where = "results/qualify_for_bonus/data/templateName"
    assert (found.exit_code, found.stdout) == (
        1,
        f"{file}: without a recording, since its replay is not what really happened: {where}: tool result\n",
    )
    assert "recording" not in json.loads(file.read_text("utf-8"))


def test_a_ticket_that_stands_there_twice_is_imported_once(
    croupier: Callable[..., Result], exported: Exported, tmp_path: Path
) -> None:
    export, lines = exported(), tmp_path / "two.jsonl"
    one = json.dumps(json.loads(export.read_text("utf-8")))
    lines.write_text(f"{one}\n{one}\n", "utf-8")
    found = croupier("eval", "import", "--from", lines, "--out", tmp_path / "out", "--redact")
    assert (found.exit_code, found.stdout.splitlines()[1]) == (
        3,
        f"{lines}:2: not imported: it stands in the export twice",
    )


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (("--redact", "--keep-personal"), 2, "--redact replaces what --keep-personal keeps; give one of them"),
        (("--name", "Anna"), 2, "--name says what --redact replaces; give both"),
        ((), 3, "cannot be read (No such file or directory); check the path"),
    ],
)
def test_what_cannot_be_done_is_said(
    croupier: Callable[..., Result],
    one_message: Callable[[Result], str],
    tmp_path: Path,
    options: tuple[str, ...],
    code: int,
    why: str,
) -> None:
    found = croupier("eval", "import", "--from", tmp_path / "none.json", "--out", tmp_path / "out", *options)
    assert (found.exit_code, one_message(found).endswith(why)) == (code, True)

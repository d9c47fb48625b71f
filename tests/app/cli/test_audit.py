"""`croupier audit`: verify, export, sign, answer for a person and forget them, as an operator types it."""

import asyncio
import hashlib
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.tools.audit.logs import NOON
from tests.tools.audit.stores import fill, meddle, opened
from tools.audit.files import read_heads
from tools.record import Kind

Croupier = Callable[..., Result]
GATE = """
modes: {}
approvals: []
people: {ben: [administrator], anna: [approver], vic: [viewer]}
"""


@pytest.fixture
def store(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with two tickets, and people who may look at it."""
    data.mkdir()
    (tmp_path / "gate.yaml").write_text(GATE)
    monkeypatch.setenv("CROUPIER_GATE", str(tmp_path / "gate.yaml"))
    monkeypatch.setenv("CROUPIER_USER", "ben")

    async def made() -> None:
        async with opened(data / "croupier.sqlite") as stores:
            await fill(stores)

    asyncio.run(made())
    return data / "croupier.sqlite"


@pytest.fixture
def key(croupier: Croupier, tmp_path: Path) -> Path:
    made = croupier("audit", "key", tmp_path / "audit.pem")
    told = f"{tmp_path / 'audit.pem'}: the private key; {tmp_path / 'audit.pem.pub'}: the public one"
    assert (made.exit_code, made.stdout) == (0, f"{told}, for whoever verifies\n")
    return tmp_path / "audit.pem"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder where nothing lies."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")


def write_more(store: Path) -> None:
    async def more() -> None:
        async with opened(store) as stores:
            await stores.append("t2", Kind.PLAYER_MESSAGE, {"text": "Hello?"}, at=NOON)

    asyncio.run(more())


def test_a_store_that_holds_is_told_with_what_could_not_be_seen(croupier: Croupier, store: Path) -> None:
    told = croupier("audit", "verify")
    assert (told.exit_code, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[0].startswith("12 lines of 2 tickets; the newest is 12, ")
    assert lines[1:3] == ["The log holds.", "Effects, decisions and approvals are what it says of them."]
    assert lines[3].startswith("Not seen: No signed head was given.")
    document = json.loads(croupier("audit", "verify", "--json", "--data", store.parent).stdout)
    assert (document["schema_version"], document["holds"], document["books"]) == (1, True, [])
    assert (document["log"]["lines"], document["log"]["last"]["id"]) == (12, 12)


def test_what_was_changed_is_told_with_its_place_and_exit_code_1(croupier: Croupier, store: Path) -> None:
    meddle(store, "UPDATE record SET once = 'x' WHERE id = 4", "UPDATE effects SET state = 'failed'")
    told = croupier("audit", "verify")
    assert told.exit_code == 1
    assert "\nline 4: it was changed: its hash is " in told.stdout
    assert '\neffect issue:d1: it is "failed" in its table, and "done" by the log [books]\n' in told.stdout
    assert "The log holds." not in told.stdout
    document = json.loads(croupier("audit", "verify", "--json").stdout)
    assert document["holds"] is False
    assert [one["check"] for one in document["log"]["findings"]] == ["hash"]
    assert [one["place"] for one in document["books"]] == ["effect issue:d1", "effect send:t2"]


def test_an_export_is_verified_without_a_store(
    croupier: Croupier, store: Path, key: Path, tmp_path: Path, one_message: Callable[[Result], str]
) -> None:
    out, heads, public = tmp_path / "log.jsonl", tmp_path / "heads.jsonl", f"{key}.pub"
    written = croupier("audit", "export", "--out", out)
    assert (written.exit_code, written.stdout, written.stderr) == (0, "", f"12 lines written to {out}\n")
    assert croupier("audit", "export").stdout == out.read_text()
    assert croupier("audit", "head", "--key", key, "--out", heads).stderr == f"line 12 signed, {heads}\n"
    store.unlink()
    told = croupier("audit", "verify", out, "--heads", heads, "--key", public)
    assert (told.exit_code, told.stdout.splitlines()[1:]) == (0, ["The log holds."])
    document = json.loads(croupier("audit", "verify", out, "--heads", heads, "--key", public, "--json").stdout)
    assert (document["holds"], document["books"], document["log"]["not_seen"]) == (True, None, [])
    lines = out.read_text().splitlines(keepends=True)
    out.write_text("".join(lines[:-1]))
    cut = croupier("audit", "verify", out, "--heads", heads, "--key", public)
    assert (cut.exit_code, cut.stdout.splitlines()[1]) == (
        1,
        "line 11: the log ends here, cut off: the head of line 12 was signed, so 1 or more lines are gone [cut]",
    )
    assert croupier("audit", "verify", out).exit_code == 0
    out.write_text("".join(lines)[:-20])
    broken = croupier("audit", "verify", out)
    assert broken.exit_code == 3
    assert "the export is cut off in the middle of this line" in one_message(broken)


def test_a_part_of_the_log_is_exported_and_verified_against_the_head_before_it(
    croupier: Croupier, store: Path, key: Path, tmp_path: Path
) -> None:
    out, heads = tmp_path / "log.jsonl", tmp_path / "heads.jsonl"
    assert croupier("audit", "head", "--key", key, "--out", heads).exit_code == 0
    write_more(store)
    told = json.loads(croupier("audit", "export", "--after", "12", "--out", out, "--json").stdout)
    assert told == {"schema_version": 1, "file": str(out), "after": 12, "lines": 1}
    document = json.loads(croupier("audit", "verify", out, "--after", "12", "--heads", heads, "--json").stdout)
    assert (document["holds"], document["log"]["lines"]) == (True, 1)
    assert croupier("audit", "verify", out).exit_code == 1


def test_heads_are_signed_on_a_schedule_and_only_where_something_is_new(
    croupier: Croupier, store: Path, key: Path, tmp_path: Path
) -> None:
    heads = tmp_path / "heads.jsonl"
    words = ("audit", "head", "--out", heads, "--every", "0.01", "--times", "3")
    told = croupier(*words, CROUPIER_AUDIT_KEY=str(key))
    nothing = "nothing new is on the log"
    assert (told.exit_code, told.stderr.splitlines()) == (0, [f"line 12 signed, {heads}", nothing, nothing])
    write_more(store)
    assert croupier(*words, "--key", key).stderr.splitlines() == [f"line 13 signed, {heads}", nothing, nothing]
    assert [head.id for head in read_heads(heads)] == [12, 13]
    alone = json.loads(croupier("audit", "head", "--key", key).stdout)
    assert (alone["id"], alone["key"]) == (13, read_heads(heads)[0].key)


def test_a_log_that_does_not_hold_is_not_signed(croupier: Croupier, store: Path, key: Path, tmp_path: Path) -> None:
    heads = tmp_path / "heads.jsonl"
    meddle(store, "DELETE FROM record WHERE id = 5")
    told = croupier("audit", "head", "--key", key, "--out", heads)
    assert (told.exit_code, told.stderr) == (1, "This log does not hold, and was not signed.\n")
    assert "line 6: line 5 should stand here" in told.stdout
    assert heads.read_text() == ""


def test_evidence_is_one_file_that_only_its_owner_reads(
    croupier: Croupier, store: Path, key: Path, tmp_path: Path
) -> None:
    out = tmp_path / "evidence.json"
    told = croupier("audit", "evidence", "--player", "p1", "--out", out, "--key", key)
    sha256 = hashlib.sha256(out.read_bytes()).hexdigest()
    assert (told.exit_code, told.stdout, told.stderr) == (0, f"{out}: t1\nsha256 {sha256}\n", "")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    document = json.loads(out.read_text())
    assert (document["about"], document["made_by"], document["head"]["id"]) == ({"player": "p1"}, "ben", 12)
    other = json.loads(croupier("audit", "evidence", "--ticket", "t2", "--out", out, "--json").stdout)
    assert (other["tickets"], json.loads(out.read_text())["head"]) == (["t2"], None)
    assert store.exists()


def test_erasing_a_player_says_what_went_and_what_stays(croupier: Croupier, store: Path, tmp_path: Path) -> None:
    words = ("audit", "erase", "--player", "p1", "--reason", "asked for it")
    told = croupier(*words)
    assert (told.exit_code, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[0] == "1 of 1 tickets erased: t1"
    assert [line.partition(":")[0] for line in lines[1:]] == ["Kept"] * 3
    again = json.loads(croupier(*words, "--json").stdout)
    assert (again["player"], again["tickets"], again["erased"], len(again["kept"])) == ("p1", ["t1"], 0, 3)
    assert croupier("audit", "verify").exit_code == 0
    assert croupier("audit", "evidence", "--ticket", "t1", "--out", tmp_path / "e.json").exit_code == 0
    assert "Anna" not in (tmp_path / "e.json").read_text()
    assert b"Anna" not in store.read_bytes()


DENIED = [
    (["verify"], "eve", '"eve" has no role'),
    (["export"], "vic", '"vic" is viewer, and may not export audit'),
    (["head"], "vic", '"vic" is viewer, and may not export audit'),
    (["evidence", "--ticket", "t1", "--out", "e.json"], "vic", '"vic" is viewer, and may not export audit'),
    (["erase", "--player", "p1", "--reason", "x"], "anna", '"anna" is approver, and may not erase'),
    (["erase", "--player", "p1", "--reason", "x"], "", "nobody is named who does this"),
    (["erase", "--player", "p1", "--reason", "x"], "croupier", '"croupier" is the desk itself and never erases; name'),
    (["export"], "croupier", '"croupier" is the desk itself and never exports audit; name'),
]


@pytest.mark.parametrize(("words", "user", "why"), DENIED)
@pytest.mark.usefixtures("store")
def test_who_may_not_is_told_and_nothing_happens(
    croupier: Croupier, one_message: Callable[[Result], str], words: list[str], user: str, why: str
) -> None:
    told = croupier("audit", *words, CROUPIER_USER=user)
    assert told.exit_code == 5
    assert one_message(told).startswith(why)
    assert croupier("audit", "verify").exit_code == 0


REFUSED = [
    (["verify", "none.jsonl"], 3, "none.jsonl: the export cannot be read (No such file or directory)"),
    (["verify", "none.jsonl", "--data", "."], 2, "an export is verified without a store"),
    (["verify", "--after", "3"], 2, "--after is for an export that begins there"),
    (["verify", "--heads", "none"], 3, "none: the heads cannot be read (No such file or directory)"),
    (["verify", "--key", "none"], 3, "none: the public key cannot be read (No such file or directory)"),
    (["head"], 2, "a head is signed, and no key is named"),
    (["head", "--key", "none"], 3, "none: the private key cannot be read (No such file or directory)"),
    (["head", "--every", "1"], 2, "--every adds to a file; name it with --out"),
    (["head", "--times", "2"], 2, "--times goes with --every SECONDS"),
    (["key", "no/key.pem"], 3, "no/key.pem: no key can be written there (No such file or directory)"),
    (["export", "--out", "no/log"], 3, "no/log: it cannot be written (No such file or directory)"),
    (["evidence", "--out", "e.json"], 2, "name either --ticket ID or --player ID"),
    (["evidence", "--ticket", "t9", "--out", "e.json"], 2, 'there is no ticket "t9"'),
    (["evidence", "--player", "p9", "--out", "e.json"], 2, 'no ticket is noted as player "p9"\'s'),
    (["evidence", "--ticket", "t1", "--out", "no/e.json"], 3, "no/e.json: it cannot be written"),
    (["erase", "--player", "p9", "--reason", "x"], 2, 'no ticket is noted as player "p9"\'s'),
    (["erase", "--player", "p9", "--reason", "x"], 2, "`croupier tickets list` shows all tickets, and --ticket takes"),
    (["verify", "--data", "empty"], 3, "there is no record here"),
]


@pytest.mark.parametrize(("words", "code", "why"), REFUSED)
@pytest.mark.usefixtures("store", "elsewhere")
def test_what_cannot_be_done_is_one_message(
    croupier: Croupier, one_message: Callable[[Result], str], words: list[str], code: int, why: str
) -> None:
    told = croupier("audit", *words)
    assert (told.exit_code, why in one_message(told)) == (code, True), told.stderr


def test_a_key_is_never_written_over(croupier: Croupier, key: Path, one_message: Callable[[Result], str]) -> None:
    before = key.read_bytes()
    told = croupier("audit", "key", key)
    never = "and a key is never written over; name another file"
    assert (told.exit_code, one_message(told)) == (2, f"{key}: a key is there, {never}")
    assert key.read_bytes() == before
    key.unlink()
    told = croupier("audit", "key", key)
    assert (told.exit_code, one_message(told)) == (2, f"{key}: {key}.pub is there, {never}")
    assert not key.exists()


@pytest.mark.usefixtures("store")
def test_the_one_key_in_place_of_the_other_is_told(
    croupier: Croupier, key: Path, one_message: Callable[[Result], str]
) -> None:
    told = croupier("audit", "head", "--key", f"{key}.pub")
    assert (told.exit_code, one_message(told)) == (3, f"{key}.pub: this is the public key. Name {key}, beside it.")
    told = croupier("audit", "verify", "--key", key)
    assert told.exit_code == 3
    assert one_message(told).startswith(f"{key}: this is the private key, which nobody else should have. Name the ")


@pytest.mark.parametrize("name", ["desk; DROP", 'de"sk', "1desk", "", "d" * 64, "désk", "desk\n"])
def test_a_role_has_a_plain_name(croupier: Croupier, name: str) -> None:
    told = croupier("audit", "role", name)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "is no plain name of a role; write at most 63 letters, digits and underscores" in told.stderr
    written = croupier("audit", "role", "desk_1")
    assert (written.exit_code, "desk_1" in written.stdout.splitlines()[0]) == (0, True)


def test_several_records_are_not_one_log(croupier: Croupier, store: Path, one_message: Callable[[Result], str]) -> None:
    other = store.parent / "run-1"
    other.mkdir()
    (other / store.name).write_bytes(store.read_bytes())
    told = croupier("audit", "verify")
    assert told.exit_code == 2
    listed = one_message(told).removeprefix("there are 2 records, each with a log; name one with --data: ")
    assert sorted(listed.split(", ")) == [str(store.parent), str(other)]
    assert croupier("audit", "verify", "--data", other).exit_code == 0

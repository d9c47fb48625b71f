"""`croupier bonus plan`, `apply` and `export`, run as an author would."""

import json
import os
import pty
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from agent.bonus.store import own_store, read_stored
from tests.app.cli.conftest import HOUSE, Croupier
from tests.app.cli.stored_files import TIERS, WHO, applying, listed, shown, written
from tools.adapters.configuration_store import open_configurations
from tools.bonus_store import Act


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def apply(croupier: Croupier) -> Callable[..., Result]:
    return applying(croupier)


def planned(result: Result) -> dict[str, Any]:
    document = json.loads(result.stdout)
    assert document["schema_version"] == 1
    plan: dict[str, Any] = document["plan"]
    return plan


def test_a_plan_says_what_would_change_and_changes_nothing(croupier: Croupier, own: Path, data: Path) -> None:
    written(own)
    result = croupier("bonus", "plan", own)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "+ vip  created, published: Name of vip, priority 10, all brands, 2 tiers\n"
        "1 created.\nThe store is at revision 0.\n"
    )
    assert not data.exists()
    assert croupier("bonus", "plan", own, "--check").exit_code == 1
    assert planned(croupier("bonus", "plan", own, "--json")) == {
        "revision": 0,
        "empty": False,
        "documents": [{"id": "vip", "kind": "created", "writes": ["published"], "changes": []}],
    }


def test_what_was_applied_leaves_nothing_to_do(croupier: Croupier, own: Path, apply: Callable[..., Result]) -> None:
    written(own)
    assert apply(own).stdout.endswith("1 created.\nApplied; the store is at revision 1.\n")
    again = croupier("bonus", "plan", own, "--check")
    assert (again.exit_code, again.stdout) == (0, "Nothing to do.\nThe store is at revision 1.\n")
    assert apply(own).stdout == "Nothing to do.\n"
    assert json.loads(apply(own, "--json").stdout)["revision"] == 1
    assert len(shown(croupier)["history"]) == 1


def test_a_change_is_told_by_field_condition_and_tier(
    croupier: Croupier, own: Path, apply: Callable[..., Result]
) -> None:
    file = written(own)
    written(own, "gone", priority=5)
    apply(own)
    text = (
        file.read_text()
        .replace("ngr > 0", "ngr > 9")
        .replace("VIP_50", "VIP_60")
        .replace("priority: 10", "priority: 20")
    )
    file.write_text(text.replace(TIERS["default"], ""))
    (own / "gone.yaml").unlink()
    assert croupier("bonus", "plan", own).stdout == (
        "~ vip  changed, published\n"
        "    priority: 10 → 20\n"
        "    qualification: player.ngr > 0 → player.ngr > 9\n"
        "    tier top, reward.templateName: VIP_50 → VIP_60\n"
        "    tier default: - priority 1, always: "
        '{"rewardType": "boosted", "templateName": "HIGH_30", "valuePerSpinDescription": "1 EUR"}\n'
        "1 changed, 1 unchanged.\nThe store is at revision 1.\n"
    )
    pruned = planned(croupier("bonus", "plan", own, "--prune", "--json"))
    assert [(one["id"], one["kind"]) for one in pruned["documents"]] == [("gone", "archived"), ("vip", "changed")]
    apply(own, "--prune")
    assert (listed(croupier), listed(croupier, "--archived")) == (["vip"], ["gone"])


def test_what_is_exported_leaves_nothing_to_do(
    croupier: Croupier, own: Path, tmp_path: Path, apply: Callable[..., Result]
) -> None:
    written(own)
    written(own, "spins", status="draft", priority=5)
    fields = "fields:\n  - {path: player.double, expression: player.ngr * 2, description: Twice}\n"
    (own / "fields.yaml").write_text(fields)
    (own / "vip.yaml").write_text((own / "vip.yaml").read_text().replace("player.ngr > 0", "player.double > 0"))
    apply(own)
    result = croupier("bonus", "export", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"3 files written to {tmp_path / 'out'}; the store is at revision 1.\n"
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["fields.yaml", "spins.yaml", "vip.yaml"]
    assert croupier("bonus", "plan", tmp_path / "out", "--prune", "--check").stdout.startswith("Nothing to do.\n")


def test_an_export_mixes_with_no_other_files_and_writes_over_none_unasked(
    croupier: Croupier, own: Path, tmp_path: Path, apply: Callable[..., Result]
) -> None:
    file = written(own)
    apply(own)
    before = file.read_text()
    refused = croupier("bonus", "export", own)
    assert (refused.exit_code, "give --replace" in refused.stderr, file.read_text()) == (2, True, before)
    assert croupier("bonus", "export", own, "--replace").exit_code == 0
    assert "# a comment" not in file.read_text()
    written(own, "strange", priority=3)
    refused = croupier("bonus", "export", own, "--replace")
    assert (refused.exit_code, '"strange.yaml" lies there and is not in the store' in refused.stderr) == (2, True)
    (tmp_path / "file").write_text("")
    assert croupier("bonus", "export", tmp_path / "file").exit_code == 2
    assert "this cannot be written" in croupier("bonus", "export", tmp_path / "file" / "below").stderr


def test_an_empty_store_has_nothing_to_export_and_nothing_to_list(croupier: Croupier, tmp_path: Path) -> None:
    refused = croupier("bonus", "export", tmp_path / "out")
    assert (refused.exit_code, "nothing to export" in refused.stderr) == (2, True)
    assert croupier("bonus", "list").stdout == "The store holds no configuration.\n"
    assert croupier("bonus", "list", "--archived").stdout == "Nothing is archived.\n"


def test_files_that_cannot_stand_in_the_store_are_refused_at_their_place(
    croupier: Croupier, own: Path, apply: Callable[..., Result], one_message: Callable[[Result], str]
) -> None:
    written(own)
    apply(own)
    tie = written(own.parent / "other", "tie")
    refused = croupier("bonus", "apply", tie, *WHO, "--yes")
    assert refused.exit_code == 3
    assert one_message(refused).startswith(f'{tie}:3:1: the priority 10 is that of "vip" (published) in the store too.')
    croupier("bonus", "archive", "vip", *WHO)
    refused = croupier("bonus", "plan", own)
    assert refused.exit_code == 3
    assert one_message(refused).startswith(f'{own / "vip.yaml"}:1:1: "vip" is archived in the store.')


def test_an_error_in_meaning_is_refused_and_nothing_is_written(croupier: Croupier, own: Path, data: Path) -> None:
    file = written(own)
    file.write_text(file.read_text().replace("player.ngr > 0", "player.ngr > 0\n  - player.ngr < 0"))
    refused = croupier("bonus", "apply", own, *WHO, "--yes")
    assert (refused.exit_code, refused.stdout) == (1, "")
    said = f"Nothing was written, because it could not work:\n{file}:7:5: B101 error: nobody can pass the qualification"
    assert refused.stderr.startswith(said)
    assert croupier("bonus", "check", file).stdout.startswith(said.splitlines()[1])
    assert not data.exists()


def test_of_several_files_none_is_applied_where_one_is_broken(croupier: Croupier, own: Path, data: Path) -> None:
    written(own)
    (own / "zeta.yaml").write_text("id: zeta\nnane: Zeta\npriority: 1\n")
    refused = croupier("bonus", "apply", own, *WHO, "--yes")
    assert (refused.exit_code, "zeta.yaml:2:1: unknown key" in refused.stderr) == (3, True)
    assert not data.exists()


def test_a_field_catalogue_is_a_version_too_and_changes_what_reads_it(
    croupier: Croupier, own: Path, data: Path, apply: Callable[..., Result]
) -> None:
    file, fields = written(own), own / "fields.yaml"
    fields.write_text("fields:\n  - {path: player.double, expression: player.ngr * 2, description: Twice}\n")
    file.write_text(file.read_text().replace("player.ngr > 0", "player.double > 0"))
    apply(own)
    assert apply(file).stdout == "Nothing to do.\n"
    fields.write_text(fields.read_text().replace("* 2", "* 3"))
    told = apply(own).stdout
    assert "~ fields.yaml  changed" in told
    assert "    computed.player.double: player.ngr * 2 → player.ngr * 3\n" in told
    assert [one["fields_version"] for one in shown(croupier)["history"]] == [1, 2]
    assert (
        read_stored(own_store(data)).configurations.configurations[0].computed["player.double"].text == "player.ngr * 3"
    )
    fields.unlink()
    file.write_text(file.read_text().replace("player.double > 0", "player.ngr > 0"))
    assert "- fields.yaml  archived" in apply(own, "--prune").stdout
    assert "fields.yaml" not in croupier("bonus", "plan", own, "--prune").stdout


@pytest.mark.parametrize(
    ("address", "code"), [("sqlite:///{folder}", 3), ("mysql://here/x", 3), ("postgresql://ada:sesame@{closed}/x", 4)]
)
def test_a_store_that_cannot_be_opened_is_one_message(
    *,
    croupier: Croupier,
    own: Path,
    closed_port: str,
    one_message: Callable[[Result], str],
    address: str,
    code: int,
) -> None:
    written(own)
    url = address.format(folder=own, closed=closed_port)
    for words in (("plan", own), ("apply", own, *WHO, "--yes"), ("list",), ("archive", "vip", *WHO)):
        refused = croupier("bonus", *words, "--store", url)
        assert refused.exit_code == code
        assert "sesame" not in one_message(refused)


def test_the_store_may_be_named_in_the_environment(croupier: Croupier, own: Path, tmp_path: Path) -> None:
    written(own)
    url = f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    croupier("bonus", "apply", own, *WHO, "--yes", CROUPIER_BONUS_STORE=url)
    assert listed(croupier) == []
    assert listed(croupier, "--store", url) == ["vip"]


@pytest.mark.parametrize("option", ["--author", "--reason"])
def test_a_change_has_an_author_and_a_reason(croupier: Croupier, own: Path, option: str) -> None:
    written(own)
    words = [" " if word != option and WHO[WHO.index(word) - 1] == option else word for word in WHO]
    refused = croupier("bonus", "apply", own, *words, "--yes")
    assert (refused.exit_code, refused.stderr.startswith(f"{option} is empty")) == (2, True)
    left = [word for word in WHO if word != option and WHO[WHO.index(word) - 1] != option]
    assert f"Missing option '{option}'" in croupier("bonus", "apply", own, *left, "--yes").stderr


def on_a_terminal(*words: str | Path, answer: str, meanwhile: Callable[[], None] = lambda: None) -> tuple[int, str]:
    """Run a command on a terminal of its own, do something once it asks, and answer."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-c", "from app.cli.main import main; main()", "bonus", *words],
        cwd=HOUSE,
        env={**os.environ, "PYTHONPATH": str(HOUSE), "TERM": "dumb"},
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stderr is not None
        asked = os.read(running.stderr.fileno(), 200).decode()
        meanwhile()
        os.write(ours, f"{answer}\n".encode())
        told = running.stderr.read().decode()
        code = running.wait()
    os.close(ours)
    os.close(theirs)
    return code, asked + told


def test_on_a_terminal_a_no_writes_nothing(croupier: Croupier, own: Path) -> None:
    written(own)
    code, told = on_a_terminal("apply", own, *WHO, answer="n")
    assert (code, "Apply this? [y/N]" in told, listed(croupier)) == (130, True, [])


def test_an_apply_that_somebody_else_came_before_is_told_to_plan_again(
    croupier: Croupier, own: Path, data: Path
) -> None:
    written(own)
    first = written(own.parent / "theirs", "first", priority=5)

    def somebody_else() -> None:
        croupier("bonus", "apply", first, *WHO, "--yes")

    code, told = on_a_terminal("apply", own, *WHO, answer="y", meanwhile=somebody_else)
    assert (code, listed(croupier)) == (1, ["first"])
    assert "Nothing was written: somebody else wrote to the store since it was read (revision 0, now 1)." in told
    with open_configurations(own_store(data)) as store:
        assert [one.act for one in store.history("first")] == [Act.APPLIED]


def test_an_apply_that_expects_a_revision_writes_to_no_other(
    croupier: Croupier, own: Path, apply: Callable[..., Result], one_message: Callable[[Result], str]
) -> None:
    file = written(own)
    apply(own, "--expect", "0")
    file.write_text(file.read_text().replace("priority: 10", "priority: 20"))
    refused = croupier("bonus", "apply", own, *WHO, "--yes", "--expect", "0")
    assert (refused.exit_code, len(shown(croupier)["history"])) == (1, 1)
    assert one_message(refused) == (
        "Nothing was written: somebody else wrote to the store since it was read (revision 0, now 1). "
        "Look at the plan again."
    )
    revision = planned(croupier("bonus", "plan", own, "--json"))["revision"]
    assert apply(own, "--expect", str(revision)).stdout.endswith("the store is at revision 2.\n")


def test_what_goes_leaves_as_it_is_when_its_computed_field_changes_or_goes(
    croupier: Croupier, own: Path, apply: Callable[..., Result]
) -> None:
    file, fields = written(own, "gone"), own / "fields.yaml"
    fields.write_text("fields:\n  - {path: player.double, expression: player.ngr * 2, description: Twice}\n")
    file.write_text(file.read_text().replace("player.ngr > 0", "player.double > 0"))
    apply(own)
    before = shown(croupier, "gone")["shown"]
    file.unlink()
    written(own, "vip")
    fields.write_text(fields.read_text().replace("* 2", "* 3"))
    assert "- gone  archived" in croupier("bonus", "plan", own, "--prune").stdout
    fields.unlink()
    assert "- gone  archived" in apply(own, "--prune").stdout
    history = shown(croupier, "gone")["history"]
    assert (history[-1]["hash"], history[-1]["fields_version"]) == (before["hash"], before["fields_version"])
    assert (history[-1]["status"], history[-1]["changes"]) == ("archived", [])


def test_a_file_that_is_archived_takes_out_what_reads_a_field_that_goes(
    croupier: Croupier, own: Path, apply: Callable[..., Result]
) -> None:
    file, fields = written(own), own / "fields.yaml"
    fields.write_text("fields:\n  - {path: player.double, expression: player.ngr * 2, description: Twice}\n")
    file.write_text(file.read_text().replace("player.ngr > 0", "player.double > 0"))
    apply(own)
    fields.write_text(fields.read_text().replace("double", "triple").replace("* 2", "* 3"))
    file.write_text("id: vip\nname: Old\npriority: 10\nstatus: archived\n")
    assert "- vip  archived" in apply(own).stdout
    assert "name: Name of vip" in shown(croupier)["shown"]["text"]


def test_a_store_that_was_changed_by_hand_is_refused(
    croupier: Croupier, own: Path, data: Path, apply: Callable[..., Result], one_message: Callable[[Result], str]
) -> None:
    written(own)
    apply(own)
    store = data / "bonuses.sqlite"
    with closing(sqlite3.connect(store)) as opened, opened:
        change = "UPDATE bonus_versions SET text = replace(text, 'player.ngr > 0', 'player.ngr > -9')"
        opened.execute("DROP TRIGGER bonus_versions_no_update")
        opened.execute(change)
    for words in (("plan", own), ("export", own.parent / "out"), ("check", f"sqlite:///{store}")):
        refused = croupier("bonus", *words)
        assert refused.exit_code == 3
        assert one_message(refused).startswith("store:vip@1: this version does not say what its hash was taken of: ")


def test_an_export_to_a_full_disk_leaves_no_file(
    *,
    croupier: Croupier,
    own: Path,
    tmp_path: Path,
    apply: Callable[..., Result],
    one_message: Callable[[Result], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written(own)
    written(own, "zeta", priority=5)
    apply(own)
    synced: list[int] = []

    def full(file: int) -> None:
        synced.append(file)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    refused = croupier("bonus", "export", tmp_path / "out")
    assert (refused.exit_code, list((tmp_path / "out").iterdir())) == (3, [])
    assert one_message(refused) == f"{tmp_path / 'out' / 'zeta.yaml'}: it cannot be written (No space left on device)."

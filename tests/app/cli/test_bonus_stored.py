"""`croupier bonus list`, `show`, `publish`, `archive` and `restore`, run as an author would."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from agent.bonus.store import own_store, read_stored
from tests.app.cli.conftest import Croupier
from tests.app.cli.stored_files import WHO, applying, listed, shown, written
from tools.adapters.configuration_store import open_configurations
from tools.bonus_store import New, Version


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def apply(croupier: Croupier) -> Callable[..., Result]:
    return applying(croupier)


def test_a_draft_decides_only_once_it_is_published(
    croupier: Croupier, own: Path, data: Path, tmp_path: Path, apply: Callable[..., Result]
) -> None:
    written(own)
    apply(own)
    written(own, status="draft", priority=20)
    apply(own)
    stored = [one.priority for one in read_stored(own_store(data)).configurations.configurations]
    assert stored == [10]
    assert "published (1), draft (2)" in croupier("bonus", "list").stdout
    assert "# a draft stands beside it: --version 2\n" in croupier("bonus", "show", "vip").stdout
    told = croupier("bonus", "export", tmp_path / "out").stderr
    assert '"vip": the draft was written; the published version beside it decides until it is published' in told
    done = croupier("bonus", "publish", "vip", *WHO)
    assert done.stdout == '"vip" is published; the store is at revision 3.\n'
    (live,) = read_stored(own_store(data)).configurations.configurations
    assert live.priority == 20
    assert croupier("bonus", "plan", own).stdout == "Nothing to do.\nThe store is at revision 3.\n"
    again = croupier("bonus", "publish", "vip", *WHO, "--json")
    assert json.loads(again.stdout)["done"] == "published already, with no draft beside it"


def test_what_was_deleted_with_it_comes_back_and_what_was_deleted_before_stays_archived(
    croupier: Croupier, own: Path, data: Path, apply: Callable[..., Result]
) -> None:
    """The seed's rule: "tiers that were individually removed before remain archived"."""
    written(own)
    apply(own)
    written(own, tiers="default")
    apply(own)
    assert croupier("bonus", "archive", "vip", *WHO).exit_code == 0
    assert read_stored(own_store(data)).configurations.configurations == ()
    table = croupier("bonus", "list", "--archived").stdout
    assert ("Name of vip" in table, "spring" in table) == (True, True)
    assert croupier("bonus", "show", "vip").stdout.splitlines()[1] == "# archived: it decides nothing"
    done = croupier("bonus", "restore", "vip", *WHO, "--yes")
    assert done.stdout == '"vip" is restored: published; the store is at revision 4.\n'
    (back,) = read_stored(own_store(data)).configurations.configurations
    assert [tier.name for tier in back.tiers] == ["default"]
    parts = croupier("bonus", "show", "vip", "--archived-parts").stdout
    assert "tier top: priority 2, player.ngr >= 500" in parts
    assert "in version 2" in parts
    whole = shown(croupier)
    assert [one["act"] for one in whole["history"]] == ["applied", "applied", "archived", "restored"]
    assert [(one["where"], one["last_version"], one["gone"]["version"]) for one in whole["archived_parts"]] == [
        ("tier top", 1, 2)
    ]


def test_a_history_says_who_when_why_and_what(croupier: Croupier, own: Path, apply: Callable[..., Result]) -> None:
    written(own)
    apply(own)
    assert "No condition and no tier was taken out" in croupier("bonus", "show", "vip", "--history").stdout
    written(own, priority=20, tiers="default")
    apply(own)
    lines = croupier("bonus", "show", "vip", "--history").stdout.splitlines()
    assert lines[0].startswith("version 2: published, applied 2")
    assert lines[0].endswith(" UTC by Ada: spring")
    assert lines[1] == "    priority: 10 → 20"
    assert "priority: 10" in croupier("bonus", "show", "vip", "--version", "1").stdout
    refused = croupier("bonus", "show", "vip", "--version", "3")
    assert (refused.exit_code, refused.stderr) == (2, '"vip" has the versions 1 to 2, and no 3\n')


def test_both_a_draft_and_what_is_published_come_back(
    croupier: Croupier, own: Path, apply: Callable[..., Result]
) -> None:
    written(own)
    apply(own)
    written(own, status="draft", priority=20)
    apply(own)
    croupier("bonus", "archive", "vip", *WHO)
    done = croupier("bonus", "restore", "vip", *WHO, "--yes", "--json")
    assert json.loads(done.stdout)["done"] == "restored: published and draft"
    whole = shown(croupier)
    assert (whole["live"]["version"], whole["draft"]["version"], whole["archived"]) == (4, 5, None)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("publish", "wip"), 'there is no configuration "wip" in the store. Did you mean "vip"?'),
        (("publish", "gone"), '"gone" is archived. Bring it back with "croupier bonus restore gone"'),
        (("archive", "gone"), '"gone" is archived. Bring it back with "croupier bonus restore gone"'),
        (("restore", "vip"), '"vip" is not archived, so there is nothing to restore'),
        (("restore", "gone"), "Nothing was written: nobody can be asked here. Give --yes to go on unasked."),
    ],
)
def test_what_cannot_be_done_with_an_id_is_said_in_one_line(
    croupier: Croupier,
    own: Path,
    apply: Callable[..., Result],
    one_message: Callable[[Result], str],
    words: tuple[str, str],
    message: str,
) -> None:
    written(own)
    written(own, "gone", status="draft", priority=5)
    apply(own)
    croupier("bonus", "archive", "gone", *WHO)
    refused = croupier("bonus", *words, *WHO)
    assert (refused.exit_code, one_message(refused)) == (2, message)
    assert json.loads(croupier("bonus", "list", "--json").stdout)["revision"] == 2


def test_a_restore_that_would_tie_a_priority_is_refused(
    croupier: Croupier, own: Path, apply: Callable[..., Result], one_message: Callable[[Result], str]
) -> None:
    written(own)
    apply(own)
    croupier("bonus", "archive", "vip", *WHO)
    (own / "vip.yaml").unlink()
    written(own, "other")
    apply(own)
    refused = croupier("bonus", "restore", "vip", *WHO, "--yes")
    assert refused.exit_code == 3
    assert one_message(refused) == (
        'store:vip: the priority 10 is that of "other" (published) in the store too. '
        "A brand has both; choose another number: the higher one is tried first."
    )
    assert listed(croupier, "--archived") == ["vip"]


def test_a_restore_under_another_field_catalogue_is_said_to_mean_something_else(
    croupier: Croupier, own: Path, apply: Callable[..., Result]
) -> None:
    file, fields = written(own), own / "fields.yaml"
    fields.write_text("fields:\n  - {path: player.double, expression: player.ngr * 2, description: Twice}\n")
    file.write_text(file.read_text().replace("player.ngr > 0", "player.double > 0"))
    apply(own)
    croupier("bonus", "archive", "vip", *WHO)
    fields.write_text(fields.read_text().replace("* 2", "* 3"))
    apply(fields)
    told = croupier("bonus", "restore", "vip", *WHO, "--yes").stderr
    assert told.startswith('"vip" will not mean what it meant when it was archived: the field catalogue has changed')
    croupier("bonus", "archive", "vip", *WHO)
    assert croupier("bonus", "restore", "vip", *WHO, "--yes").stderr == ""


def test_a_list_shows_what_can_no_longer_be_read_by_its_id(croupier: Croupier, own: Path, data: Path) -> None:
    written(own)
    croupier("bonus", "apply", own, *WHO, "--yes")
    with open_configurations(own_store(data)) as store:
        old = store.history("vip")[0]
        texts = ["no: [end", "- a list"]
        news = [replace(new_of(old), document=f"id{number}", text=text) for number, text in enumerate(texts)]
        store.write(news, author="Eve", reason="by hand", at=old.at, expected=1)
    document = json.loads(croupier("bonus", "list", "--json").stdout)
    assert [one["name"] for one in document["configurations"]] == ["id0", "id1", "Name of vip"]
    refused = croupier("bonus", "plan", own)
    assert (refused.exit_code, refused.stderr.startswith("store:id0@1:")) == (3, True)


def new_of(version: Version) -> New:
    return New(document=version.document, act=version.act, status=version.status, hash=version.hash, text=version.text)


def test_what_was_changed_by_hand_while_it_was_archived_does_not_come_back(
    croupier: Croupier, own: Path, data: Path, apply: Callable[..., Result], one_message: Callable[[Result], str]
) -> None:
    written(own)
    apply(own)
    croupier("bonus", "archive", "vip", *WHO)
    with closing(sqlite3.connect(data / "bonuses.sqlite")) as opened, opened:
        opened.execute("DROP TRIGGER bonus_versions_no_update")
        opened.execute("UPDATE bonus_versions SET text = replace(text, 'player.ngr > 0', 'player.ngr > -9')")
    refused = croupier("bonus", "restore", "vip", *WHO, "--yes")
    assert (refused.exit_code, listed(croupier)) == (3, [])
    assert one_message(refused).startswith("store:vip@1: this version does not say what its hash was taken of: ")

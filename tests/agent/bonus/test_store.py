"""The configuration store as a desk and an author meet it: what decides, what cannot be read, what is guarded."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.bonus import changes as bonus_changes
from agent.bonus.changes import NotInStore, Prepared, archive, known_head, prepare, publish, restore
from agent.bonus.history import changes_of, dropped_parts, read_past
from agent.bonus.store import (
    Files,
    check_unchanged,
    is_address,
    own_store,
    read_files,
    read_stock,
    read_stored,
    stored_catalogue,
)
from casino.bonus.configuration import ConfigurationStatus
from casino.bonus.law.jurisdictions import NO_PACKS
from casino.loaded import DocumentError
from tools.adapters.configuration_store import open_configurations
from tools.adapters.memory_configurations import MemoryConfigurations
from tools.bonus_store import FIELDS, Act, ConfigurationStore, Head, New, PlanAgain, Snapshot

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
VIP = """id: vip
name: VIP
priority: 10
status: published
brands: [lucky]
effective_from: 2026-11-01T00:00:00Z
effective_until: 2026-12-01T00:00:00Z
qualification: [player.ngr > 0]
tiers:
  - {name: default, priority: 1, reward: {type: premium, templateName: VIP_50, valuePerSpinDescription: 1 EUR}}
"""


def files(folder: Path, text: str = VIP, snapshot: Snapshot | None = None) -> Files:
    file = folder / "vip.yaml"
    file.write_text(text)
    return read_files([file], Snapshot() if snapshot is None else snapshot, prune=False)


def write(store: ConfigurationStore, *news: New, expected: int) -> None:
    store.write(news, author="Ada", reason="spring", at=NOON, expected=expected)


def applied(store: ConfigurationStore, folder: Path, text: str = VIP) -> Prepared:
    snapshot = store.read()
    prepared = prepare(snapshot, files(folder, text, snapshot), prune=False)
    write(store, *prepared.news, expected=prepared.expected)
    return prepared


def broken(version: int) -> New:
    text = f"id: vip\nname: What no engine reads ({version})\nqualification: [never like this]\n"
    return New(document="vip", act=Act.APPLIED, status=ConfigurationStatus.DRAFT, hash="none", text=text)


def test_an_address_is_told_from_a_folder() -> None:
    assert [is_address(text) for text in (own_store(Path("data")), "postgresql://here/x", "postgres:x")] == [True] * 3
    assert [is_address(text) for text in ("sqlite", "procedures/bonus", "C:\\sqlite\\x")] == [False] * 3


def test_a_desk_decides_by_what_is_published_in_its_window_and_for_its_brand(tmp_path: Path) -> None:
    with open_configurations(own_store(tmp_path)) as store:
        applied(store, tmp_path)
        applied(store, tmp_path, VIP.replace("published", "draft").replace("priority: 10", "priority: 20"))
    bonuses = read_stored(own_store(tmp_path))
    assert [(one.id, one.priority) for one in bonuses.configurations.in_force(brand="lucky", now=NOON)] == [("vip", 10)]
    assert bonuses.configurations.in_force(brand="harbour", now=NOON) == ()
    assert bonuses.configurations.in_force(brand="lucky", now=datetime(2026, 12, 1, tzinfo=UTC)) == ()
    assert (bonuses.documents["vip"].name, bonuses.packs.rules == ()) == ("store:vip@1", False)


def test_a_desk_is_not_opened_on_a_store_that_holds_nothing(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="this store holds no configuration") as refused:
        read_stored(own_store(tmp_path))
    assert refused.value.mend == 'Fill it with "croupier bonus apply", or name a folder.'
    assert list(tmp_path.iterdir()) == []


def test_a_version_that_decides_and_cannot_be_read_is_said_with_its_place(tmp_path: Path) -> None:
    store = MemoryConfigurations()
    applied(store, tmp_path)
    write(store, broken(2), expected=1)
    with pytest.raises(DocumentError, match=r"^store:vip@2:"):
        read_stock(store.read())


def test_an_old_version_that_can_no_longer_be_read_changes_and_hides_nothing(tmp_path: Path) -> None:
    store = MemoryConfigurations()
    applied(store, tmp_path)
    write(store, broken(2), expected=1)
    third = replace(store.history("vip")[0], number=3).text.replace("player.ngr > 0", "player.tags contains 'x'")
    new = New(document="vip", act=Act.APPLIED, status=ConfigurationStatus.PUBLISHED, hash="h", text=third)
    write(store, new, expected=2)
    past = read_past(store, "vip")
    assert [one.configuration is None for one in past] == [False, True, False]
    told = changes_of(past)
    assert (told[1], told[2], [(one.before, one.after) for one in told[3]]) == (
        (),
        (),
        [("player.ngr > 0", None), (None, "player.tags contains 'x'")],
    )
    (part,) = dropped_parts(past, store.read().heads["vip"])
    assert (part.text, part.last.number, part.gone.number) == ("player.ngr > 0", 1, 3)


def test_of_two_that_prepared_on_the_same_store_one_has_to_plan_again(tmp_path: Path) -> None:
    store = MemoryConfigurations()
    one = prepare(store.read(), files(tmp_path), prune=False)
    other = prepare(store.read(), files(tmp_path, VIP.replace("VIP\n", "Other\n")), prune=False)
    write(store, *one.news, expected=one.expected)
    with pytest.raises(PlanAgain):
        write(store, *other.news, expected=other.expected)
    assert len(store.history("vip")) == 1


def test_publish_archive_and_restore_only_prepare(tmp_path: Path) -> None:
    store = MemoryConfigurations()
    applied(store, tmp_path, VIP.replace("published", "draft"))
    stock = read_stock(store.read())
    (published,) = publish(stock, "vip", packs=NO_PACKS)
    assert (published.act, published.status) == (Act.PUBLISHED, ConfigurationStatus.PUBLISHED)
    assert "status: published\n" in published.text
    (gone,) = archive(stock, "vip")
    assert (gone.act, gone.status, gone.text) == (
        Act.ARCHIVED,
        ConfigurationStatus.ARCHIVED,
        store.history("vip")[0].text,
    )
    with pytest.raises(NotInStore, match="is not archived"):
        restore(stock, "vip", packs=NO_PACKS)
    assert store.read() == stock.snapshot


def test_an_id_that_was_never_there_is_said_with_the_nearest(tmp_path: Path) -> None:
    store = MemoryConfigurations()
    with pytest.raises(NotInStore, match=r'there is no configuration "vip" in the store. It is empty.'):
        known_head(store.read(), "vip")
    applied(store, tmp_path)
    with pytest.raises(NotInStore, match='Did you mean "vip"'):
        known_head(store.read(), "vip2")


def test_what_would_read_otherwise_than_it_was_written_is_not_stored(tmp_path: Path) -> None:
    bonuses = files(tmp_path).bonuses
    (vip,) = bonuses.configurations.configurations
    bonus_changes.check_reading(VIP, vip, bonuses.catalogue)
    with pytest.raises(RuntimeError, match='"vip" would read otherwise than it was written; nothing was stored'):
        bonus_changes.check_reading(VIP.replace("player.ngr > 0", "player.ngr > 1"), vip, bonuses.catalogue)


def test_a_head_without_a_version_has_no_current_one() -> None:
    with pytest.raises(LookupError, match="no version was ever added"):
        _ = Head().current


def tampered(store: MemoryConfigurations, **changes: str) -> Snapshot:
    """Return the store as it would be read had somebody changed the one version of its configuration by hand."""
    snapshot = store.read()
    head = snapshot.heads["vip"]
    assert head.live is not None
    document, hash_, text = (changes.get(name, getattr(head.live, name)) for name in ("document", "hash", "text"))
    live = replace(head.live, document=document, hash=hash_, text=text)
    return Snapshot(snapshot.revision, {**snapshot.heads, "vip": replace(head, live=live)})


@pytest.mark.parametrize(
    "changes",
    [
        {"text": VIP.replace("player.ngr > 0", "player.ngr > -9")},
        {"text": VIP.replace("published", "archived")},
        {"hash": "0" * 64},
        {"document": "other"},
    ],
)
def test_a_version_that_does_not_say_what_its_hash_was_taken_of_is_refused(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    store = MemoryConfigurations()
    applied(store, tmp_path)
    said = f"^store:{changes.get('document', 'vip')}@1: this version does not say .*: the store was changed by hand"
    with pytest.raises(DocumentError, match=said):
        read_stock(tampered(store, **changes))


def test_a_field_catalogue_that_was_changed_by_hand_is_refused(tmp_path: Path) -> None:
    store = MemoryConfigurations()
    applied(store, tmp_path)
    new = New(document=FIELDS, act=Act.APPLIED, status=ConfigurationStatus.PUBLISHED, hash="other", text="fields: []\n")
    write(store, new, expected=1)
    with pytest.raises(DocumentError, match=r"^store:fields\.yaml@1: .* the store was changed by hand"):
        read_stock(store.read())


def test_what_would_come_back_is_looked_at_under_the_catalogue_of_its_time(tmp_path: Path) -> None:
    store = MemoryConfigurations()
    fields = tmp_path / "fields.yaml"
    fields.write_text("fields:\n  - {path: player.double, expression: player.ngr * 2, description: Twice}\n")
    text = VIP.replace("player.ngr > 0", "player.double > 0")
    applied(store, tmp_path, text)
    write(store, *archive(read_stock(store.read()), "vip"), expected=1)
    fields.write_text(fields.read_text().replace("* 2", "* 3"))
    (tmp_path / "vip.yaml").unlink()
    (tmp_path / "low.yaml").write_text(VIP.replace("id: vip", "id: low"))
    snapshot = store.read()
    write(store, *prepare(snapshot, read_files([tmp_path], snapshot, prune=False), prune=False).news, expected=2)
    head = store.read().heads["vip"]
    check_unchanged(store, head)
    assert head.live is not None
    other = replace(head.live, text=head.live.text.replace("double > 0", "double > 1"))
    with pytest.raises(DocumentError, match=r"^store:vip@1: this version does not say"):
        check_unchanged(store, replace(head, live=other))
    before = read_stock(store.read(), catalogue=stored_catalogue(store.history(FIELDS)[0]))
    assert before.held["low"] == read_stock(store.read()).held["low"]


def test_a_catalogue_of_ones_own_is_read_over_that_of_the_store(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("fields:\n  - {path: player.triple, expression: player.ngr * 3, description: Thrice}\n")
    folder = tmp_path / "bonus"
    folder.mkdir()
    (folder / "fields.yaml").write_text(own.read_text().replace("* 3", "* 2").replace("triple", "double"))
    with open_configurations(own_store(tmp_path)) as store:
        applied(store, folder, VIP.replace("player.ngr > 0", "player.double > 0"))
    for fields in (None, own):
        stored = read_stored(own_store(tmp_path), fields=fields)
        assert stored.configurations.configurations[0].computed["player.double"].text == "player.ngr * 2"
        assert ("player.triple" in stored.catalogue.fields) is (fields is not None)

"""What would change in a store: files against what is held, before anything is written."""

from dataclasses import replace

import pytest

from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus, parse_configuration
from casino.bonus.files.plan import Held, Kind, Plan, Planned, Refused, plan
from casino.bonus.files.version_changes import Change
from casino.document import load_yaml

DRAFT, PUBLISHED, ARCHIVED = ConfigurationStatus.DRAFT, ConfigurationStatus.PUBLISHED, ConfigurationStatus.ARCHIVED


def made(id_: str = "vip", status: str = "published", *, priority: int = 10, more: str = "") -> Configuration:
    text = f"id: {id_}\nname: Name\npriority: {priority}\nstatus: {status}\n{more}"
    return parse_configuration(load_yaml(text, name="test"))


def files(*configurations: Configuration) -> ConfigurationSet:
    return ConfigurationSet(configurations)


def planned(held: Held, *configurations: Configuration, prune: bool = False) -> Planned:
    (item,) = plan({"vip": held}, files(*configurations), prune=prune).items
    return item


def test_what_only_a_file_has_is_created() -> None:
    draft = made(status="draft")
    assert plan({}, files(draft)) == Plan((Planned(id="vip", kind=Kind.CREATED, writes=(draft,)),), (draft,))


def test_what_both_have_alike_is_unchanged_and_the_plan_is_empty() -> None:
    one = made()
    assert plan({"vip": Held(live=one)}, files(one)) == Plan((Planned(id="vip", kind=Kind.UNCHANGED),), (one,))
    assert plan({"vip": Held(live=one)}, files(one)).is_empty


def test_a_published_file_replaces_what_is_published() -> None:
    old, new = made(), made(priority=20)
    assert planned(Held(live=old), new) == Planned(
        id="vip", kind=Kind.CHANGED, changes=(Change("priority", "10", "20"),), writes=(new,)
    )
    assert plan({"vip": Held(live=old)}, files(new)).result == (new,)


def test_a_draft_file_stands_beside_what_is_published() -> None:
    old, new = made(), made(status="draft", priority=20)
    assert planned(Held(live=old), new) == Planned(
        id="vip",
        kind=Kind.CHANGED,
        changes=(
            Change("status", None, "a new draft beside the published version, which stays published"),
            Change("priority", "10", "20"),
        ),
        writes=(new,),
    )
    numbered = planned(Held(live=old, live_version=2), new).changes[0]
    assert numbered.after == "a new draft beside version 2, which stays published"
    assert plan({"vip": Held(live=old)}, files(new)).result == (old, new)


def test_a_draft_file_is_compared_with_the_draft_that_is_there() -> None:
    live, old, new = made(), made(status="draft", priority=20), made(status="draft", priority=30)
    assert planned(Held(live=live, draft=old), new).changes == (Change("priority", "20", "30"),)
    assert planned(Held(live=live, draft=old), old) == Planned(id="vip", kind=Kind.UNCHANGED)


def test_a_draft_file_that_has_been_published_meanwhile_is_unchanged() -> None:
    assert planned(Held(live=made()), made(status="draft")) == Planned(id="vip", kind=Kind.UNCHANGED)


def test_a_published_file_publishes_the_draft_that_says_the_same() -> None:
    draft, file = made(status="draft"), made()
    assert planned(Held(draft=draft), file) == Planned(
        id="vip", kind=Kind.CHANGED, changes=(Change("status", "draft", "published"),), writes=(file,)
    )


def test_a_published_file_drops_the_draft_beside_it() -> None:
    live, draft = made(), made(status="draft", priority=20)
    assert planned(Held(live=live, draft=draft), live) == Planned(
        id="vip",
        kind=Kind.CHANGED,
        changes=(Change("the draft beside the published version", "dropped", None),),
        writes=(live,),
    )


def test_what_no_file_has_stays_unless_it_is_pruned() -> None:
    live, draft = made(), made(status="draft", priority=20)
    gone = replace(draft, status=ARCHIVED)
    held = {"vip": Held(live=live, draft=draft)}
    assert plan(held, files()) == Plan((Planned(id="vip", kind=Kind.UNCHANGED),), (live, draft))
    assert plan(held, files(), prune=True) == Plan((Planned(id="vip", kind=Kind.ARCHIVED, writes=(gone,)),), ())


def test_an_archived_file_takes_its_configuration_out() -> None:
    file, live = made(status="archived"), made()
    assert planned(Held(live=live), file) == Planned(
        id="vip", kind=Kind.ARCHIVED, writes=(replace(live, status=ARCHIVED),)
    )
    assert plan({}, files(file)) == Plan((Planned(id="vip", kind=Kind.UNCHANGED),), ())
    assert planned(Held(archived=True), file) == Planned(id="vip", kind=Kind.UNCHANGED)


def test_what_is_archived_stays_so_when_files_are_pruned() -> None:
    assert planned(Held(archived=True), prune=True) == Planned(id="vip", kind=Kind.UNCHANGED)
    assert planned(Held(archived=True)) == Planned(id="vip", kind=Kind.UNCHANGED)


def test_a_file_with_the_id_of_something_archived_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        plan({"vip": Held(archived=True)}, files(made()))
    assert str(refused.value) == (
        'vip: "vip" is archived in the store. '
        'Bring it back with "croupier bonus restore vip", or give the new one an id of its own.'
    )
    assert (refused.value.configuration, refused.value.key) == ("vip", "id")


@pytest.mark.parametrize(
    "beside", [Held(live=made("spins")), Held(live=made("spins", priority=5), draft=made("spins"))]
)
def test_a_priority_that_the_store_has_given_away_is_refused(beside: Held) -> None:
    with pytest.raises(Refused) as refused:
        plan({"spins": beside}, files(made()))
    assert (refused.value.configuration, refused.value.key) == ("vip", "priority")
    assert refused.value.message == 'the priority 10 is that of "spins" (published) in the store too'


def test_the_file_is_named_whichever_of_the_two_comes_first() -> None:
    with pytest.raises(Refused) as refused:
        plan({"vip": Held(live=made())}, files(made("zeta")))
    assert refused.value.configuration == "zeta"


def test_two_configurations_change_places_in_one_plan() -> None:
    held = {"vip": Held(live=made()), "spins": Held(live=made("spins", priority=20))}
    swapped = plan(held, files(made(priority=20), made("spins")))
    assert [item.changes for item in swapped.items] == [
        (Change("priority", "20", "10"),),
        (Change("priority", "10", "20"),),
    ]


def test_a_priority_is_free_for_another_brand_and_after_an_archived_one() -> None:
    other = made("spins", more="brands: [harbour]")
    here = made(more="brands: [lucky]")
    assert plan({"spins": Held(live=other)}, files(here)).result == (other, here)
    assert plan({"spins": Held(archived=True)}, files(here)).result == (here,)


class _Expression:
    """What the test needs of a computed field: its text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def value(self, facts: object) -> object:
        raise NotImplementedError(facts)


def computed(one: Configuration, text: str) -> Configuration:
    return replace(one, computed={"player.rate": _Expression(text)})


def test_a_computed_field_that_changes_changes_what_reads_it_in_both_versions() -> None:
    live, draft = made(), made(status="draft", priority=20)
    before = Held(live=computed(live, "a / b"), draft=computed(draft, "a / b"))
    after = Held(live=computed(live, "a / b * 100"), draft=computed(draft, "a / b * 100"))
    item = plan({"vip": before}, files(), standing={"vip": after}).items[0]
    assert (item.kind, item.writes) == (Kind.CHANGED, (after.live, after.draft))
    assert item.changes == (
        Change("published, computed.player.rate", "a / b", "a / b * 100"),
        Change("draft, computed.player.rate", "a / b", "a / b * 100"),
    )

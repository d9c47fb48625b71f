from hypothesis import given
from hypothesis import strategies as st

from casino.bonus.snapshot import Snapshot, sources
from casino.facts import UNAVAILABLE, Computed, Facts, Look
from casino.values import Value

paths = st.lists(st.sampled_from("ab"), min_size=1, max_size=4).map(lambda steps: ".".join(["r", *steps]))
LEAVES: tuple[Value, ...] = (None, 1, "x", [1, {"a": 1}])


def _below(leaves: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.dictionaries(st.sampled_from("ab"), leaves, max_size=2).map(lambda found: {**found})


trees = st.recursive(st.sampled_from(LEAVES), _below)


@given(trees, st.lists(paths, max_size=6), st.lists(paths, max_size=2))
def test_a_snapshot_answers_as_its_source_did_or_knows_less(
    tree: Value, looked: list[str], unavailable: list[str]
) -> None:
    facts = Facts.of({"r": tree, "unavailable": unavailable})
    snapshot = Snapshot.of(facts, looked)
    before = snapshot.to_document()
    rebuilt = snapshot.facts()
    answers = [(rebuilt.look(path), facts.look(path)) for path in looked]
    assert [one for one, other in answers if one != other and (not unavailable or one is not UNAVAILABLE)] == []
    assert snapshot.to_document() == before
    assert Snapshot.of(rebuilt, looked) == snapshot


def test_only_some_of_it() -> None:
    facts = Facts.of({"p": {"a": 1, "b": 2}, "unavailable": ["q", "s"]})
    assert Snapshot.of(facts, ("p.a", "p.b", "q.a", "s.a", "t")).only({"p.a", "q.a"}) == Snapshot({"p.a": 1}, ("q.a",))


class Reading:
    """A computed field of which only the reads matter."""

    def __init__(self, *reads: str) -> None:
        self.reads = frozenset(reads)
        self.text = "+".join(sorted(reads))

    def value(self, facts: Facts) -> Look:
        return facts.look(self.text)


def test_a_computed_field_stands_for_what_it_reads() -> None:
    computed: dict[str, Computed] = {"p.x": Reading("p.y", "p.b"), "p.y": Reading("p.c", "p.x")}
    assert sources(("p.a", "p.x", "p.a", "p.d"), computed) == ("p.a", "p.b", "p.c", "p.d")
    assert sources((), computed) == ()


def test_where_a_part_of_a_record_could_not_be_read_its_other_parts_stand() -> None:
    facts = Facts.of({"p": {"win": {"amount": 1, "currency": "EUR"}, "b": 2}, "unavailable": ["p.win.amount"]})
    snapshot = Snapshot.of(facts, ("p.win", "p.win.currency", "p.b"))
    assert snapshot == Snapshot({"p.b": 2, "p.win.currency": "EUR"}, ("p.win.amount",))
    assert Snapshot.of(snapshot.facts(), ("p.win", "p.win.currency", "p.b")) == snapshot

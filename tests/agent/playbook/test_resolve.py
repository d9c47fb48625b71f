import pytest

from agent.playbook.parse import parse_procedure
from agent.playbook.procedure import Conditional, Procedure, Step, Text
from agent.playbook.resolve import Live, Open, for_brand, live_blocks, render, steps
from agent.playbook.vocabulary import Vocabulary
from casino.facts import Facts
from casino.values import Value

VOCABULARY = Vocabulary(
    actions={"look": "Look Up", "give": "Give"},
    contexts={"profile": "Profile"},
    fields={"ngr": "NGR"},
    knowledge={"terms": "Terms"},
    procedures={"other": "Other"},
    humans={"payments": "Payments"},
)
HEAD = "---\nname: Test\ndescription: The player wants a test.\n---\n"
BRANCHED = (
    "1. @Look Up\n\n::: if tools.look.n == 1\n2. @Give one\n::: else if tools.look.n == 2 and player.vip == true\n"
    "2. @Give two\n::: else\nGive nothing.\n:::\n\n3. Say goodbye.\n"
)


def parsed(body: str, *, head: str = HEAD) -> Procedure:
    return parse_procedure(head + body, file="test.md", vocabulary=VOCABULARY)


def facts(*, unavailable: list[str] | None = None, **roots: Value) -> Facts:
    paths: list[Value] = [*(unavailable or [])]
    return Facts.of({**roots, "unavailable": paths})


def shown(procedure: Procedure, known: Facts) -> list[str]:
    return [
        one.block.markdown if isinstance(one, Live) else f"open {one.missing} {one.unavailable}"
        for one in steps(procedure, "any", known)
    ]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (facts(), ["1", "open ('tools.look.n', 'player.vip') ()"]),
        (facts(tools={}), ["1", "open ('tools.look.n', 'player.vip') ()"]),
        (facts(tools={"look": {"n": 1}}), ["1", "one", "bye"]),
        (facts(tools={"look": {"n": 2}}), ["1", "open ('player.vip',) ()"]),
        (facts(tools={"look": {"n": 2}}, player={"vip": True}), ["1", "two", "bye"]),
        (facts(tools={"look": {"n": 2}}, player={"vip": False}), ["1", "nothing", "bye"]),
        (facts(tools={"look": {"n": 3}}), ["1", "nothing", "bye"]),
        (facts(tools={"look": {"n": "1"}}), ["1", "nothing", "bye"]),
        (facts(tools={"look": {"n": None}}), ["1", "nothing", "bye"]),
        (facts(tools={"look": {"other": 1}}), ["1", "nothing", "bye"]),
        (facts(unavailable=["tools.look"]), ["1", "open ('player.vip',) ('tools.look.n',)"]),
        (facts(tools={"look": {"n": 2}}, unavailable=["player"]), ["1", "open () ('player.vip',)"]),
    ],
)
def test_a_branch_is_taken_when_it_is_certain_and_an_outage_is_not_a_no(known: Facts, expected: list[str]) -> None:
    words = {
        "1": "1. @[Look Up](action:look)",
        "one": "2. @[Give](action:give) one",
        "two": "2. @[Give](action:give) two",
        "nothing": "Give nothing.",
        "bye": "3. Say goodbye.",
    }
    assert shown(parsed(BRANCHED), known) == [words.get(one, one) for one in expected]


def test_the_walk_gives_each_step_with_its_mentions_and_ends_at_the_first_open_conditional() -> None:
    procedure = parsed(BRANCHED)
    first, conditional = procedure.blocks[:2]
    assert isinstance(first, Step)
    assert isinstance(conditional, Conditional)
    assert list(steps(procedure, "any", facts())) == [
        Live(first, first.mentions),
        Open(conditional, ("tools.look.n", "player.vip"), ()),
    ]


def test_a_decided_conditional_without_a_branch_that_holds_is_passed_over() -> None:
    procedure = parsed("::: if tools.look.n == 1\nOne.\n:::\n\nAlways.\n")
    assert shown(procedure, facts(tools={"look": {"n": 2}})) == ["Always."]


def test_an_open_conditional_keeps_only_the_branches_that_can_still_hold() -> None:
    procedure = parsed(
        "::: if a.x == 1\nfirst\n::: else if b.y == 1\nsecond\n::: else if a.x == 2\nthird\n::: else\nfourth\n:::\n"
    )
    (conditional,) = live_blocks(procedure.blocks, facts(a={"x": 2}))
    assert isinstance(conditional, Conditional)
    assert [(branch.text, branch.conditions is None) for branch in conditional.branches] == [
        ("b.y == 1", False),
        ("", True),
    ]
    assert render(procedure, "any", facts(a={"x": 2})) == "If b.y == 1:\n  second\nOtherwise:\n  third"


def test_a_never_block_is_walked_without_binding_anything() -> None:
    (never,) = steps(parsed("> [!NEVER]\n> @Give twice\n"), "any", facts())
    assert isinstance(never, Live)
    assert never.mentions == ()


def test_a_model_reads_what_holds_and_open_conditionals_in_words() -> None:
    procedure = parsed(
        "1. Read @Terms, then @Look Up.\n2. See @NGR in @Profile.\n\n::: if tools.look.n == 1\n"
        "3. @Give it.\n::: if player.vip == true\nThank them.\n:::\n"
        "::: else if tools.look.n == 2\n3. #Payments: when?\n"
        "::: else\n3. Go on with @Other.\n:::\n\n> [!NEVER]\n> @Give twice\n\n> [!NEVER]\n> - shout\n> - lie\n"
    )
    assert render(procedure, "any", facts()) == (
        "1. Read article `terms` (Terms), then `look` (Look Up).\n"
        "2. See `ngr` (NGR) in `profile` (Profile).\n\n"
        "If tools.look.n == 1:\n"
        "  3. `give` (Give) it.\n\n"
        "  If player.vip == true:\n"
        "    Thank them.\n"
        "Otherwise, if tools.look.n == 2:\n"
        "  3. team `payments` (Payments): when?\n"
        "Otherwise:\n"
        "  3. Go on with procedure `other` (Other).\n\n"
        "NEVER: `give` (Give) twice\n\n"
        "NEVER:\n- shout\n- lie"
    )
    assert render(procedure, "any", facts(tools={"look": {"n": 1}}, player={"vip": False})) == (
        "1. Read article `terms` (Terms), then `look` (Look Up).\n"
        "2. See `ngr` (NGR) in `profile` (Profile).\n"
        "3. `give` (Give) it.\n\n"
        "NEVER: `give` (Give) twice\n\n"
        "NEVER:\n- shout\n- lie"
    )


def test_a_brand_has_its_own_body_and_settings_and_inherits_the_rest() -> None:
    head = (
        "---\nname: Test\ndescription: The player wants a test.\nactive: false\nmax_turns: 9\ntags: [a]\n"
        "overrides:\n  red:\n    active: true\n    verify_player: true\n    body: |\n      Red: @Look Up.\n"
        "  blue: {max_turns: 2}\n---\n"
    )
    procedure = parsed("Base: @Give.\n", head=head)
    red, blue = for_brand(procedure, "red"), for_brand(procedure, "blue")
    assert (red.active, red.verify_player, red.max_turns, red.tags) == (True, True, 9, ("a",))
    assert [mention.id for mention in red.mentions] == ["look"]
    assert render(procedure, "red", facts()) == "Red: `look` (Look Up)."
    assert (blue.active, blue.max_turns, blue.blocks) == (False, 2, procedure.blocks)
    assert for_brand(red, "red") == red
    assert for_brand(procedure, "green").blocks == procedure.blocks
    assert isinstance(red.blocks[0], Text)

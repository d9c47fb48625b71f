import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.playbook.parse import parse_procedure
from agent.playbook.procedure import (
    Branch,
    Conditional,
    Mention,
    Never,
    Override,
    Place,
    Procedure,
    ProcedureError,
    Step,
    Text,
    walk,
)
from agent.playbook.vocabulary import Vocabulary
from casino.rules.condition import Condition, Operator

VOCABULARY = Vocabulary(
    actions={"look": "Look Up", "give": "Give"}, contexts={"profile": "Profile"}, humans={"payments": "Payments"}
)
HEAD = "---\nname: Test\ndescription: The player wants a test.\n---\n"


def parsed(body: str, *, head: str = HEAD, file: str = "some/folder/a-test.md") -> Procedure:
    return parse_procedure(head + body, file=file, vocabulary=VOCABULARY)


def refused(text: str, *, file: str = "a-test.md") -> list[str]:
    with pytest.raises(ProcedureError) as caught:
        parse_procedure(text, file=file, vocabulary=VOCABULARY)
    assert str(caught.value) == "\n".join(finding.text() for finding in caught.value.findings)
    return str(caught.value).split("\n")


def test_a_short_file_has_the_defaults() -> None:
    text = f"{HEAD}Say hello.\n"
    assert parsed("Say hello.\n") == Procedure(
        id="a-test",
        name="Test",
        description="The player wants a test.",
        blocks=(Text("Say hello.", (), Place(5, 1)),),
        source=text,
        file="some/folder/a-test.md",
    )


def test_every_key_of_the_front_matter_is_read() -> None:
    procedure = parsed(
        "Text.",
        head="\n".join(  # noqa: FLY002  # one key a line
            [
                "---",
                "name: Test",
                "description: >-",
                "  Two",
                "  lines.",
                "utterances: [one, two]",
                "category: bonus",
                "tags: [a, b]",
                "require_player_authentication: true",
                "status: published",
                "active: false",
                "brands: [red, blue]",
                "overrides:",
                "  red: {active: true, max_turns: 3, verify_player: false, tags: [c], triggers: [deposit]}",
                "triggers: [chat, deposit]",
                "max_turns: 12",
                "---",
                "",
            ]
        ),
    )
    assert (procedure.description, procedure.utterances, procedure.category) == ("Two lines.", ("one", "two"), "bonus")
    assert (procedure.tags, procedure.verify_player, procedure.status) == (("a", "b"), True, "published")
    assert (procedure.active, procedure.brands, procedure.max_turns) == (False, ("red", "blue"), 12)
    assert procedure.triggers == ("chat", "deposit")
    assert procedure.overrides == {
        "red": Override(active=True, max_turns=3, verify_player=False, tags=("c",), triggers=("deposit",))
    }


def test_a_body_becomes_steps_branches_and_never_blocks() -> None:
    body = (
        "# Title\n\n1. First @Look Up.\n   - detail\n2. Second\n\n::: if tools.look.n == 3 and player.x != 'y'\n"
        "3. @[Give](action:give)\n::: else if tools.look.n > 3\n::: else\nOnly text\n:::\n\n> [!NEVER]\n> @Give twice\n"
    )
    look = Mention("action", "look", "Look Up", Place(7, 10), canonical=False)
    give = Mention("action", "give", "Give", Place(12, 4), canonical=True)
    forbidden = Mention("action", "give", "Give", Place(19, 3), canonical=False)
    conditions = (Condition("tools.look.n", Operator.EQUAL, 3), Condition("player.x", Operator.NOT_EQUAL, "y"))
    procedure = parsed(body)
    assert procedure.blocks == (
        Text("# Title", (), Place(5, 1)),
        Step("1. First @[Look Up](action:look).\n   - detail", (look,), Place(7, 1), 1),
        Step("2. Second", (), Place(9, 1), 2),
        Conditional(
            (
                Branch(
                    conditions,
                    "tools.look.n == 3 and player.x != 'y'",
                    (Step("3. @[Give](action:give)", (give,), Place(12, 1), 3),),
                    Place(11, 1),
                ),
                Branch((Condition("tools.look.n", Operator.GREATER, 3),), "tools.look.n > 3", (), Place(13, 1)),
                Branch(None, "", (Text("Only text", (), Place(15, 1)),), Place(14, 1)),
            ),
            Place(11, 1),
        ),
        Never("@[Give](action:give) twice", Place(18, 1), (forbidden,)),
    )
    assert procedure.never == ("@[Give](action:give) twice",)
    assert procedure.mentions == (look, give)


def test_conditionals_nest_and_may_be_indented_below_a_step() -> None:
    procedure = parsed(
        "1. One\n   ::: if a.b == 1\n   - in\n   ::: if c.d == 2\n   deep\n   :::\n   :::\n   after\n2. Two\n"
    )
    one, outer, after, two = procedure.blocks
    assert (one, two) == (Step("1. One", (), Place(5, 1), 1), Step("2. Two", (), Place(13, 1), 2))
    assert after == Text("after", (), Place(12, 4))
    assert outer == Conditional(
        (
            Branch(
                (Condition("a.b", Operator.EQUAL, 1),),
                "a.b == 1",
                (
                    Step("- in", (), Place(7, 4), None),
                    Conditional(
                        (
                            Branch(
                                (Condition("c.d", Operator.EQUAL, 2),),
                                "c.d == 2",
                                (Text("deep", (), Place(9, 4)),),
                                Place(8, 4),
                            ),
                        ),
                        Place(8, 4),
                    ),
                ),
                Place(6, 4),
            ),
        ),
        Place(6, 4),
    )


def test_colons_in_code_are_no_conditional() -> None:
    (block,) = parsed("```\n::: if nonsense\n@nobody\n```\n").blocks
    assert block == Text("```\n::: if nonsense\n@nobody\n```", (), Place(5, 1))


def test_windows_line_ends_and_a_byte_order_mark_change_no_place() -> None:
    text = "\ufeff" + (HEAD + "1. a\n2. @Look Up\n").replace("\n", "\r\n")
    procedure = parse_procedure(text, file="a.md", vocabulary=VOCABULARY)
    assert [mention.place for mention in procedure.mentions] == [Place(6, 4)]
    assert procedure.source == text


def test_the_body_of_a_brand_is_read_with_the_places_of_the_file() -> None:
    head = (
        "---\nname: Test\ndescription: The player wants a test.\noverrides:\n  red:\n    body: |\n"
        "      1. @Look Up\n\n      > [!NEVER]\n      > Give up.\n    active: false\n---\n"
    )
    own = parsed("2. @Give", head=head).overrides["red"]
    look = Mention("action", "look", "Look Up", Place(7, 10), canonical=False)
    assert own.active is False
    assert own.body is not None
    assert own.body.mentions == (look,)
    assert own.body.never == ("Give up.",)
    assert own.body.blocks[0] == Step("1. @[Look Up](action:look)", (look,), Place(7, 7), 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Hello",
            'a-test.md:1:1: P001 The file has no front matter. Begin the file with a line "---", then "name: …" and',
        ),
        ("", "a-test.md:1:1: P001 The file has no front matter."),
        ("---\nname: x\n", "a-test.md:1:1: P001 The front matter is never closed. "),
        ("---\n---\n", "a-test.md:2:1: P002 The front matter holds no keys. "),
        ("---\n- a\n---\n", "a-test.md:2:1: P002 The front matter holds no keys. "),
        ("---\nname: [\n---\n", "a-test.md:3:"),
        ("---\nname: a\nname: b\n---\n", "a-test.md:3:1: P002 "),
        (
            "---\nname: a\ndescription: b\nutterence: []\n---\n",
            'a-test.md:4:1: P003 Unknown key "utterence". Did you mean',
        ),
        (
            "---\nname: a\ndescription: b\noverrides:\n  red:\n    activ: true\n---\n",
            'a-test.md:6:5: P003 Unknown key "overrides.red.activ". Did you mean "active"?',
        ),
        ("---\ndescription: b\n---\n", 'a-test.md:2:1: P004 The key "name" is missing. Add "name: Opening hours".'),
        (
            "---\nname: a\ndescription: b\nverify_player: 'yes'\n---\n",
            'a-test.md:4:1: P004 "verify_player": input should be a valid boolean. Write "verify_player: true" or',
        ),
        (
            "---\nname: a\ndescription: b\nmax_turns: 0\n---\n",
            'a-test.md:4:1: P004 "max_turns": input should be greater',
        ),
        (
            "---\nname: a\ndescription: b\nstatus: live\n---\n",
            "a-test.md:4:1: P004 \"status\": input should be 'draft' or",
        ),
        ("---\nname: a\ndescription: b\ntriggers: []\n---\n", 'a-test.md:4:1: P004 "triggers": '),
        (
            "---\nname: a\ndescription: b\nverify_player: true\nrequire_player_authentication: false\n---\n",
            'a-test.md:5:1: P004 "require_player_authentication" and "verify_player" are the same key.',
        ),
        (
            "---\nname: a\ndescription: b\noverrides: {red: {body: one line}}\n---\n",
            'a-test.md:4:19: P006 The body of the brand "red" is not a block of lines. Write "body: |".',
        ),
    ],
)
def test_broken_front_matter_is_refused_with_place_and_mend(text: str, expected: str) -> None:
    (only,) = refused(text)
    assert only.startswith(expected)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("::: if a.b == 1\nx\n", '5:1: P202 This "::: if" is never closed. Write ":::" on a line of its own'),
        ("x\n:::\n", '6:1: P202 ":::" has no "::: if" to belong to.'),
        ("::: else\n", '5:1: P202 "::: else" has no "::: if" to belong to.'),
        ("::: if a.b == 1\n::: else\n::: else if a.c == 1\n:::\n", '7:1: P202 "::: else if" stands after "::: else".'),
        (
            "::: if a.b == 1\n::: else a.c == 1\n:::\n",
            '6:1: P201 "::: else" takes no condition. Write "::: else if …".',
        ),
        ("::: iff a.b == 1\n", '5:1: P201 "::: iff a.b == 1" is not known. Did you mean "if"?'),
        ("::: elif a.b == 1\n", '5:1: P201 "::: elif a.b == 1" is not known. Write "::: else if …".'),
        ("::: if a.b == 1\n::: end\n:::\n", '6:1: P201 "::: end" is not known. Close a conditional with ":::" alone.'),
        ("> ::: if a.b == 1\n", '5:3: P201 A ":::" line must stand alone.'),
        ("::: if a.b = 1\n:::\n", "5:12: P203 "),
        ("  :::  if a.b == 1 and b.c in [1]\n:::\n", "5:28: P203 "),
        ("::: if\n:::\n", "5:7: P203 "),
        ("::: if a.b == 1\n" * 21 + ":::\n" * 21, "25:1: P204 Conditionals are nested deeper than 20."),
        ("Ask @Lok Up.\n", '5:5: P101 Unknown mention "@Lok". Did you mean "Look Up"?'),
        ("> [!NEVER]\n> @Lok Up\n", '6:3: P101 Unknown mention "@Lok". Did you mean "Look Up"?'),
    ],
)
def test_a_broken_body_is_refused_with_place_and_mend(body: str, expected: str) -> None:
    (only,) = refused(HEAD + body)
    assert only.startswith(f"a-test.md:{expected}")


@pytest.mark.parametrize(
    "piece", ["@", "@x", "@[", "a@", "@Look Up ", "@Nobody ", "- ", "> ", ":", "::: if a.b == 1\n"]
)
def test_twenty_kilobytes_of_nonsense_are_read_or_refused_soon(piece: str) -> None:
    with suppress(ProcedureError):
        parsed(piece * (20_000 // len(piece)))


def test_all_errors_are_said_at_once_in_the_order_of_the_file() -> None:
    found = refused(f"{HEAD}@nobody\n\n:::\n\n::: if x\n@[G](action:giv)\n", file="A Test.md")
    assert [line.split(" ")[1] for line in [one.replace("A Test", "A_Test") for one in found]] == [
        *("P005", "P101", "P202", "P202", "P203", "P101"),
    ]


def test_a_hash_tag_near_a_team_is_a_warning_that_stays_with_the_procedure() -> None:
    (notice,) = parsed("Ask #Paymnts.").notices
    assert notice.severity == "warning"
    assert notice.text() == 'some/folder/a-test.md:5:5: P105 "#Paymnts" asks nobody. Did you mean "Payments"?'


PIECES = st.sampled_from(
    [
        *("::: if a.b == 1\n", "::: else\n", ":::\n", "   ::: if a.b == 1\n", "   :::\n", "> [!NEVER]\n", "> "),
        *(
            "1. ",
            "- ",
            "   ",
            "      ",
            "word",
            "word\n",
            "\n",
            "\n\n",
            "```\n",
            "# ",
            "[x]: y\n",
            "<div>\n",
            "@Give",
            "\t",
        ),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_line_of_instructions_is_lost(body: str) -> None:
    try:
        blocks = parsed(body).blocks
    except ProcedureError:
        return
    kept = "\n".join(block.markdown for block in walk(blocks) if not isinstance(block, Conditional))
    written = [line for line in body.split("\n") if not line.strip().startswith(":::")]
    assert re.findall("word|Give", kept.replace("[Give](action:give)", "Give")) == re.findall(
        "word|Give", "\n".join(written)
    )


@given(st.lists(PIECES, max_size=30).map("".join))
def test_every_binding_mention_is_in_exactly_one_block(body: str) -> None:
    try:
        procedure = parsed(body)
    except ProcedureError:
        return
    held = [one for block in walk(procedure.blocks) if isinstance(block, Text | Step) for one in block.mentions]
    assert held == list(procedure.mentions)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, HEAD + text, f"---\n{text}\n---\n{text}"):
        with suppress(ProcedureError):
            parse_procedure(whole, file="a.md", vocabulary=VOCABULARY)

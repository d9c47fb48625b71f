import pytest

from agent.playbook.bind import bind
from agent.playbook.parse import parse_procedure
from agent.playbook.procedure import Procedure, ProcedureError
from agent.playbook.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    actions={"look": "Look Up", "give": "Give", "talk": "Talk"}, contexts={"profile": "Profile"}, fields={"ngr": "NGR"}
)
TOOLS = {"look": False, "give": True, "profile": True, "talk": False}


def parsed(body: str, *, verify: str = "") -> Procedure:
    text = f"---\nname: Test\ndescription: The player wants a test.\n{verify}---\n{body}"
    return parse_procedure(text, file="test.md", vocabulary=VOCABULARY)


def test_the_mentions_are_the_tools_each_once_in_their_order() -> None:
    bound = bind(parsed("1. @Talk\n2. @Look Up, then @Talk\n"), TOOLS)
    assert (bound.tools, bound.forced_verification, bound.procedure.notices) == (("talk", "look"), False, ())


def test_a_mention_in_code_binds_nothing() -> None:
    assert bind(parsed("1. @Talk\n\n```\n@Give\n@[Give](action:give)\n```\n"), TOOLS).tools == ("talk",)


def test_a_mention_in_a_never_block_binds_nothing() -> None:
    assert bind(parsed("1. @Talk\n\n> [!NEVER]\n> @Give anything\n"), TOOLS).tools == ("talk",)


@pytest.mark.parametrize(
    ("body", "by", "label"),
    [
        ("@Talk, @Give", "action:give", "Give"),
        ("@Profile", "context:profile", "Profile"),
        ("@NGR", "field:ngr", "NGR"),
    ],
)
@pytest.mark.parametrize("verify", ["", "verify_player: false\n"])
def test_what_needs_a_verified_player_forces_verification_with_a_notice(
    body: str, by: str, label: str, verify: str
) -> None:
    bound = bind(parsed(body, verify=verify), TOOLS)
    assert (bound.forced_verification, bound.procedure.verify_player) == (True, True)
    assert bound.procedure.verify_forced_by == by
    (notice,) = bound.procedure.notices
    assert (notice.severity, notice.code) == ("notice", "P107")
    assert notice.message == f'"{label}" needs a verified player, so verification is on'


def test_a_procedure_that_asks_for_verification_itself_is_not_forced() -> None:
    bound = bind(parsed("@Give", verify="verify_player: true\n"), TOOLS)
    assert (bound.forced_verification, bound.procedure.verify_forced_by, bound.procedure.notices) == (False, None, ())


def test_a_mention_without_a_tool_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ProcedureError) as caught:
        bind(parsed("1. @Talk\n2. @Give\n"), {"talk": False, "give_away": True})
    assert str(caught.value) == 'test.md:6:4: P106 No tool stands behind action:give. Did you mean "give_away"?'

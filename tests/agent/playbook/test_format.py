import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.playbook.format import format_procedure
from agent.playbook.parse import parse_procedure
from agent.playbook.procedure import ProcedureError
from agent.playbook.vocabulary import Vocabulary

VOCABULARY = Vocabulary(actions={"look": "Look Up", "give": "Give"}, humans={"payments": "Payments"})
HEAD = "---\nname: '@Give'   # not a mention\ndescription: @@\n---\n".replace("@@", "The player wants a test.")


def test_typed_mentions_become_chips_and_nothing_else_changes() -> None:
    text = f"\ufeff{HEAD}\r\n1.  @look up  \r\n* ask #Payments\t\r`@Give` a@Give @nobody @[Old](action:give)"
    assert format_procedure(text, VOCABULARY) == text.replace("@look up", "@[Look Up](action:look)").replace(
        "#Payments", "#[Payments](human:payments)"
    )


def test_the_body_of_a_brand_is_formatted_too() -> None:
    text = "---\nname: a\ndescription: b\noverrides:\n  red:\n    body: |-\n      - @Give\n\n      - @Give\n---\n@Give"
    assert format_procedure(text, VOCABULARY) == text.replace("@Give", "@[Give](action:give)")


def test_a_file_without_front_matter_is_refused() -> None:
    with pytest.raises(ProcedureError, match=r"^x\.md:1:1: P001 "):
        format_procedure("@Give", VOCABULARY, file="x.md")


PIECES = st.sampled_from(
    [
        *("@Give", "@Look\nUp", "#Payments", "@nobody", "`", "```\n", "*", "_", "[", "](x)", "::: if a.b == 1\n"),
        *(
            ":::\n",
            "\n",
            "\n\n",
            "\r\n",
            "    ",
            "> ",
            "> [!NEVER]\n",
            "1. ",
            "- ",
            " ",
            "word",
            "<",
            ">",
            "\\",
            "---\n",
        ),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_formatting_twice_is_formatting_once(body: str) -> None:
    once = format_procedure(HEAD + body, VOCABULARY)
    assert format_procedure(once, VOCABULARY) == once


@given(st.lists(PIECES, max_size=25).map("".join))
def test_a_formatted_file_means_the_same(body: str) -> None:
    def read(text: str) -> object:
        try:
            procedure = parse_procedure(text, file="test.md", vocabulary=VOCABULARY)
        except ProcedureError as error:
            return [finding.code for finding in error.findings]
        kept = [(mention.kind, mention.id, mention.place.line) for mention in procedure.mentions]
        return kept, len(procedure.blocks), len(procedure.never)

    assert read(format_procedure(HEAD + body, VOCABULARY)) == read(HEAD + body)

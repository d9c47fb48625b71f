"""What is kept of an answer, and how a key in it is hidden."""

from decimal import Decimal

from agent.model.port import Proposal, ProposedCall
from agent.model.response import known_fields, reworded, rewritten, without_key
from casino.values import Document, Value


def test_only_known_fields_are_kept_and_a_plain_value_only_where_one_is_meant() -> None:
    message: Value = {"role": "assistant", "content": "Hello", "reasoning_content": "Hm", "refusal": {"why": "x"}}
    kept = {"role": "assistant", "content": "Hello", "refusal": None}
    assert known_fields({"id": "1", "headers": {"a": "b"}, "choices": [{"message": message}, 1], "usage": "free"}) == {
        "id": "1",
        "choices": [{"message": kept}, None],
        "usage": None,
    }


def test_a_key_is_hidden_and_a_word_that_stands_in_for_one_is_not() -> None:
    assert without_key("a sk-1234567890 b", "sk-1234567890") == "a [hidden] b"
    assert without_key("none of them", "none") == "none of them"


def test_every_text_is_rewritten_names_too() -> None:
    document: Document = {"a": ["b", {"c": "d"}, 1, None, True, Decimal("1.5")]}
    assert rewritten(document, str.upper) == {"A": ["B", {"C": "D"}, 1, None, True, Decimal("1.5")]}


def test_a_proposal_is_reworded_in_its_words_and_calls_only() -> None:
    call = ProposedCall(name="a", arguments={"b": "c"}, confidence=Decimal("0.5"))
    said = Proposal(model="m", text="hello", calls=(call,), response={"id": "x"})
    assert reworded(said, str.upper) == Proposal(
        model="m",
        text="HELLO",
        calls=(ProposedCall(name="A", arguments={"B": "C"}, confidence=Decimal("0.5")),),
        response={"id": "x"},
    )
    assert reworded(Proposal(model="m"), str.upper) == Proposal(model="m")

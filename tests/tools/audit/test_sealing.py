"""Sealing: a text is opened with its key, at its place, as it was."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.audit.sealing import Unsealable, new_key, seal, unseal

KEY = bytes(range(32))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_sealed_text_is_opened_as_it_was(plain: str) -> None:
    sealed = seal(KEY, plain, ticket="t1", seq=3, kind="player_message")
    assert unseal(KEY, sealed, ticket="t1", seq=3, kind="player_message") == plain


def test_a_sealed_text_shows_nothing_and_never_looks_the_same_twice() -> None:
    texts = {seal(KEY, "my name is Anna", ticket="t1", seq=3, kind="player_message") for _ in range(100)}
    assert len(texts) == 100
    assert all(text.startswith("v1:") and b"Anna" not in base64.b64decode(text[3:]) for text in texts)
    assert len({new_key() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("ticket", "seq", "kind"),
    [("t2", 3, "player_message"), ("t1", 4, "player_message"), ("t1", 3, "agent_message"), ('t1",3', 3, "x")],
)
def test_a_text_that_was_moved_is_not_opened(ticket: str, seq: int, kind: str) -> None:
    sealed = seal(KEY, "issued: 50", ticket="t1", seq=3, kind="player_message")
    with pytest.raises(Unsealable, match=f"^entry {seq} of its ticket was changed or moved, or its key is another"):
        unseal(KEY, sealed, ticket=ticket, seq=seq, kind=kind)


def test_another_key_opens_nothing() -> None:
    sealed = seal(KEY, "x", ticket="t1", seq=3, kind="turn")
    with pytest.raises(Unsealable):
        unseal(new_key(), sealed, ticket="t1", seq=3, kind="turn")


@pytest.mark.parametrize("text", ["", "x", "v1:", "v1:AAAA", "v1:é", "v1:AAA", "v2:AAAA", "{}", "v1:" + "A" * 64])
def test_what_was_never_sealed_is_not_opened(text: str) -> None:
    with pytest.raises(Unsealable):
        unseal(KEY, text, ticket="t1", seq=3, kind="turn")


@given(st.data())
def test_one_changed_character_is_seen(data: st.DataObject) -> None:
    sealed = seal(KEY, "issued: 50 EUR", ticket="t1", seq=3, kind="turn")
    raw = bytearray(base64.b64decode(sealed[3:]))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Unsealable):
        unseal(KEY, "v1:" + base64.b64encode(raw).decode(), ticket="t1", seq=3, kind="turn")

"""Heads: signed by one key, over everything that they say."""

import json
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from tests.tools.audit.logs import KEY, NOON, OTHER_KEY, log, signed
from tools.audit.heads import Head, NotAHead, public_text, read_head, sign

LINKS = log(3)
(HEAD,) = signed(LINKS, 3)


def test_a_head_says_which_line_hash_moment_and_key() -> None:
    east = NOON.astimezone(timezone(timedelta(hours=2)))
    head = sign(LINKS[2], KEY, at=east)
    key = public_text(KEY.public_key())
    said = {"id": 3, "hash": LINKS[2].hash, "at": "2026-11-20T12:00:00+00:00", "key": key, "signature": head.signature}
    assert head.document() == said
    assert read_head(head.line()) == head
    assert head.is_signed()


@pytest.mark.parametrize(
    "changed",
    [
        replace(HEAD, id=2),
        replace(HEAD, hash=LINKS[1].hash),
        replace(HEAD, at="2026-11-22T12:00:00+00:00"),
        replace(HEAD, key=public_text(OTHER_KEY.public_key())),
        replace(HEAD, signature=signed(LINKS, 2)[0].signature),
        replace(HEAD, signature=""),
        replace(HEAD, signature="é"),
        replace(HEAD, key="AAAA"),
        replace(HEAD, key="not base64"),
    ],
)
def test_a_head_that_was_changed_is_not_signed(changed: Head) -> None:
    assert not changed.is_signed()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it does not hold the five values"),
        ('{"id": 3}', "it does not hold the five values"),
        (json.dumps({**HEAD.document(), "id": True}), "it does not hold the five values"),
        (json.dumps({**HEAD.document(), "id": "3"}), "it does not hold the five values"),
        (json.dumps({**HEAD.document(), "more": 1}), "it does not hold the five values"),
        (json.dumps({**HEAD.document(), "id": 0}), "its number is below 1"),
        (json.dumps({**HEAD.document(), "at": "noon"}), "its number is below 1, or its time is no moment"),
        (json.dumps({**HEAD.document(), "at": "2026-11-20T12:00:00"}), "its number is below 1, or its time is no"),
    ],
    ids=range(10),  # what is sealed in a head's log is new at every run, and ids must not be
)
def test_whatever_is_no_head_is_refused(line: str, why: str) -> None:
    with pytest.raises(NotAHead, match=why):
        read_head(line)

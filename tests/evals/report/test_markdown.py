"""Markdown for a pull request: read by a real parser, what failed first, and never too long."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from evals.report.markdown import LONGEST, Markdown
from evals.report.report import INCOMPLETE
from evals.trial import Status, Trial
from tests.evals.report.runs import (
    BROKEN,
    CONTROLLED,
    EVERY,
    FAILED,
    HEADER,
    HOSTILE,
    LEFT,
    PASSED,
    STALE,
    STALE_WRONG,
    document,
    many,
    repeated,
)


def read(text: str) -> list[Token]:
    """Read a page as GitHub does, tables too; return the pieces of all lines."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [piece for token in tokens for piece in (token, *(token.children or []))]


def headings(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("#")]


def test_what_failed_stands_first() -> None:
    assert headings(document(Markdown(HEADER), EVERY)) == [
        "## ❌ Evals: 1 passed, 3 failed, 1 stale, 1 could not be played, 1 not run",
        "### Failed: 3 tickets",
        "### Could not be played: 1 ticket",
        "### Stale: 2 tickets, by what changed",
        "### Not run: 1 ticket",
    ]


def test_a_run_that_passed_is_short() -> None:
    assert document(Markdown(HEADER), [PASSED]) == (
        "## ✅ Evals: 1 passed, 0 failed\n\n"
        "| tickets | trials | failed | could not be played | stale | not run | passed |\n"
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| 1 | 1 | 0 | 0 | 0 | 0 | 1 |\n\n"
        "suite `evals/tickets` · run `run-1` · level `L1` · match `strict` · seed `7` · shard `1/1` · "
        "croupier `0.1.0` · model `policy` · house `abababababab…`\n"
    )


def test_a_failed_ticket_is_a_row_with_its_first_lines() -> None:
    text = document(Markdown(HEADER), repeated(FAILED, [Status.FAIL, Status.PASS, Status.FAIL]))
    assert (
        "| `wrong-tier` | 2 of 3 | `A high roller is of the tier high`<br>"
        "`state` `tier: expected 'high', found 'vip'`<br>`state` `granted: expected ['P2'], found ['P1']`<br>"
        "`order` `before: verify_player_identity comes after issue_bonus` | `evals/tickets/demo/1-issued.json` |\n"
    ) in text


def test_stale_tickets_stand_below_the_text_that_changed() -> None:
    stale = [replace(STALE, ticket=name) for name in ("a", "b", "c", "d")]
    assert (
        "| prompt `procedure/bonus-request` | 4: `a`, `b`, `c` and 1 more | `/messages/0/content`<br>"
        "was `Ask for the e-mail address. Then ask for the date of birth.`<br>"
        "now `Ask for the e-mail address. Then ask for the phone number.` |\n"
    ) in document(Markdown(HEADER), stale)


def test_repeats_are_told_by_pass_power() -> None:
    text = document(Markdown(replace(HEADER, repeat=2)), repeated(PASSED, [Status.PASS, Status.PASS]))
    assert "### All of k plays pass (1 ticket, 2 repeats)\n\n| k | pass^k |\n| ---: | ---: |\n| 1 | 1.000 |" in text
    short = document(Markdown(replace(HEADER, repeat=2)), [PASSED])
    assert "| 2 | too few plays of some ticket |" in short


def test_an_incomplete_run_is_said_at_the_top() -> None:
    lines = document(Markdown(HEADER), [PASSED], complete=False).splitlines()
    assert lines[0].startswith("## ❌")
    assert lines[2:4] == ["> [!CAUTION]", f"> {INCOMPLETE}"]


@pytest.mark.parametrize("status", [Status.FAIL, Status.ERROR, Status.NOT_RUN, Status.STALE])
def test_words_of_a_ticket_are_code_and_nothing_else(status: Status) -> None:
    pieces = read(document(Markdown(HEADER), [replace(HOSTILE, status=status)]))
    assert {piece.content for piece in pieces if piece.type in ("html_inline", "html_block")} <= {"<br>"}
    assert not {"link_open", "image", "fence"} & {piece.type for piece in pieces}
    assert not any("evil" in piece.content or "@" in piece.content for piece in pieces if piece.type == "text")


@given(st.text(alphabet="`|\\ ab<@\n"))
def test_no_mix_of_backticks_bars_and_backslashes_leaves_its_code(words: str) -> None:
    trial = replace(BROKEN, ticket=f"{words}x", why=words, title=words)
    pieces = read(document(Markdown(HEADER), [trial]))
    body = pieces[[piece.type for piece in pieces].index("tbody_open") :]
    texts = {piece.content for piece in body if piece.type == "text"}
    allowed = {"", " ", "1 of 1", "Could not be played: 1 ticket", *map(str, range(3))}
    known = {"ticket", "trials", "what", "file", *("suite", "run", "level", "match", "seed", "shard")}
    assert {text.strip(" ·") for text in texts} <= {
        text.strip(" ·") for text in (allowed | known | {"croupier", "model", "house"})
    }


def test_a_page_about_thousands_of_failures_is_short_enough_for_github() -> None:
    text = document(Markdown(HEADER), [*many(3_000, failing=1), STALE, LEFT, HOSTILE])
    assert 60_000 < len(text) <= LONGEST
    assert "more, which the other reports show." in text
    assert headings(text)[-2:] == ["### Stale: 2 tickets, by what changed", "### Not run: 1 ticket"]


@given(st.lists(st.sampled_from(EVERY), max_size=30), st.integers(3_000, 8_000))
def test_a_page_is_never_longer_than_it_may_be(trials: list[Trial], longest: int) -> None:
    named = [replace(trial, ticket=f"{number}{trial.ticket}") for number, trial in enumerate(trials)]
    assert len(document(Markdown(HEADER, longest=longest), named)) <= longest


def test_what_the_controls_pass_is_told_with_a_warning() -> None:
    text = document(Markdown(HEADER), [CONTROLLED])
    assert (
        "\n\ncontrols: `do-nothing` 0 of 1, `always-issue` 1 of 1\n\n> [!WARNING]\n> `the control always-issue" in text
    )
    assert "controls" not in document(Markdown(HEADER), [PASSED])


def test_a_stale_ticket_is_not_judged() -> None:
    text = document(Markdown(HEADER), [STALE_WRONG])
    assert text == document(Markdown(HEADER), [STALE])
    assert "Not judged: what it came to follows from what changed." in text


def test_a_hostile_control_is_words_too() -> None:
    text = document(Markdown(HEADER), [replace(PASSED, controls={HOSTILE.ticket: "pass"})])
    kinds = {token.type for token in read(text)}
    assert kinds.isdisjoint({"html_inline", "html_block", "image", "link_open"})

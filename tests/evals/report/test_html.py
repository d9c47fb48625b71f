"""The page is one file, readable without script, escapes every text, and stays short however long the run is."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

import evals.report.html
from evals.report.html import Html
from evals.report.report import INCOMPLETE, read_through
from evals.trial import Status, Trial
from tests.evals.report.runs import (
    CONTROLLED,
    EVERY,
    FAILED,
    HEADER,
    HOSTILE,
    HOSTILE_WORDS,
    OBEYED,
    PASSED,
    STALE,
    STALE_WRONG,
    UNCAUGHT,
    document,
    many,
    repeated,
)

ROOM = Path(evals.report.html.__file__).parent
NEVER_CLOSED = {"meta", "input", "br", "img", "link"}


class Page(HTMLParser):
    """A page as a browser takes it in: its elements, and the text of each kind of element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in NEVER_CLOSED:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self._open[-1] if self._open else "", []).append(data)

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.elements if name in (attributes.get("class") or "").split()]

    @property
    def words(self) -> str:
        return " ".join(" ".join(text for texts in self.texts.values() for text in texts).split())


def page(*trials: Trial, complete: bool = True) -> Page:
    return Page(document(Html(HEADER), trials, complete=complete))


def test_every_status_has_a_shelf_and_what_failed_stands_first() -> None:
    found = page(*EVERY)
    shelves = [attributes["class"] for attributes in found.of_class("shelf")]
    assert shelves == ["shelf fail", "shelf error", "shelf stale", "shelf not_run", "shelf pass"]
    assert found.texts["h1"] == ["1 passed, 3 failed, 1 stale, 1 could not be played, 1 not run"]
    assert len(found.of_class("trial")) == 7


def test_a_failed_trial_shows_its_parts_and_the_state_diff_beside_each_step() -> None:
    words = page(FAILED).words
    for part in (
        "tier: expected 'high', found 'vip'",
        "before: verify_player_identity comes after issue_bonus",
        "issue_bonus: done",
        '"amount": 25.00',
        "Your bonus is on its way.",
    ):
        assert part in words
    found = page(FAILED)
    steps = [attributes["class"] for attributes in found.of_class("step")]
    assert steps == ["step player", "step tool changed", "step agent"]
    assert found.texts["span"][-6:] == [
        *("added", '{"player": "P1", "amount": 25.00}', "changed", "10 → 35", "removed"),
        "agent message",
    ]


def test_a_stale_trial_shows_what_was_and_what_is_now() -> None:
    found = page(STALE)
    assert found.texts["del"] == ["Ask for the e-mail address. Then ask for the date of birth."] * 2
    assert found.texts["ins"] == ["Ask for the e-mail address. Then ask for the phone number."] * 2
    assert "What changed since the recordings" in found.words


def test_what_follows_from_a_change_is_no_finding() -> None:
    found = page(STALE_WRONG)
    assert "Not judged: what it came to follows from what changed." in found.words
    assert "tier: expected" not in found.words
    assert found.of_class("parts") == []


def test_a_trial_of_another_level_tells_what_its_parts_are_about() -> None:
    words = page(UNCAUGHT, OBEYED).words
    for part in (
        "each trajectory that is a little wrong is caught",
        "repeat: issue_bonus twice is not caught",
        "No mutant was made.",
        "the tools refuse what an obedient model does for an attacker",
        "`issue_bonus` was done for P2, who was never verified",
    ):
        assert part in words


def test_what_the_controls_pass_stands_in_the_head_with_a_warning() -> None:
    found = page(CONTROLLED)
    assert "control always-issue passes 1 of 1" in found.words
    assert len(found.of_class("warning")) == 1
    assert page(PASSED).of_class("warning") == []


def test_an_incomplete_run_is_said_above_all() -> None:
    text = document(Html(HEADER), [PASSED], complete=False)
    assert text.index(INCOMPLETE) < text.index('<dl class="facts">')
    assert Page(text).of_class("incomplete") == [{"class": "incomplete", "role": "alert"}]
    assert page(PASSED).of_class("incomplete") == []


@pytest.mark.parametrize("status", Status)
def test_a_hostile_ticket_adds_no_element_and_no_handler(status: Status) -> None:
    hostile = replace(HOSTILE, status=status, controls={HOSTILE_WORDS: "pass"})
    harmless = _harmless(hostile)
    found, expected = page(hostile), page(harmless)
    assert [tag for tag, _ in found.elements] == [tag for tag, _ in expected.elements]
    assert [sorted(attributes) for _, attributes in found.elements] == [
        sorted(attributes) for _, attributes in expected.elements
    ]
    assert not any(name.startswith("on") or name == "style" for _, each in found.elements for name in each)
    assert "<script>alert(1)</script>" in found.words
    assert not set("\x1b\x00\u202e\ud800") & set(document(Html(HEADER), [hostile]))


def _harmless(trial: Trial) -> Trial:
    """Return a trial of the same shape whose texts mean nothing."""
    step, divergence, (part, judge) = trial.steps[0], trial.divergences[0], trial.parts
    return replace(
        trial,
        **dict.fromkeys(("ticket", "file", "title", "why"), "x"),
        tags=("x",),
        parts=(replace(part, name="x", wrong=("x",)), replace(judge, wrong=("x",))),
        divergences=(replace(divergence, segment="x", pointer="x", was="x", now="y"),),
        end={"x": "x"},
        path=("x",),
        steps=(
            replace(
                step,
                kind="x",
                at="x",
                title="x",
                body={"x": "x"},
                changes=({"op": "x", "path": "x", "value": "x"}, "x"),
            ),
        ),
        segments={"x": "x"},
        controls={"x": "pass"},
    )


def test_the_policy_lets_nothing_run_but_our_own_style_and_script() -> None:
    found = page(HOSTILE)
    policy = next(one["content"] for _, one in found.elements if one.get("http-equiv") == "Content-Security-Policy")
    (style,), (script,) = (["".join(found.texts[tag])] for tag in ("style", "script"))
    hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in (style, script)]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_page_loads_nothing() -> None:
    found = page(*EVERY)
    loading = {"src", "srcset", "action", "data", "poster", "background"}
    assert not any(loading & each.keys() for _, each in found.elements)
    assert [each["href"] for _, each in found.elements if "href" in each] == ["#trials"]
    assert "url(" not in "".join(found.texts["style"])
    assert "@import" not in "".join(found.texts["style"])


def test_only_the_search_needs_script() -> None:
    found = page(*EVERY)
    assert [attributes["class"] for _, attributes in found.elements if "hidden" in attributes] == ["search"]
    tags = [tag for tag, _ in found.elements]
    assert "button" not in tags
    assert [attributes["id"] for tag, attributes in found.elements if tag == "input"] == [
        *("theme-system", "theme-light", "theme-dark"),
        *("show-fail", "show-error", "show-stale", "show-not_run", "show-pass"),
        "search",
    ]


def test_every_input_has_a_label_and_the_page_a_language_and_headings_in_order() -> None:
    text = document(Html(HEADER), EVERY)
    assert '<html lang="en">' in text
    assert text.count("<label") == 9
    levels = [int(level) for level in re.findall(r"<h(\d)", text)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_repeats_are_told_apart_and_by_pass_power() -> None:
    header = replace(HEADER, repeat=2)
    found = Page(document(Html(header), repeated(PASSED, [Status.PASS, Status.FAIL])))
    assert "issued [1]" in found.words
    assert "pass^k" in found.words
    assert Page(document(Html(header), [])).words.count("too few plays") == 2


def test_a_long_run_shows_the_first_in_full_the_others_in_short() -> None:
    report = Html(HEADER, full_wrong=3, full_passed=2)
    found = Page(document(report, [*many(20, failing=2)]))
    assert len(found.of_class("trial")) == 12
    assert len(found.of_class("line")) == 5
    assert found.words.count("The time line is left out of this page") == 7
    assert "8 more passed" in found.words


def test_a_page_about_ten_thousand_trials_stays_small() -> None:
    report = Html(HEADER)
    tally = read_through(many(2_000, failing=100), [report])
    assert sum(len(piece) for piece in report.pieces(tally, complete=True)) < 1_500_000


def test_an_empty_run_is_a_page() -> None:
    assert "No ticket was played." in page().words


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _colours() -> Iterator[dict[str, str]]:
    """Yield the colours of the light and of the dark theme by name."""
    named = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (ROOM / "page.css").read_text("utf-8"))
    yield {name: light for name, light, _ in named}
    yield {name: dark for name, _, dark in named}


def test_every_text_has_the_contrast_of_wcag_aa_in_both_themes() -> None:
    papers = {"ink": ("page", "card", "soft"), "dim": ("page", "card", "soft"), "accent": ("page", "card", "soft")}
    papers |= {tone: ("card", "soft", f"{tone}-back") for tone in ("good", "bad", "warn")}
    pairs = [(ink, paper) for ink, behind in papers.items() for paper in behind]
    for colours in _colours():
        weak = [(ink, paper) for ink, paper in pairs if _contrast(colours[ink], colours[paper]) < 4.5]
        assert weak == []
        assert _contrast(colours["edge"], colours["card"]) >= 3
        assert _contrast(colours["page"], colours["ink"]) >= 4.5


def test_a_weak_contrast_would_be_seen() -> None:
    assert _contrast("#ffffff", "#000000") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") < 4.5


def test_hostile_words_are_hostile() -> None:
    assert all(one in HOSTILE_WORDS for one in ("</script>", "onerror=", "\x1b", "\u202e", "{{", "::error"))

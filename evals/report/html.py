"""One HTML file about a run: no network, readable without script, every text escaped.

What did not pass stands in full, the time line with the state diff beside each step: the first 300 such trials, and the
first 20 that passed. Of more trials that did not pass the verdict is shown without the time line; of more that passed
one line. So the page, and the memory that it takes, stay bounded however long the run is.
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from evals.report.changes import changes
from evals.report.report import ABOUT, INCOMPLETE, NOT_JUDGED, no_steps
from evals.report.tally import WORDS, Tally
from evals.report.words import clipped, in_line, indented, near_difference, plain, short_hash, shown
from evals.run.results import RunHeader
from evals.trial import Status, Step, Trial

FULL_WRONG: Final = 300
FULL_PASSED: Final = 20
LONGEST: Final = 4_000  # characters of one text
_HERE = Path(__file__).parent


@dataclass(slots=True)
class _Shelf:
    """What is kept of the trials of one status."""

    cards: list[Markup] = field(default_factory=list[Markup])
    brief: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])  # name, title, search words


class Html:
    """A page about a run. It keeps the HTML of each trial that it shows."""

    def __init__(self, header: RunHeader, *, full_wrong: int = FULL_WRONG, full_passed: int = FULL_PASSED) -> None:
        self._header = header
        self._full = {True: full_wrong, False: full_passed}
        self._shelves: dict[Status, _Shelf] = {status: _Shelf() for status in WORDS}
        environment = _environment()
        self._page = environment.get_template("page.html.j2")
        self._card = environment.get_template("trial.html.j2")

    def add(self, trial: Trial) -> None:
        """Write one trial's part of the page."""
        shelf = self._shelves[trial.status]
        wrong = trial.status is not Status.PASS
        full = self._full[wrong] > 0
        self._full[wrong] -= full
        if wrong or full:
            shelf.cards.append(_card(self._card, trial, full=full, name=self._name(trial)))
        else:
            name = self._name(trial)
            shelf.brief.append((name, trial.title, _search(name, trial)))

    def pieces(self, tally: Tally, *, complete: bool) -> Iterator[str]:
        """Yield the page."""
        style, script = (Markup((_HERE / name).read_text("utf-8")) for name in ("page.css", "page.js"))  # noqa: S704  # our own files
        yield from self._page.generate(
            header=self._header,
            facts=self._facts(),
            tally=tally,
            complete=complete,
            incomplete=INCOMPLETE,
            words=WORDS,
            shelves=self._shelves,
            style=style,
            script=script,
            policy=_policy(style, script),
            powers=self._powers(tally),
            near=near_difference,
            clip=clipped,
        )

    def _name(self, trial: Trial) -> str:
        return f"{trial.ticket} [{trial.repeat}]" if self._header.repeat > 1 else trial.ticket

    def _facts(self) -> dict[str, str]:
        header = self._header
        return {
            "suite": header.suite,
            "level": str(header.level),
            "match": str(header.match),
            "repeats": str(header.repeat),
            "seed": str(header.seed),
            "shard": header.shard,
            "started": header.started.replace("T", " "),
            **{f"version of {name}": short_hash(version) for name, version in header.versions.items()},
        }

    def _powers(self, tally: Tally) -> list[tuple[int, str]]:
        """Return pass^k for each k, where tickets were repeated."""
        if self._header.repeat == 1:
            return []
        powers = ((k, tally.pass_power(k)) for k in range(1, min(self._header.repeat, 32) + 1))
        return [(k, "too few plays" if power is None else f"{power:.3f}") for k, power in powers]


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    """Make control characters of a text visible; what is HTML already holds none."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _card(template: Template, trial: Trial, *, full: bool, name: str) -> Markup:
    page = template.render(
        trial=trial,
        name=name,
        status="error" if trial.status is Status.ERROR else WORDS[trial.status],
        because=_because(trial),
        full=full,
        steps=[_step(step) for step in trial.steps] if full else [],
        divergences=[(one, near_difference(one.was, one.now)) for one in trial.divergences],
        end=[(label, clipped(plain(value), LONGEST)) for label, value in trial.end.items()],
        search=_search(name, trial),
        clip=clipped,
        longest=LONGEST,
        about=ABOUT,
        stale=trial.status is Status.STALE,
        not_judged=NOT_JUDGED.capitalize(),
        no_steps=no_steps(trial).capitalize(),
    )
    return Markup(page)  # noqa: S704  # the template escaped every value


def _search(name: str, trial: Trial) -> str:
    """Return the words by which a trial is found, in small letters."""
    return in_line(f"{name} {trial.title} {' '.join(trial.tags)} {trial.file}").lower()


def _because(trial: Trial) -> list[str]:
    """Return in single words what decided: the parts that do not hold, and the kinds of what changed."""
    parts = [part.name for part in trial.findings if part.gates and not part.holds]
    return [*parts, *dict.fromkeys(one.kind.value for one in trial.divergences)]


def _step(step: Step) -> dict[str, object]:
    """Return a step as the template shows it."""
    words = step.kind.replace("_", " ")
    kind = step.kind.partition("_")[0]
    return {
        "at": step.at,
        "time": step.at.partition("T")[2][:8] or step.at[:8],
        "kind": words,
        "group": kind if kind in ("player", "agent", "tool", "effect", "failure", "model") else "other",
        "title": "" if step.title == step.kind else clipped(step.title, LONGEST),
        "body": clipped(indented({**step.body}), LONGEST) if step.body else "",
        "changes": [change._replace(words=clipped(change.words, LONGEST)) for change in changes(step.changes)],
    }


def _policy(style: str, script: str) -> str:
    """Return the content security policy: nothing is loaded, and only our own style and script are obeyed."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"

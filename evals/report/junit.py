"""JUnit XML: what every CI reads. One suite, one test case for each trial.

A stale ticket is a failure with the type `stale`, a ticket that was not run is skipped.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import PurePath
from xml.etree.ElementTree import Element, SubElement, tostring

from evals.report.report import INCOMPLETE, NOT_JUDGED
from evals.report.tally import Tally
from evals.report.words import clipped, in_line, near_difference, shown
from evals.run.results import RunHeader
from evals.trial import Divergence, Status, Trial

LONGEST = 8_000  # characters of one case's text
LONGEST_MESSAGE = 400


class JUnit:
    """A JUnit document of a run. It keeps each case as its text."""

    def __init__(self, header: RunHeader) -> None:
        self._header = header
        self._cases: list[str] = []

    def add(self, trial: Trial) -> None:
        """Write one case."""
        self._cases.append(_case(trial, several=self._header.repeat > 1))

    def pieces(self, tally: Tally, *, complete: bool) -> Iterator[str]:
        """Yield the document."""
        counts = {
            "tests": str(tally.trials),
            "failures": str(tally.counts[Status.FAIL] + tally.counts[Status.STALE]),
            "errors": str(tally.counts[Status.ERROR] + (not complete)),
            "skipped": str(tally.counts[Status.NOT_RUN]),
            "time": _seconds(tally.wall_ms),
        }
        if not complete:
            counts["tests"] = str(tally.trials + 1)
        about = {"name": in_line(self._header.suite), "timestamp": in_line(self._header.started)}
        suite = Element("testsuite", about | counts)
        suite.append(self._properties(tally))
        # What stands inside the suite is written as it is kept, so its end tag is cut off here and written last.
        head, tail = _text(suite).rsplit("</testsuite>", 1)
        names = ("tests", "failures", "errors", "time")
        suites = " ".join(f'{name}="{counts[name]}"' for name in names)
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="croupier eval" {suites}>\n{head}\n'
        if not complete:
            yield f"{_incomplete()}\n"
        for case in self._cases:
            yield f"{case}\n"
        yield f"</testsuite>{tail}\n</testsuites>\n"

    def _properties(self, tally: Tally) -> Element:
        header = self._header
        kept = {
            "run": header.run,
            "level": str(header.level),
            "match": str(header.match),
            "repeat": str(header.repeat),
            "seed": str(header.seed),
            "shard": header.shard,
            **{f"version.{name}": version for name, version in header.versions.items()},
            **{f"control.{name}": rate for name, rate in tally.controls.rates.items()},
        }
        properties = Element("properties")
        for name, value in kept.items():
            SubElement(properties, "property", name=in_line(name), value=in_line(value))
        return properties


def _case(trial: Trial, *, several: bool) -> str:
    case = Element(
        "testcase",
        classname=_dotted(trial.file),
        name=in_line(trial.ticket) + (f" [{trial.repeat}]" if several else ""),
        time=_seconds(trial.usage.wall_ms),
    )
    match trial.status:
        case Status.FAIL:
            _add(case, "failure", kind="fail", lines=_wrong(trial))
        case Status.STALE:
            _add(case, "failure", kind="stale", lines=[*map(_stale, trial.divergences), NOT_JUDGED])
        case Status.ERROR:
            _add(case, "error", kind="error", lines=[trial.why, *_wrong(trial)])
        case Status.NOT_RUN:
            SubElement(case, "skipped", message=clipped(in_line(trial.why), LONGEST_MESSAGE))
        case Status.PASS:
            pass
    SubElement(case, "system-out").text = _shown("\n".join(_beside(trial)))
    return _text(case)


def _incomplete() -> str:
    """Return a case of its own: no other place of the format is shown by every CI."""
    case = Element("testcase", classname="croupier.eval", name="the run came to its end", time="0.000")
    _add(case, "error", kind="incomplete", lines=[INCOMPLETE])
    return _text(case)


def _add(case: Element, name: str, *, kind: str, lines: list[str]) -> None:
    first = clipped(in_line(lines[0] if lines else ""), LONGEST_MESSAGE)
    SubElement(case, name, type=kind, message=first).text = _shown("\n".join(lines))


def _wrong(trial: Trial) -> list[str]:
    return [f"{part.name}: {line}" for part in trial.findings if part.gates for line in part.wrong]


def _stale(one: Divergence) -> str:
    pair = near_difference(one.was, one.now)
    where = f"{one.kind} {one.segment}{one.pointer}"
    return f"stale: {where} changed at exchange {one.exchange}: was {pair.was!r}, is now {pair.now!r}"


def _beside(trial: Trial) -> Iterator[str]:
    """Yield what tells a reader where to look, and what was found without deciding."""
    yield f"{trial.file}: {in_line(trial.title)}"
    if trial.tags:
        yield f"tags: {', '.join(trial.tags)}"
    if trial.path:
        yield f"path: {' > '.join(trial.path)}"
    for part in trial.findings:
        if not part.gates:
            yield from (f"{part.name} (does not gate): {line}" for line in part.wrong)


def _dotted(file: str) -> str:
    """Return a file as CI tools group test cases: by dots, as Python's test runners do."""
    return in_line(".".join(part for part in PurePath(file).with_suffix("").parts if part not in ("/", "..", ".")))


def _shown(text: str) -> str:
    return clipped(shown(text), LONGEST)


def _seconds(ms: Decimal) -> str:
    return f"{ms / 1000:.3f}"


def _text(element: Element) -> str:
    return tostring(element, encoding="unicode", short_empty_elements=False)

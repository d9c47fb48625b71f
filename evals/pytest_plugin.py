"""Tickets as tests: `ticket_suite` or the mark `tickets` makes one pytest item of each ticket of a suite.

pytest loads this module wherever Croupier is installed. So it imports nothing but pytest and a few names: what
plays tickets is imported once a suite is seen.
"""

from collections.abc import Callable, Sequence
from os import PathLike
from types import FunctionType
from typing import TYPE_CHECKING, Final, cast

import pytest

from evals.pytest_items.suite import FILTER, FIXTURE, LEVEL, LEVELS, MARK, TicketSuite

if TYPE_CHECKING:
    from evals.trial import Trial

SUITE: Final = "croupier_suite"
_ABOUT = (
    f"{MARK}(path, level='L1', filters=()): one item for each ticket of the file or folder; it fails where the ticket"
    f" does, before the body of the test runs. The fixture `{FIXTURE}` is what the ticket came to."
)


def ticket_suite(
    path: str | PathLike[str], *, level: str = "L1", filters: str | Sequence[str] = ()
) -> Callable[[], None]:
    """Make one test item of each ticket, in the module or class that keeps the suite under some name.

    Write `test_bonuses = ticket_suite("bonuses.jsonl")`. `path` is a ticket file, a pack or a folder, beside the
    test module, else from pytest's root folder. `level` is L0, L1 or L5. `filters` are those of `croupier eval run
    --filter`; a ticket must pass all of them.
    """

    def unplayed() -> None:
        # What pytest finds where the plugin is switched off: a suite that nobody plays must not look well.
        pytest.fail(f"the plugin `croupier` is not loaded, so no ticket of {path} was played", pytrace=False)

    setattr(unplayed, SUITE, TicketSuite.of(path, level=level, filters=filters))
    return unplayed


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what a whole session may ask of its tickets."""
    group = parser.getgroup("croupier", "tickets")
    group.addoption(LEVEL, choices=LEVELS, help="Play the tickets of every suite at this level.")
    group.addoption(FILTER, action="append", default=[], metavar="WHAT",
                    help="Leave out other tickets: tag:, id:, file: (with *), title:, or !…")  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Explain the mark to `pytest --markers`."""
    config.addinivalue_line("markers", _ABOUT)


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: object) -> list[pytest.Item] | None:
    """Make the items of a suite that stands in a module or a class."""
    suite = vars(obj).get(SUITE) if type(obj) is FunctionType else None  # a lazy object is not woken up
    if suite is None:
        return None
    from evals.pytest_items.items import suite_items  # noqa: PLC0415  # heavy: only where there is a suite

    return [*suite_items(collector, name, suite)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that is marked each ticket of its suite."""
    suites = [_suite(mark) for mark in metafunc.definition.iter_markers(MARK)]  # its own, then those of its class
    if not suites:
        return
    from evals.pytest_items.items import planned  # noqa: PLC0415  # heavy: only where there is a suite

    beside = metafunc.definition.path.parent
    chosen = [one for suite in reversed(suites) for one in planned(metafunc.config, suite, beside=beside)]
    if FIXTURE not in metafunc.fixturenames:
        metafunc.fixturenames.append(FIXTURE)
    metafunc.parametrize(FIXTURE, chosen, ids=[one.read.ticket.id for one in chosen], indirect=True)


def _suite(mark: pytest.Mark) -> TicketSuite:
    try:
        return TicketSuite.of(*mark.args, **mark.kwargs)
    except TypeError as error:
        raise pytest.Collector.CollectError(f"pytest.mark.{MARK}: {error}") from error


@pytest.fixture
def ticket_trial(request: pytest.FixtureRequest) -> "Trial":
    """Return what the ticket of this item came to."""
    if not hasattr(request, "param"):
        raise pytest.UsageError(f'`{FIXTURE}` is for a test with @pytest.mark.{MARK}("suite.jsonl")')
    from evals.pytest_items.items import played  # noqa: PLC0415  # heavy: only where there is a suite

    return played(request.config, request.param)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Judge the ticket of a marked test before its body runs."""
    trial = pyfuncitem.funcargs.get(FIXTURE)
    if trial is None:
        return
    from evals.pytest_items.items import judged  # noqa: PLC0415  # heavy: only where there is a suite

    judged(cast("Trial", trial))  # the fixture has no other value


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Have every marked test ask for its ticket, and leave out the tickets that nobody asked for.

    Raises `UsageError` where a mark would play nothing: a test that passes without its tickets proves nothing.
    """
    for item in items:
        if isinstance(item, pytest.Function) and _is_marked(item) and FIXTURE not in item.fixturenames:
            item.fixturenames.append(FIXTURE)  # only here: pytest has thrown out what no argument names
    if any(item.get_closest_marker(MARK) for item in items):
        from evals.pytest_items.items import refuse_unplayed  # noqa: PLC0415  # heavy: only where there is a suite

        refuse_unplayed(items)
    if not config.getoption(FILTER):
        return
    from evals.pytest_items.items import filtered  # noqa: PLC0415  # heavy: only where tickets are chosen

    items[:] = filtered(config, items)


def _is_marked(item: pytest.Function) -> bool:
    callspec = getattr(item, "callspec", None)
    return callspec is not None and FIXTURE in callspec.params

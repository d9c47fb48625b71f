"""No circles: whatever imports a module is not imported by it, directly or through others, in no corner of a file."""

import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOMS = ("casino", "tools", "agent", "evals", "app")


def circle(*packages: str) -> list[str]:
    """Return modules of which each is imported by the next, and the last is the first; none where there is no circle.

    An import in a function counts, and so does one for the type checker alone.
    """
    graph = grimp.build_graph(*packages, cache_dir=None)
    sorter = TopologicalSorter({one: graph.find_modules_directly_imported_by(one) for one in sorted(graph.modules)})
    try:
        sorter.prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_is_imported_by_what_it_imports() -> None:
    assert circle(*ROOMS) == []


@pytest.mark.parametrize(
    "back",
    [
        "import {0}.first\n",
        "def late():\n    import {0}.first\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from {0}.first import A\n",
    ],
)
def test_a_circle_is_seen_however_it_is_hidden(back: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    package = tmp_path / "round_about"
    package.mkdir()
    for name, text in {"__init__": "", "first": "import {0}.second\nA = 1\n", "second": "import {0}.third\n"}.items():
        (package / f"{name}.py").write_text(text.format(package.name))
    (package / "third.py").write_text("")
    assert circle(package.name) == []
    (package / "third.py").write_text(back.format(package.name))
    found = circle(package.name)
    assert (found[0], {*found}) == (found[-1], {f"{package.name}.{name}" for name in ("first", "second", "third")})

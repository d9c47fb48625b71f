"""Configuration files and a look into the store, for the tests of the store's commands."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

from tests.app.cli.conftest import Croupier

WHO = ("--author", "Ada", "--reason", "spring")
TIERS = {
    "top": "  - {name: top, priority: 2, when: ['player.ngr >= 500'], reward: {type: premium, templateName: VIP_50, "
    "valuePerSpinDescription: 1 EUR}}\n",
    "default": "  - {name: default, priority: 1, reward: {type: boosted, templateName: HIGH_30, "
    "valuePerSpinDescription: 1 EUR}}\n",
}


def written(
    folder: Path, id_: str = "vip", *, status: str = "published", priority: int = 10, tiers: str = "top default"
) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"{id_}.yaml"
    head = f"id: {id_}\nname: Name of {id_}\npriority: {priority}\nstatus: {status}\n"
    rest = "qualification:\n  - player.ngr > 0 # a comment\ntiers:\n"
    file.write_text(head + rest + "".join(TIERS[name] for name in tiers.split()))
    return file


def shown(croupier: Croupier, id_: str = "vip") -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(croupier("bonus", "show", id_, "--json").stdout)["configuration"]
    return whole


def listed(croupier: Croupier, *words: str) -> list[str]:
    document = json.loads(croupier("bonus", "list", "--json", *words).stdout)
    return [one["id"] for one in document["configurations"]]


def applying(croupier: Croupier) -> Callable[..., Result]:
    """Apply without being asked, and see it go well."""

    def run(*words: str | Path) -> Result:
        result = croupier("bonus", "apply", *words, *WHO, "--yes")
        assert result.exit_code == 0, result.stderr
        return result

    return run

"""What the commands of the configuration store share: its address, who changes it, and how they answer."""

import os
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from agent.bonus.changes import Flawed, NotInStore
from agent.bonus.store import open_store, own_store
from agent.settings import Settings, SettingsError, read_settings
from app.cli.exits import Exit, Stopped
from casino.bonus.files.version_changes import Change
from casino.loaded import DocumentError
from casino.values import Value
from tools.bonus_store import ConfigurationStore, PlanAgain, Version
from tools.ports import AccessRefused, Unavailable, UnusableStore

store_option = click.option(
    "--store",
    "address",
    metavar="URL",
    envvar="CROUPIER_BONUS_STORE",
    show_envvar=True,
    help="sqlite:///FILE or postgresql://…; without it, bonuses.sqlite in the folder of CROUPIER_DATA.",
)
author_option = click.option(
    "--author", required=True, metavar="NAME", envvar="CROUPIER_AUTHOR", show_envvar=True, help="Who does this."
)
reason_option = click.option("--reason", required=True, metavar="TEXT", help="Why; it stands in the history.")
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
as_json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")


def settings() -> Settings:
    """Return the settings of this process. The desk's own opening has them too, with all that a desk imports."""
    return read_settings(os.environ)


@contextmanager
def opened(address: str | None) -> Generator[ConfigurationStore]:
    """Open the store that is named, or the desk's own; whatever stands against the work becomes one message."""
    with _answering(), open_store(own_store(settings().data) if address is None else address) as store:
        yield store


@contextmanager
def _answering() -> Generator[None]:
    try:
        yield
    except (DocumentError, UnusableStore) as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    except (SettingsError, NotInStore) as error:
        raise Stopped(str(error), Exit.USAGE) from error
    except PlanAgain as error:
        raise Stopped(f"Nothing was written: {error}. Look at the plan again.", Exit.FINDINGS) from error
    except Flawed as error:
        raise Stopped(f"Nothing was written, because it could not work:\n{error}", Exit.FINDINGS) from error
    except AccessRefused as error:
        raise Stopped(str(error), Exit.NOT_PERMITTED) from error
    except Unavailable as error:
        raise Stopped(str(error), Exit.UPSTREAM_DOWN) from error


def ask(question: str, *, yes: bool) -> None:
    """Go on only where somebody says yes: on the terminal, or beforehand."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Stopped("Nothing was written: nobody can be asked here. Give --yes to go on unasked.", Exit.USAGE)
    click.confirm(question, abort=True, err=True)


def required(text: str, option: str) -> str:
    """Refuse a name or a reason that says nothing."""
    if text.strip() == "":
        raise Stopped(f"{option} is empty; it stands in the history for good: write it in words", Exit.USAGE)
    return text.strip()


def now() -> datetime:
    """Return the time at which something is done."""
    return datetime.now(UTC)


def version_document(version: Version) -> dict[str, Value]:
    """Return a version for a machine, without its text."""
    return {
        "version": version.number,
        "act": version.act.value,
        "status": version.status.value,
        "hash": version.hash,
        "fields_version": version.fields,
        "author": version.author,
        "reason": version.reason,
        "at": version.at.isoformat(),
    }


def change_documents(changes: Iterable[Change]) -> list[Value]:
    """Return changes for a machine."""
    return [{"where": one.where, "before": one.before, "after": one.after} for one in changes]


def change_line(change: Change) -> str:
    """Write a change for people: what came, what went, or both."""
    match change.before, change.after:
        case None, after:
            return f"{change.where}: + {after}"
        case before, None:
            return f"{change.where}: - {before}"
        case before, after:
            return f"{change.where}: {before} → {after}"


def minute(moment: datetime) -> str:
    """Write a moment for a table."""
    return f"{moment:%Y-%m-%d %H:%M}"

"""`croupier bonus list`, `show`, `publish`, `archive` and `restore`: what the store holds, and what happens to it."""

from collections.abc import Iterable, Sequence

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from agent.bonus import changes as bonus_changes
from agent.bonus.changes import known_head
from agent.bonus.files import read_packs
from agent.bonus.history import Dropped, Past, changes_of, dropped_parts, read_past
from agent.bonus.store import Stock, check_unchanged, loaded, read_stock
from app.cli.bonus.store import (
    as_json_option,
    ask,
    author_option,
    change_documents,
    change_line,
    minute,
    now,
    opened,
    reason_option,
    required,
    settings,
    store_option,
    version_document,
    yes_option,
)
from app.cli.exits import Exit, Stopped
from app.cli.screen import people, write_json
from casino.loaded import DocumentError
from casino.values import Value
from tools.bonus_store import ConfigurationStore, Head, New, Version

_id = click.argument("id_", metavar="ID")


@click.command("list")
@store_option
@click.option("--archived", is_flag=True, help="List what is archived instead.")
@as_json_option
def list_(address: str | None, *, archived: bool, as_json: bool) -> None:
    """List the configurations of the store: published and drafts, or what is archived."""
    with opened(address) as store:
        snapshot = store.read()
    heads = {id_: head for id_, head in snapshot.configurations.items() if (head.archived is not None) == archived}
    if as_json:
        write_json({"revision": snapshot.revision, "configurations": [_summary(id_, heads[id_]) for id_ in heads]})
        return
    told = people(as_json=False)
    if not heads:
        told.print("Nothing is archived." if archived else "The store holds no configuration.")
        return
    told.print(_archived_table(heads.items()) if archived else _table(heads.items()))


@click.command("show")
@_id
@store_option
@click.option("--version", "number", type=int, metavar="N", help="Show version N.")
@click.option("--history", is_flag=True, help="Show every version: who, when, why, and what it changed.")
@click.option("--archived-parts", is_flag=True, help="Show the conditions and tiers that were taken out one by one.")
@as_json_option
def show(id_: str, address: str | None, *, number: int | None, as_json: bool, **which: bool) -> None:
    """Show a configuration as it is in the store: what decides, or else the draft."""
    with opened(address) as store:
        head = known_head(store.read(), id_)
        past = read_past(store, id_)
    version = _chosen(head, past, number)
    dropped = dropped_parts(past, head)
    if as_json:
        write_json({"configuration": _whole(version, head, past, dropped)})
        return
    told = people(as_json=False)
    if which["history"]:
        _show_history(past, told)
    if which["archived_parts"] or which["history"]:
        _show_dropped(dropped, told)
    if not any(which.values()):
        told.print(Text(f"# {_said(version)}\n{_beside(version, head)}{version.text}"), end="", soft_wrap=True)


@click.command("publish")
@_id
@store_option
@author_option
@reason_option
@as_json_option
def publish(id_: str, address: str | None, *, author: str, reason: str, as_json: bool) -> None:
    """Let the draft of ID decide from now on, in the place of what is published."""
    who, why = required(author, "--author"), required(reason, "--reason")
    with opened(address) as store:
        stock = read_stock(store.read())
        news = bonus_changes.publish(stock, id_, packs=read_packs(settings().jurisdictions))
        done = _written(store, stock, news, author=who, reason=why)
    _tell(done, id_, "published" if news else "published already, with no draft beside it", as_json=as_json)


@click.command("archive")
@_id
@store_option
@author_option
@reason_option
@as_json_option
def archive(id_: str, address: str | None, *, author: str, reason: str, as_json: bool) -> None:
    """Take ID out: it decides nothing any more. `restore` brings it back."""
    who, why = required(author, "--author"), required(reason, "--reason")
    with opened(address) as store:
        stock = read_stock(store.read())
        done = _written(store, stock, bonus_changes.archive(stock, id_), author=who, reason=why)
    _tell(done, id_, "archived", as_json=as_json)


@click.command("restore")
@_id
@store_option
@author_option
@reason_option
@yes_option
@as_json_option
def restore(id_: str, address: str | None, *, author: str, reason: str, **flags: bool) -> None:
    """Bring ID back as it was when it was archived: what was published decides again at once.

    Conditions and tiers that had been taken out before stay out; `show ID --archived-parts` tells them.
    """
    who, why = required(author, "--author"), required(reason, "--reason")
    with opened(address) as store:
        stock = read_stock(store.read())
        check_unchanged(store, known_head(stock.snapshot, id_))
        news = bonus_changes.restore(stock, id_, packs=read_packs(settings().jurisdictions))
        kinds = " and ".join(new.status for new in news)
        _warn_of_other_meaning(stock.snapshot.heads[id_], news)
        ask(f'Restore "{id_}" ({kinds})?', yes=flags["yes"])
        done = _written(store, stock, news, author=who, reason=why)
    _tell(done, id_, f"restored: {kinds}", as_json=flags["as_json"])


def _warn_of_other_meaning(head: Head, news: Sequence[New]) -> None:
    """Say beforehand that what comes back is not what went: its computed fields are others now."""
    before = {slot.hash for slot in (head.live, head.draft) if slot is not None}
    if any(new.hash not in before for new in news):
        why = "the field catalogue has changed since, so its computed fields are others now"
        click.echo(f'"{news[0].document}" will not mean what it meant when it was archived: {why}.', err=True)


def _written(store: ConfigurationStore, stock: Stock, news: Sequence[New], *, author: str, reason: str) -> int:
    """Write, if there is anything to write, and return the revision."""
    expected = stock.snapshot.revision
    if not news:
        return expected
    return store.write(news, author=author, reason=reason, at=now(), expected=expected).revision


def _tell(revision: int, id_: str, what: str, *, as_json: bool) -> None:
    if as_json:
        write_json({"id": id_, "done": what, "revision": revision})
    else:
        people(as_json=False).print(f'"{id_}" is {what}; the store is at revision {revision}.', soft_wrap=True)


def _chosen(head: Head, past: Sequence[Past], number: int | None) -> Version:
    """Return the version that is asked for; else what decides, or would decide if it came back, or the draft."""
    if number is None:
        return head.current if head.live is None else head.live
    found = next((one.version for one in past if one.version.number == number), None)
    if found is None:
        raise Stopped(f'"{past[0].version.document}" has the versions 1 to {head.last}, and no {number}', Exit.USAGE)
    return found


def _status(head: Head) -> str:
    if head.archived is not None:
        return "archived"
    slots = {"published": head.live, "draft": head.draft}
    return ", ".join(f"{name} ({slot.number})" for name, slot in slots.items() if slot is not None)


def _name(version: Version) -> str:
    """Return the name that stands in a version, whatever else of it can still be read."""
    try:
        value = loaded(version).value
    except DocumentError:
        return version.document
    return str(value.get("name")) if isinstance(value, dict) else version.document


def _summary(id_: str, head: Head) -> dict[str, Value]:
    slots = {"live": head.live, "draft": head.draft, "archived": head.archived}
    versions: dict[str, Value] = {
        name: None if slot is None else version_document(slot) for name, slot in slots.items()
    }
    return {"id": id_, "name": _name(head.current), **versions}


def _whole(version: Version, head: Head, past: Sequence[Past], dropped: Sequence[Dropped]) -> dict[str, Value]:
    changed = changes_of(past)
    history: list[Value] = [
        {**version_document(one.version), "changes": change_documents(changed[one.version.number])} for one in past
    ]
    parts: list[Value] = [
        {"where": one.where, "text": one.text, "last_version": one.last.number, "gone": version_document(one.gone)}
        for one in dropped
    ]
    shown: dict[str, Value] = {**version_document(version), "text": version.text}
    return {**_summary(version.document, head), "shown": shown, "history": history, "archived_parts": parts}


def _table(heads: Iterable[tuple[str, Head]]) -> Table:
    table = Table(
        Column("id", no_wrap=True),
        "name",
        "status (version)",
        Column("changed (UTC)", no_wrap=True),
        "by",
        title="Configurations",
    )
    for id_, head in heads:
        newest = head.current
        table.add_row(id_, _name(newest), _status(head), minute(newest.at), newest.author)
    return table


def _archived_table(heads: Iterable[tuple[str, Head]]) -> Table:
    table = Table(
        Column("id", no_wrap=True),
        "name",
        Column("archived (UTC)", no_wrap=True),
        "by",
        "reason",
        title="Archived configurations",
    )
    for id_, head in heads:
        if head.archived is not None:
            gone = head.archived
            table.add_row(id_, _name(head.current), minute(gone.at), gone.author, gone.reason)
    return table


def _said(version: Version) -> str:
    """Say who made a version, in one line of a comment."""
    reason = " ".join(version.reason.split())
    when = f"{minute(version.at)} UTC"
    return f"version {version.number}: {version.status}, {version.act} {when} by {version.author}: {reason}"


def _beside(version: Version, head: Head) -> str:
    lines = ["# archived: it decides nothing"] if head.archived is not None else []
    if head.draft is not None and head.draft.number != version.number:
        lines.append(f"# a draft stands beside it: --version {head.draft.number}")
    return "".join(f"{line}\n" for line in lines)


def _show_history(past: Sequence[Past], told: Console) -> None:
    changed = changes_of(past)
    for one in reversed(past):
        told.print(Text(_said(one.version), style="bold"), soft_wrap=True)
        for change in changed[one.version.number]:
            told.print(Text(f"    {change_line(change)}"), soft_wrap=True)


def _show_dropped(dropped: Sequence[Dropped], told: Console) -> None:
    if not dropped:
        told.print("No condition and no tier was taken out by itself.")
        return
    told.print("Taken out one by one; restoring the configuration does not bring these back:")
    for part in dropped:
        told.print(Text(f"    {part.where}: {part.text}"), soft_wrap=True)
        gone = part.gone
        told.print(Text(f"        in version {gone.number}, {minute(gone.at)} UTC by {gone.author}", style="dim"))

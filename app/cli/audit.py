"""`croupier audit`: verify the log and what stands beside it, export it, sign its head, and answer for a person."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.wiring import utc_now, writing_role
from app.cli.audit_person import erase, evidence
from app.cli.audit_place import as_json_option, audited_place, key_option, private_key, written
from app.cli.exits import Exit, Stopped, run_async
from app.cli.people import as_person, asking, reading
from app.cli.places import at_data, gate_rules
from app.cli.screen import people, write_json
from tools.audit.evidence import log_document
from tools.audit.files import (
    append_head,
    exported,
    heads_alone,
    make_key,
    read_export,
    read_heads,
    read_public_key,
    write_export,
)
from tools.audit.findings import Finding
from tools.audit.heads import Head
from tools.audit.store import Audited, audit, next_head
from tools.audit.verify import Verified, verify
from tools.gate.roles import Permission
from tools.kept import Kept

_FILE = click.Path(path_type=Path)
ROLE_NAME: Final = re.compile("[A-Za-z_][A-Za-z0-9_]{0,62}")  # 63 are kept by PostgreSQL


@click.group("audit")
def audit_() -> None:
    """Check that the record is as it was written, and take out what an auditor asks for."""


audit_.add_command(evidence)
audit_.add_command(erase)


@audit_.command("verify")
@click.argument("file", required=False, type=_FILE)
@click.option("--heads", "heads_file", metavar="FILE", type=_FILE, help="The signed heads, as `audit head` wrote them.")
@click.option(
    "--key",
    "keys",
    metavar="PUBLIC.pem",
    type=_FILE,
    multiple=True,
    help="A public key that you trust; may be repeated.",
)
@click.option("--after", default=0, type=click.IntRange(0), metavar="ID", help="FILE begins behind this line.")
@at_data
@as_person
@as_json_option
def verify_(  # noqa: PLR0913  # one option each
    file: Path | None,
    heads_file: Path | None,
    keys: tuple[Path, ...],
    data: Path | None,
    named: str | None,
    *,
    after: int,
    as_json: bool,
) -> None:
    """Verify the log: each line against the one before it and against signed heads.

    Of a store also effects, decisions and approvals, against what the log says of them. With FILE verify an export,
    for which nothing else is needed. Exit code 0 where all holds, 1 with findings, 3 where the store or a file cannot
    be used.
    """
    heads = _read_heads(heads_file)
    trusted = run_async(_public(keys)) if keys else None
    if file is not None:
        if data is not None:
            raise Stopped("an export is verified without a store; leave FILE or --data away", Exit.USAGE)
        _tell(run_async(_verify_file(file, heads, trusted, after)), None, as_json=as_json)
        return
    if after:
        raise Stopped("--after is for an export that begins there; a store is verified whole", Exit.USAGE)
    reading(named, gate_rules())
    audited = run_async(_audit(data, heads, trusted))
    _tell(audited.log, audited.books, as_json=as_json)


def _read_heads(file: Path | None) -> list[Head]:
    async def read() -> list[Head]:
        return [] if file is None else read_heads(file)

    return run_async(read())


async def _public(files: Sequence[Path]) -> frozenset[str]:
    return frozenset(read_public_key(file) for file in files)


async def _verify_file(file: Path, heads: Sequence[Head], trusted: frozenset[str] | None, after: int) -> Verified:
    return verify(read_export(file, after=after), heads=heads, keys=trusted, after=after)


async def _audit(data: Path | None, heads: Sequence[Head], trusted: frozenset[str] | None) -> Audited:
    async with audited_place(data).kept() as kept:
        return await audit(kept, heads=heads, keys=trusted)


def _tell(log: Verified, books: Sequence[Finding] | None, *, as_json: bool) -> None:
    """Show what was found and leave with the exit code for it."""
    holds = log.holds and not books
    if as_json:
        told = None if books is None else [one.document() for one in books]
        write_json({"holds": holds, "log": log_document(log), "books": told})
    else:
        _show(log, books)
    raise SystemExit(Exit.OK if holds else Exit.FINDINGS)


def _show(log: Verified, books: Sequence[Finding] | None) -> None:
    console = people(as_json=False)
    lines, tickets = _counted(log.lines, "line"), _counted(len(log.entries), "ticket")
    newest = "" if log.last is None else f"; the newest is {log.last.id}, {log.last.hash}"
    heads = f" {_counted(log.heads, 'signed head')}, the newest of line {log.covered}." if log.heads else ""
    console.print(f"{lines} of {tickets}{newest}.{heads}", soft_wrap=True)
    for finding in (*log.findings, *(books or ())):
        console.print(str(finding), style="red", soft_wrap=True)
    if log.further:
        console.print(f"and {log.further} more", style="red")
    if log.holds:
        console.print("The log holds.", style="green")
    if books is not None and not books:
        console.print("Effects, decisions and approvals are what it says of them.", style="green")
    for unseen in log.unseen:
        console.print(f"Not seen: {unseen}", style="yellow", soft_wrap=True)


@audit_.command("export")
@click.option("--out", metavar="FILE", type=_FILE, help="Where to; else to stdout.")
@click.option("--after", default=0, type=click.IntRange(0), metavar="ID", help="Only the lines behind this one.")
@at_data
@as_person
@as_json_option
def export(out: Path | None, data: Path | None, named: str | None, *, after: int, as_json: bool) -> None:
    """Write the log, one line each with its hash, as JSONL. What was said is sealed in it.

    A file is written whole, for your eyes alone, in place of the one that was there; or that one stays.
    """
    asking(named, Permission.EXPORT_AUDIT, gate_rules())
    if out is None:
        run_async(_print_export(data, after))
        return
    lines = run_async(_export(data, out, after))
    if as_json:
        write_json({"file": str(out), "after": after, "lines": lines})
    else:
        click.echo(f"{_counted(lines, 'line')} written to {out}", err=True)


async def _print_export(data: Path | None, after: int) -> None:
    async with audited_place(data).kept() as kept:
        async for link in kept.links(after=after):
            click.echo(exported(link).encode())


async def _export(data: Path | None, out: Path, after: int) -> int:
    async with audited_place(data).kept() as kept:
        with written(out):
            return await write_export(kept.links(after=after), out)


@audit_.command("key")
@click.argument("file", type=_FILE)
@as_json_option
def key(file: Path, *, as_json: bool) -> None:
    """Make a key that signs heads: FILE, which only you may read, and FILE.pub for your auditor.

    Keep FILE away from the machine that writes the log, or at least from the account that does.
    """
    try:
        public = make_key(file)
    except FileExistsError as error:
        there = "a key is there" if str(error.filename) == str(file) else f"{error.filename} is there"
        never = "and a key is never written over; name another file"
        raise Stopped(f"{file}: {there}, {never}", Exit.USAGE) from error
    except OSError as error:
        raise Stopped(f"{file}: no key can be written there ({error.strerror})", Exit.INVALID_FILE) from error
    if as_json:
        write_json({"private": str(file), "public": str(public)})
    else:
        click.echo(f"{file}: the private key; {public}: the public one, for whoever verifies")


@audit_.command("role")
@click.argument("name")
def role(name: str) -> None:
    """Write the SQL of a PostgreSQL role for the desk, to stdout; run it as the owner of the tables.

    NAME can add to the record and to the votes and take nothing away. Make the tables first, by any command that
    writes, and afterwards give the role to the login of the desk: GRANT "NAME" TO login.
    """
    if ROLE_NAME.fullmatch(name) is None:
        mend = "write at most 63 letters, digits and underscores, the first no digit"
        raise Stopped(f'"{name}" is no plain name of a role; {mend}', Exit.USAGE)
    for statement in writing_role(name):
        click.echo(f"{statement};")


@audit_.command("head")
@key_option
@click.option("--out", metavar="FILE", type=_FILE, help="Add it to this file; else to stdout.")
@click.option("--every", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Again and again.")
@click.option("--times", type=click.IntRange(1), metavar="N", help="So many times, with --every.")
@at_data
@as_person
def head(
    key_file: Path | None,
    out: Path | None,
    every: float | None,
    times: int | None,
    data: Path | None,
    named: str | None,
) -> None:
    """Sign the newest line of the log, and thereby all before it, as a line of JSON.

    Nothing is signed where nothing is new, nor a log that does not hold since the newest head of FILE: exit code 1.
    Copy FILE to where the writer of the log cannot reach.
    """
    asking(named, Permission.EXPORT_AUDIT, gate_rules())
    if every is not None and out is None:
        raise Stopped("--every adds to a file; name it with --out", Exit.USAGE)
    if times is not None and every is None:
        raise Stopped("--times goes with --every SECONDS", Exit.USAGE)
    found = run_async(_heads(data, key_file, out, every=every, times=1 if every is None else times))
    if found is not None:
        _show(found, None)
        click.echo("This log does not hold, and was not signed.", err=True)
        raise SystemExit(Exit.FINDINGS)


async def _heads(
    data: Path | None, key_file: Path | None, out: Path | None, *, every: float | None, times: int | None
) -> Verified | None:
    """Sign now, and again after each pause; return what was found where the log does not hold."""
    private = private_key(key_file)
    async with audited_place(data).kept() as kept:
        async for now in _moments(every, times):
            found = await _head(kept, private, out, now)
            if found is not None:
                return found
    return None


async def _moments(every: float | None, times: int | None) -> AsyncIterator[datetime]:
    for number in count(1):
        yield utc_now()
        if number == times or every is None:
            return
        await asyncio.sleep(every)


async def _head(kept: Kept, private: Ed25519PrivateKey, out: Path | None, now: datetime) -> Verified | None:
    if out is None:
        return _told(await next_head(kept, (), private, at=now), None)
    with heads_alone(out) as before:
        return _told(await next_head(kept, before, private, at=now), out)


def _told(new: Head | Verified | None, out: Path | None) -> Verified | None:
    match new:
        case Verified():
            return new
        case None:
            click.echo("nothing new is on the log", err=True)
        case Head():
            if out is None:
                click.echo(new.line())
            else:
                append_head(out, new)
                click.echo(f"line {new.id} signed, {out}", err=True)
    return None


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"

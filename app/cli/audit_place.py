"""What the commands of the audit share: the one store they look at, the key they sign with, the file they write."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.cli.configured import settings
from app.cli.exits import Exit, Stopped
from app.cli.places import Place, places
from tools.audit.files import read_key

as_json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
key_option = click.option(
    "--key",
    "key_file",
    metavar="PRIVATE.pem",
    type=click.Path(path_type=Path),
    help="The key that signs; else CROUPIER_AUDIT_KEY.",
)


def audited_place(data: Path | None) -> Place:
    """Return the store whose log is meant: each store has a log of its own."""
    found = places(data)
    if len(found) > 1:
        listed = ", ".join(str(one.settings.data.absolute()) for one in found)  # only folders can be several
        raise Stopped(f"there are {len(found)} records, each with a log; name one with --data: {listed}", Exit.USAGE)
    return found[0]


def private_key(file: Path | None) -> Ed25519PrivateKey:
    """Return the key that signs. Raises `DocumentError`."""
    chosen = settings().audit_key if file is None else file
    if chosen is None:
        mend = 'make one with "croupier audit key FILE", and name it with --key or CROUPIER_AUDIT_KEY'
        raise Stopped(f"a head is signed, and no key is named; {mend}", Exit.USAGE)
    return read_key(chosen)


@contextmanager
def written(file: Path) -> Generator[None]:
    """Turn what stands in the way of writing a file into one message."""
    try:
        yield
    except OSError as error:
        raise Stopped(
            f"{file}: it cannot be written ({error.strerror}); nothing has changed", Exit.INVALID_FILE
        ) from error

"""`croupier backoffice`: run the shipped back office until it is interrupted."""

import errno
import sys
from pathlib import Path

import click

UPSTREAM_DOWN = 4
INVALID_FILE = 3
INTERRUPTED = 130
DEMO_TOKEN = "croupier-demo"  # noqa: S105  # for a server that only this machine reaches
DEMO_SECRET = "whsec_Y3JvdXBpZXItZGVtby1zaWduaW5nLXNlY3JldA=="  # noqa: S105  # the same


@click.command("backoffice")
@click.option("--port", default=8077, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option(
    "--database",
    default=Path(".croupier/backoffice.sqlite"),
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Created with 48 players where there is none.",
)
@click.option(
    "--token",
    default=DEMO_TOKEN,
    show_default=True,
    envvar="CROUPIER_BACKOFFICE_TOKEN",
    show_envvar=True,
    help="What callers must bear.",
)
@click.option(
    "--webhook-secret",
    default=DEMO_SECRET,
    show_default=True,
    envvar="CROUPIER_WEBHOOK_SECRET",
    show_envvar=True,
    help="What messages are signed with: `whsec_` and base64.",
)
@click.option(
    "--no-idempotency",
    "idempotent",
    flag_value=False,
    default=True,
    help="Ignore idempotency keys, as many a back office does: the same order twice grants twice.",
)
def backoffice(port: int, database: Path, token: str, webhook_secret: str, *, idempotent: bool) -> None:
    """Run a back office over HTTP: players, bonuses, messages, fault switches.

    It listens on 127.0.0.1 only. The token and the secret can also be given as CROUPIER_BACKOFFICE_TOKEN and
    CROUPIER_WEBHOOK_SECRET; the defaults are for trying things out.
    """
    # Imported here: FastAPI and uvicorn take half a second, and `--help` must not wait for them.
    from app.backoffice.database import NotOurs  # noqa: PLC0415  # the reason stands above
    from app.backoffice.serve import Served, serve  # noqa: PLC0415  # the same

    def ready(served: Served) -> None:
        click.echo(_greeting(served.url, served.database, own=token != DEMO_TOKEN or webhook_secret != DEMO_SECRET))

    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        serve(database, port=port, token=token, webhook_secret=webhook_secret, ready=ready, idempotent=idempotent)
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
        sys.exit(INTERRUPTED)
    except NotOurs as error:
        _stop(str(error), INVALID_FILE)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        _stop(_why_not(error, port), UPSTREAM_DOWN)


def _greeting(url: str, database: Path, *, own: bool) -> str:
    lines = [
        f"Back office: {url}",
        f"Database:    {database.resolve()}  ",
        "             To start again with the seed players delete it, and the record in CROUPIER_DATA too.",
        "Point croupier at it, in another terminal:",
        f"  export CROUPIER_BACKOFFICE_URL={url}",
    ]
    if own:
        lines.append("  and the same CROUPIER_BACKOFFICE_TOKEN and CROUPIER_WEBHOOK_SECRET as here")
    else:
        lines.append(f"  export CROUPIER_BACKOFFICE_TOKEN={DEMO_TOKEN}")
        lines.append(f"  export CROUPIER_WEBHOOK_SECRET={DEMO_SECRET}")
    lines.append("Ctrl+C stops it.")
    return "\n".join(lines)


def _why_not(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken: stop what listens there, or name another with `--port` (0 takes a free one)"
    return f"the back office cannot start: {error.strerror or error}"


def _stop(message: str, code: int) -> None:
    click.echo(f"croupier backoffice: {message}", err=True)
    sys.exit(code)

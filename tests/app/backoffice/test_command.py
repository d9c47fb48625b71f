import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from app.backoffice.serve import running
from app.cli.backoffice import backoffice

SECRET = "whsec_b2ZmaWNlLXNlY3JldA=="


def test_help_names_every_option_and_variable() -> None:
    result = CliRunner().invoke(backoffice, ["--help"])
    assert result.exit_code == 0
    for word in ("--port", "--database", "--token", "--webhook-secret", "--no-idempotency", "8077"):
        assert word in result.output
    for variable in ("CROUPIER_BACKOFFICE_TOKEN", "CROUPIER_WEBHOOK_SECRET"):
        assert variable in result.output


def test_a_port_that_is_taken_is_one_clear_message(tmp_path: Path) -> None:
    with running(token="t", webhook_secret=SECRET) as served:
        port = str(httpx.URL(served.url).port)
        result = CliRunner().invoke(backoffice, ["--port", port, "--database", str(tmp_path / "b.sqlite")])
    mend = "stop what listens there, or name another with `--port` (0 takes a free one)"
    assert (result.exit_code, result.output) == (4, f"croupier backoffice: port {port} is taken: {mend}\n")


def test_another_programs_file_is_an_invalid_file(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (id)")
    result = CliRunner().invoke(backoffice, ["--port", "0", "--database", str(path)])
    assert result.exit_code == 3
    assert "name another file" in result.output


@pytest.mark.parametrize("arguments", [["--token", ""], ["--webhook-secret", "x"], ["--port", "70000"]])
def test_a_wrong_option_is_a_wrong_usage(tmp_path: Path, arguments: list[str]) -> None:
    result = CliRunner().invoke(backoffice, ["--port", "0", "--database", str(tmp_path / "b.sqlite"), *arguments])
    assert result.exit_code == 2

"""A language model that does not answer: the ticket is handled all the same, and the fact is said."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

ANSWERED_INSTEAD = "The built-in policy model answered instead."


def _answered_by(croupier: Callable[..., Result], ticket_id: str) -> list[str]:
    """Return who answered, as the record has it."""
    shown = json.loads(croupier("tickets", "show", ticket_id, "--json").stdout)
    return [entry["body"]["model"] for entry in shown["entries"] if entry["kind"] == "model_reply"]


def test_a_model_that_is_not_there_leaves_the_ticket_to_the_policy_model(
    croupier: Callable[..., Result], ticket_file: Callable[..., Path], closed_port: str
) -> None:
    url = f"http://{closed_port}/v1"
    found = croupier("run", ticket_file(), "--json", OPENAI_BASE_URL=url)
    document = json.loads(found.stdout)
    assert (found.exit_code, len(document["end_state"]["replies"])) == (4, 1)
    assert _answered_by(croupier, document["ticket"]) == ["croupier-policy-1 (no LLM)"]
    (down,) = document["model_down"]
    assert down == f"model `gpt-4.1-mini` at {url}/ cannot be reached; start it or mend OPENAI_BASE_URL"
    last = found.stderr.splitlines()[-1]
    assert (last, "Traceback" in found.stderr) == (f"{down}. {ANSWERED_INSTEAD}", False)


def test_a_model_that_refuses_the_key_is_said_once_and_the_key_never(
    croupier: Callable[..., Result], ticket_file: Callable[..., Path], refusing_model: str
) -> None:
    path = ticket_file(says=["Hello", "Hello again"])
    found = croupier("run", path, OPENAI_BASE_URL=refusing_model, OPENAI_API_KEY="sk-123", CROUPIER_MODEL="small")
    message = f"model `small` at {refusing_model}/ refused the key; mend OPENAI_API_KEY. {ANSWERED_INSTEAD}\n"
    assert (found.exit_code, found.stderr) == (4, message)
    assert "Model: small (native tool calls)" in found.stdout
    assert "sk-123" not in found.output


def test_a_chat_goes_on_without_its_model(croupier: Callable[..., Result], refusing_model: str) -> None:
    found = croupier("chat", typed="Hello\n\n", OPENAI_BASE_URL=refusing_model)
    assert found.exit_code == 0
    assert found.stderr.endswith(f"refused the key; mend OPENAI_API_KEY. {ANSWERED_INSTEAD}\n")
    assert "I am the automatic assistant of lucky-spin" in " ".join(found.stdout.split())

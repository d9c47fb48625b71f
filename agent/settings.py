"""Settings, read from the environment here and nowhere else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parents[1]
LOCAL_TOKEN = "croupier-demo"  # noqa: S105  # for a back office that only this machine reaches
LOCAL_SECRET = "whsec_Y3JvdXBpZXItZGVtby1zaWduaW5nLXNlY3JldA=="  # noqa: S105  # the same
STORE_FILE = "croupier.sqlite"
_STORES = ("sqlite:", "postgres:", "postgresql:", "postgresql+")
_WITH_USER = re.compile(r"(?:[a-zA-Z][\w+.-]*:)?(?://)?[^/?#]*@")  # the start of an address that names a user


class SettingsError(Exception):
    """A setting cannot be used; the message names it and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """A language model behind an OpenAI-compatible endpoint."""

    name: str
    base_url: str | None
    api_key: str = field(repr=False)
    tool_mode: Literal["native", "json"]
    timeout_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One desk's settings. `model` is None where nothing is configured: the built-in policy model answers."""

    data: Path
    procedures: Path
    bonuses: Path | str  # a folder, or the address of a store
    jurisdictions: Path
    prompts: Path
    brand: str
    backoffice_url: str | None
    backoffice_token: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    messages_url: str | None
    backoffice_timeout_s: float
    model: ModelSettings | None
    hold_order: bool
    gate: Path  # modes, approvals and people
    store: str | None = field(default=None, repr=False)  # the store's address (a password?); None: a file in `data`
    user: str | None = None  # who is at the command line
    audit_key: Path | None = None  # the private key that signs the head of the log

    @property
    def store_address(self) -> str:
        """Return where everything about tickets is kept."""
        return self.store or f"sqlite:///{self.data / STORE_FILE}"


def shipped(name: str) -> Path:
    """Return a folder that ships: beside the packages in a checkout, in the wheel's data room when installed."""
    installed = ROOT / "croupier_data" / name
    return installed if installed.is_dir() else ROOT / name


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings that an environment holds. Raises `SettingsError`."""
    model = _model(environment)
    procedures = shipped("procedures")
    return Settings(
        data=Path(environment.get("CROUPIER_DATA", ".croupier")),
        procedures=Path(environment.get("CROUPIER_PROCEDURES", procedures / "support")),
        bonuses=_place(environment.get("CROUPIER_BONUSES")) or procedures / "bonus",
        jurisdictions=Path(environment.get("CROUPIER_JURISDICTIONS", procedures / "jurisdictions")),
        prompts=Path(environment.get("CROUPIER_PROMPTS", shipped("prompts"))),
        brand=environment.get("CROUPIER_BRAND", "lucky-spin"),
        backoffice_url=environment.get("CROUPIER_BACKOFFICE_URL"),
        backoffice_token=environment.get("CROUPIER_BACKOFFICE_TOKEN", LOCAL_TOKEN),
        webhook_secret=environment.get("CROUPIER_WEBHOOK_SECRET", LOCAL_SECRET),
        messages_url=environment.get("CROUPIER_MESSAGES_URL"),
        backoffice_timeout_s=_seconds(environment, "CROUPIER_BACKOFFICE_TIMEOUT_S", "5"),
        model=model,
        hold_order=_switch(environment, "CROUPIER_HOLD_ORDER", default=model is not None and model.tool_mode == "json"),
        gate=Path(environment.get("CROUPIER_GATE") or procedures / "gate.yaml"),
        store=environment.get("CROUPIER_STORE") or None,
        user=environment.get("CROUPIER_USER") or None,
        audit_key=_file(environment.get("CROUPIER_AUDIT_KEY")),
    )


def _file(text: str | None) -> Path | None:
    return Path(text) if text else None


def _place(text: str | None) -> Path | str | None:
    """Keep the address of a store as it is, mistyped ones too: a path is shown, and an address holds a password."""
    is_path = text and "://" not in text and not text.startswith(_STORES)
    return Path(text) if text and is_path else text or None


def _model(environment: Mapping[str, str]) -> ModelSettings | None:
    key, url = environment.get("OPENAI_API_KEY"), environment.get("OPENAI_BASE_URL")
    tool_mode = environment.get("CROUPIER_TOOL_MODE", "native")
    if tool_mode not in {"native", "json"}:
        raise SettingsError(f'CROUPIER_TOOL_MODE is "{tool_mode}"; it must be "native", or "json" for small models')
    timeout_s = _seconds(environment, "CROUPIER_MODEL_TIMEOUT_S", "60")
    if url and _WITH_USER.match(url):  # no client takes it beside a key, and what it shows of an address may be kept
        raise SettingsError("OPENAI_BASE_URL names a user or a password; leave them out and set OPENAI_API_KEY instead")
    if not key and not url:
        return None
    return ModelSettings(
        name=environment.get("CROUPIER_MODEL", "gpt-4.1-mini"),
        base_url=url or None,
        api_key=key or "none",
        tool_mode="json" if tool_mode == "json" else "native",
        timeout_s=timeout_s,
    )


def _seconds(environment: Mapping[str, str], name: str, default: str) -> float:
    text = environment.get(name, default)
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise SettingsError(f'{name} is "{text}"; it must be a number of seconds above 0, such as {default}')
    return value


def _switch(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environment.get(name, "")
    if text not in {"", "0", "1"}:
        raise SettingsError(f'{name} is "{text}"; it must be 1 or 0')
    return default if text == "" else text == "1"

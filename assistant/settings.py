"""The operator's settings: environment variables first, then sori.toml, then these defaults."""

from __future__ import annotations

import difflib
import os
import tomllib
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from assistant.origins import ANY, read_origin
from assistant.running import OWNER
from assistant.setup.environments import ROOT, SetupError

PREFIX = "SORI_"

Origin = Annotated[str, AfterValidator(read_origin)]
EmbedOrigin = Annotated[str, AfterValidator(lambda text: text if text == ANY else read_origin(text))]


class SettingsError(SetupError):
    """A setting is unknown or has a value that cannot be used; names the setting and where it was set."""


class Settings(BaseSettings):
    """Every setting, with its unit in its name or description, and its limits."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data_dir: Path = Field(
        default=ROOT / "data", description="Folder for everything that is made: models, index, media."
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: Origin | Literal[""] = Field(
        default="", description="Where others reach the service (https://sori.example); empty: as they name it."
    )
    allowed_origins: tuple[Origin, ...] = Field(
        default=(), description="Other origins (https://shop.example) whose pages may open the voice socket."
    )
    embed_origins: tuple[EmbedOrigin, ...] = Field(
        default=(), description="Other origins whose pages may have the player; `*` stands for every site."
    )
    media_link_h: float = Field(
        default=12.0, ge=0.1, le=168, description="How long a page's link to a recording works, hours."
    )
    database_url: str = Field(default="", description="SQLAlchemy URL; empty for SQLite in the data directory.")
    recogniser: Literal["auto", "pocketsphinx", "vosk"] = Field(
        default="auto", description="Speech recognition engine; `auto` takes a sound Vosk model if there is one."
    )
    vosk_model: Path | None = Field(default=None, description="Folder of the Vosk model to use.")
    encoder: str = Field(
        default="minilm",
        min_length=1,
        description="Meaning: `minilm`, `minilm-reference`, or a sentence-transformers model's name or folder.",
    )
    encoder_threads: int = Field(default=2, ge=1, le=64, description="Processor threads for meaning.")
    voice: str = Field(
        default="en-us+klatt6",
        pattern=r"^[A-Za-z0-9-]{2,30}(\+[A-Za-z0-9]{1,20})?$",
        description="eSpeak voice of the answers; a variant follows a plus sign.",
    )
    voice_rate_wpm: int = Field(default=175, ge=80, le=450, description="Speaking rate, words per minute.")
    time_zone: ZoneInfo | None = Field(
        default=None, description="Time zone of the listeners (Europe/Berlin); the machine's where it is not set."
    )
    store_audio: bool = Field(default=False, description="Keep what the microphone heard, under the data directory.")
    question_max_s: float = Field(default=60.0, gt=0, le=600, description="Longest recorded question, seconds.")
    upload_max_mb: int = Field(default=50, ge=1, le=1024, description="Largest request body, megabytes.")
    turn_timeout_s: float = Field(default=8.0, gt=0, le=120, description="Longest wait for one turn's answer, seconds.")
    turn_budget_ms: float = Field(
        default=700.0, gt=0, description="A slower turn is counted as a violation, milliseconds."
    )
    voice_sessions_max: int = Field(default=16, ge=1, le=1000, description="Listeners at once.")
    wyoming_port: int | None = Field(
        default=None, ge=0, le=65535, description="Port for Wyoming satellites, usually 10300; off where it is not set."
    )
    wyoming_host: str = Field(default="127.0.0.1", min_length=1, description="Address to wait for satellites at.")
    wyoming_networks: tuple[IPv4Network | IPv6Network, ...] = Field(
        default=(IPv4Network("127.0.0.0/8"), IPv6Network("::1/128")),
        description="Networks (192.168.1.0/24) whose satellites may connect; the protocol has no passwords.",
    )
    wyoming_connections_max: int = Field(default=20, ge=1, le=1000, description="Connections of satellites at once.")
    media_upload_max_gb: float = Field(default=8.0, gt=0, le=1000, description="Largest uploaded recording, gigabytes.")
    import_workers: int = Field(default=2, ge=1, le=64, description="Processes that imported media are worked at in.")
    import_networks: tuple[IPv4Network | IPv6Network, ...] = Field(
        default=(), description="Networks (10.1.0.0/16) that imports may fetch from though they are not public."
    )
    loudness_lufs: float = Field(
        default=-16.0, ge=-31, le=-9, description="Integrated loudness of imported media (EBU R 128), LUFS."
    )
    true_peak_dbtp: float = Field(
        default=-1.0, ge=-9, le=0, description="True peak that imported media stay below, dBTP."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severity to log."
    )
    log_format: Literal["auto", "text", "json"] = Field(
        default="auto", description="`auto`: text on a terminal, else JSON."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class names it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, environment, file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, settings_file())


# Read by the set-up and by tools beside the service; not settings of it.
_OTHER_VARIABLES = {
    "SORI_SETTINGS",
    "SORI_PYTHON",
    "SORI_INTERNAL_URL",
    "SORI_INTERNAL_TOKEN",
    "SORI_WORKER_TOKEN",
    OWNER,
}


def settings_file() -> Path:
    """sori.toml in the checkout, or the file that SORI_SETTINGS names."""
    return Path(os.environ.get("SORI_SETTINGS") or ROOT / "sori.toml")


def load_settings(**overrides: Any) -> Settings:
    """Settings from all sources; `overrides` that are None are left out.

    Raises:
        SettingsError: naming each wrong setting, its value, and what would be right.
    """
    _check_variables()
    if "SORI_SETTINGS" in os.environ and not settings_file().is_file():
        raise SettingsError(f"SORI_SETTINGS names {settings_file()}, and there is no such file")
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise SettingsError("\n".join(_describe(problem) for problem in error.errors())) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{settings_file()} is not valid TOML: {error}") from error
    except OSError as error:
        raise SettingsError(f"{settings_file()} cannot be read: {error.strerror}") from error
    except ValueError as error:
        # pydantic-settings raises its own ValueError for a variable whose list is not JSON
        raise SettingsError(f"a setting cannot be read: {error}") from error


def _check_variables() -> None:
    """A misspelt variable would otherwise be ignored in silence."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | _OTHER_VARIABLES
    for variable in sorted(os.environ):
        if variable.startswith(PREFIX) and variable not in known:
            raise SettingsError(f"{variable} is not a setting.{_suggestion(variable, known)}")


def _describe(problem: Any) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else "settings"
    where = f"{PREFIX}{name.upper()}" if f"{PREFIX}{name.upper()}" in os.environ else f"{name} in {settings_file()}"
    if problem["type"] == "extra_forbidden":
        return f"{where} is not a setting.{_suggestion(name, set(Settings.model_fields))}"
    return f"{where} is {problem['input']!r}: {problem['msg'][0].lower()}{problem['msg'][1:]}"


def _suggestion(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean {close[0]}?" if close else " docs/settings.md lists them."

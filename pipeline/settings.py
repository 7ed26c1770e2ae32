"""Settings of a run: arguments, then environment (`CLAIMAUDIT_*`), then the TOML file of `--config`, then defaults."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from .errors import UsageError


class Settings(BaseSettings):
    """What a run needs to know. Dates are inclusive; `as_of` None means the last service date of the input."""

    model_config = SettingsConfigDict(env_prefix="CLAIMAUDIT_", extra="forbid")

    inputs: list[Path] = Field(default_factory=list)
    out: Path = Path("out")
    db: Path = Path("claimaudit.duckdb")
    as_of: date | None = None
    run_key: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    date_from: date | None = None
    date_to: date | None = None
    select: list[str] = Field(default_factory=list)
    ignore: list[str] = Field(default_factory=list)
    preview: bool = False
    fail_on: Literal["error", "review", "never"] = "never"
    format: str | None = None
    threads: int | None = Field(default=None, ge=1)
    memory_limit: str | None = Field(default=None, pattern=r"^\d+(\.\d+)? ?(KB|MB|GB|KiB|MiB|GiB)$")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings


def load(config: Path | None = None, **arguments: Any) -> Settings:
    """Settings from the arguments that were given (not None), the environment and the TOML file; raises UsageError."""
    given = {key: value for key, value in arguments.items() if value is not None and value != []}
    if config is not None:
        try:
            from_file = tomllib.loads(config.read_text("utf-8"))
        except OSError as error:
            raise UsageError(f"The settings file {config.name} cannot be read: {error.strerror}.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"The settings file {config.name} is not TOML: {error}.") from error
        given = {**from_file, **_environment(), **given}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"The setting {name} is not valid: {first['msg']}.") from error


def _environment() -> dict[str, Any]:
    return Settings().model_dump(exclude_unset=True)

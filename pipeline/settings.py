"""Settings of a run: arguments, then environment (`CLAIMAUDIT_*`), then the TOML file of `--config`, then defaults."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from .errors import UsageError


class Settings(BaseSettings):
    """What a run needs to know. Dates are inclusive; `as_of` None means the last service date of the input,
    `known_as_of` None that every reference release counts, whenever it was published.

    `inputs` are files, folders or globs; `layouts` layout files of exports, or folders of them; `select` and `ignore` are codes or families, as a list or as text with commas.
    """

    model_config = SettingsConfigDict(env_prefix="CLAIMAUDIT_", extra="forbid")

    inputs: Annotated[list[Path], NoDecode] = Field(default_factory=list)
    out: Path = Path("out")
    db: Path = Path("claimaudit.duckdb")
    as_of: date | None = None
    known_as_of: date | None = None
    run_key: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    date_from: date | None = None
    date_to: date | None = None
    select: Annotated[list[str], NoDecode] = Field(default_factory=list)
    ignore: Annotated[list[str], NoDecode] = Field(default_factory=list)
    preview: bool = False
    xlsx: bool = False
    pdf: bool = False
    fail_on: Literal["error", "review", "never"] = "never"
    format: str | None = None
    layouts: Annotated[list[Path], NoDecode] = Field(default_factory=list)
    threads: int | None = Field(default=None, ge=1)
    memory_limit: str | None = Field(default=None, pattern=r"^\d+(\.\d+)? ?(KB|MB|GB|KiB|MiB|GiB)$")

    @field_validator("inputs", "layouts", mode="before")
    @classmethod
    def _one_input(cls, value: Any) -> Any:
        return [value] if isinstance(value, (str, Path)) else value

    @field_validator("select", "ignore", mode="before")
    @classmethod
    def _codes(cls, value: Any) -> Any:
        words = value.split(",") if isinstance(value, str) else value
        if isinstance(words, list):
            return [word.strip().upper() if isinstance(word, str) else word for word in words if word != ""]
        return words

    @model_validator(mode="after")
    def _window(self) -> Settings:
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise ValueError("the first day to report is after the last")
        return self

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
            raise UsageError(f"The settings file {config} cannot be read: {error.strerror}.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"The settings file {config} is not TOML: {str(error).rstrip('.')}.") from error
        given = {**from_file, **_environment(), **given}
    try:
        return Settings(**given)
    except ValidationError as error:
        raise _usage_error(error) from error


def _environment() -> dict[str, Any]:
    try:
        return Settings().model_dump(exclude_unset=True)
    except ValidationError as error:
        raise _usage_error(error) from error


def _usage_error(error: ValidationError) -> UsageError:
    """The first thing that is wrong, without the value."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return UsageError(f"There is no setting {name}.", f"The settings are {', '.join(Settings.model_fields)}.")
    if name == "run_key":
        return UsageError(
            "The run key is not valid.", "It is at most 64 letters, digits, dots, dashes and underscores."
        )
    what = f"The setting {name} is not valid" if name else "The settings are not valid"
    return UsageError(f"{what}: {first['msg'].removeprefix('Value error, ')}.")

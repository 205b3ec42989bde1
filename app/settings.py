"""Settings, read from the environment. This is the one place that has them; docs/settings.md is printed from it."""

import secrets
import sys
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "ALLROUND_"
SHORTEST_SECRET = 32


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    environment: Literal["development", "production"] = Field(
        "development",
        description="In production there is no token on the command line, no demonstration organization, and the "
        "secret key and the database's URL have to be given.",
    )
    database_url: SecretStr | None = Field(
        None,
        description="postgresql://… of any PostgreSQL 15 or newer. Without it an embedded PostgreSQL 18 runs in the "
        "data folder. `serve` gives up the login's own rights and takes the role allround_app.",
    )
    data_dir: Path = Field(
        Path(".allround"), description="Folder of the embedded database and of the secret key made for development."
    )
    secret_key: SecretStr | None = Field(
        None,
        description=f"Signs access tokens: {SHORTEST_SECRET} characters or more. Made and kept in the data folder in "
        "development.",
    )
    pool_size: int = Field(
        8, ge=1, le=200, description="Connections for reading, per worker; half as many are for writing."
    )
    statement_seconds: float = Field(5, gt=0, le=300, description="A statement that reads is cancelled after this.")
    token_minutes: int = Field(60, ge=1, le=24 * 60, description="How long an access token holds.")
    body_bytes: int = Field(1_048_576, ge=1_024, description="Largest body of a request.")
    short_way: bool = Field(
        True, description="Whether a query that one statement answers may go past the GraphQL executor."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    otlp_endpoint: str | None = Field(
        None, description="Base URL of an OpenTelemetry collector (OTLP over HTTP); nothing is traced without it."
    )

    @model_validator(mode="after")
    def _complete(self) -> "Settings":
        if self.environment == "production":
            missing = [name for name in ("database_url", "secret_key") if getattr(self, name) is None]
            if missing:
                raise ValueError(f"production needs {' and '.join(PREFIX + name.upper() for name in missing)}")
        if self.secret_key is not None and len(self.secret_key.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"{PREFIX}SECRET_KEY is shorter than {SHORTEST_SECRET} characters")
        if self.database_url is not None and not self.database_url.get_secret_value().startswith(
            ("postgresql://", "postgres://")
        ):
            raise ValueError(f"{PREFIX}DATABASE_URL does not begin with postgresql://")
        return self

    def secret(self) -> str:
        """The secret key; in development one is made and kept in the data folder, readable by its owner alone."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        kept = self.data_dir / "secret-key"
        if not kept.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            made = self.data_dir / f"secret-key-{secrets.token_hex(4)}"
            made.touch(mode=0o600)
            made.write_text(secrets.token_urlsafe(48))
            try:
                kept.hardlink_to(made)
            except FileExistsError:
                pass  # another process was first: its key is the one
            finally:
                made.unlink()
        return kept.read_text()


def read_settings(**given: object) -> Settings:
    """Settings of the environment, with what was given on the command line before them; ends the program with a
    clear message if they do not hold."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type] # checked by pydantic
    except ValidationError as error:
        lines = [f"{_name(problem['loc'])}{problem['msg']}" for problem in error.errors()]
        sys.exit("Settings:\n  " + "\n  ".join(lines))


def _name(place: tuple[int | str, ...]) -> str:
    return f"{PREFIX}{str(place[0]).upper()}: " if place else ""


def described() -> str:
    """The settings as a table in Markdown."""
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)

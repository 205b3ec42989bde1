"""Settings, read from the environment. This is the one place that has them; docs/settings.md is printed from it."""

import secrets
import sys
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.limits import limits_by_role

PREFIX = "ALLROUND_"
SHORTEST_SECRET = 32
SCHEMES = {"database_url": ("postgresql://", "postgres://"), "smtp_url": ("smtp://", "smtps://", "smtp+plain://")}


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
    previous_secret_key: SecretStr | None = Field(
        None,
        description="The secret key before this one: what it signed and sealed still holds. Left out again once it was "
        "replaced for long enough, or at once if it got out.",
    )
    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="Where the API is reached from outside, without a slash at the end. It is in tokens and in links.",
    )
    pool_size: int = Field(
        8, ge=1, le=200, description="Connections for reading, per worker; half as many are for writing."
    )
    statement_seconds: float = Field(5, gt=0, le=300, description="A statement that reads is cancelled after this.")
    token_minutes: int = Field(15, ge=1, le=24 * 60, description="How long an access token holds.")
    session_days: int = Field(30, ge=1, le=365, description="How long somebody stays signed in at the longest.")
    idle_days: int = Field(
        7, ge=1, le=365, description="How long a refresh token holds: unused for that long, a session ends."
    )
    trusted_proxies: str = Field(
        "", description="Addresses, separated by commas, of the proxies whose X-Forwarded-For is believed; * for any."
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="smtp://user:password@host:587 of the server that sends mail, by STARTTLS, which only a server on "
        "this machine may lack; smtps://… by TLS from the start; smtp+plain://… without any. Without it letters are "
        "put into the folder `mail` of the data folder.",
    )
    mail_from: str = Field("Allround <allround@localhost>", description="Who letters come from.")
    sign_in_url: str = Field(
        "http://127.0.0.1:8000/links/{token}",
        description="The page of the front end that invitations and resets lead to; {token} is what it passes on.",
    )
    password_memory_kib: int = Field(
        19_456, ge=8, le=1_048_576, description="Memory that hashing one password takes (argon2id, two passes)."
    )
    refusal_milliseconds: int = Field(
        300,
        ge=1,
        le=5_000,
        description="A sign-in that fails is answered after this time, or a multiple of it, so that the time tells "
        "nothing. It is to be longer than hashing a password takes.",
    )
    clock_skew_seconds: int = Field(
        30, ge=0, le=60, description="By how much the clock of an identity provider may differ from ours."
    )
    private_providers: bool = Field(
        False,
        description="Whether identity providers may be on private networks, or behind the proxy that HTTPS_PROXY "
        "names. Otherwise only public addresses are asked; in development those of this machine as well.",
    )
    allowed_origins: str = Field(
        "",
        description="Origins, separated by commas, whose pages may open a WebSocket, such as https://app.example.com; "
        "those of the public URL may anyway.",
    )
    subscriptions_per_socket: int = Field(
        100, ge=1, le=10_000, description="Operations that may be under way on one WebSocket."
    )
    trusted_documents: str = Field(
        "",
        description="Manifests of trusted documents, or folders of them, separated by commas. docs/transport.md tells "
        "about them.",
    )
    trusted_only: bool = Field(
        False,
        description="Whether nothing but trusted documents is executed; the console, introspection and the schema over "
        "HTTP are off then. Right for production.",
    )
    body_bytes: int = Field(1_048_576, ge=1_024, description="Largest body of a request.")
    limits: dict[str, dict[str, int]] = Field(
        {},
        description='What a caller may ask for, by role, as JSON: `{"DEFAULT": {"refill": 1000}, "PARTNER": '
        '{"depth": 5}}`. docs/limits.md lists them.',
    )
    busy_requests: int = Field(
        64, ge=1, le=10_000, description="Requests that a worker answers at the same time; further ones wait."
    )
    waiting_seconds: float = Field(
        0.5, gt=0, le=5, description="A request that would wait longer for its turn is refused with 503."
    )
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
        for name in ("secret_key", "previous_secret_key"):
            secret: SecretStr | None = getattr(self, name)
            if secret is not None and len(secret.get_secret_value()) < SHORTEST_SECRET:
                raise ValueError(f"{PREFIX}{name.upper()} is shorter than {SHORTEST_SECRET} characters")
        for name, schemes in SCHEMES.items():
            url: SecretStr | None = getattr(self, name)
            if url is not None and not url.get_secret_value().startswith(schemes):
                raise ValueError(f"{PREFIX}{name.upper()} does not begin with {' or '.join(schemes)}")
        limits_by_role(self.limits)
        if self.trusted_only and not self.trusted_documents:
            raise ValueError(f"{PREFIX}TRUSTED_ONLY takes {PREFIX}TRUSTED_DOCUMENTS, which name what is trusted")
        if "{token}" not in self.sign_in_url:
            raise ValueError(f"{PREFIX}SIGN_IN_URL has no place for the {{token}}")
        return self

    def origins(self) -> tuple[str, ...]:
        """Whose pages may open a WebSocket."""
        named = (origin.strip().rstrip("/") for origin in self.allowed_origins.split(","))
        return ("/".join(self.public_url.split("/")[:3]), *filter(None, named))

    def secrets(self) -> tuple[str, ...]:
        """The secret key, and the one before it."""
        previous = self.previous_secret_key
        return (self.secret(),) if previous is None else (self.secret(), previous.get_secret_value())

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

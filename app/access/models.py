"""How a stakeholder signs in, what they were granted, and what proves who they are."""

from datetime import date, datetime, timedelta
from enum import Enum
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.access.permissions import Reach, Role
from app.db.rows import TenantRow, VersionedRow, belongs_to, enum_column, now

CONFIRMED_WITHIN = timedelta(minutes=15)


class Account(VersionedRow, table=True):
    """`external_id` is its key in the system that provisions it. A closed account cannot sign in."""

    __tablename__ = "accounts"

    stakeholder_id: UUID
    email: str
    external_id: str | None = None
    closed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    __table_args__ = (
        belongs_to("stakeholder_id", "stakeholders"),
        Index("accounts_email", "organization_id", func.lower(text("email")), unique=True),
        Index("accounts_order", "organization_id", "email", "id"),
        Index("accounts_stakeholder", "organization_id", "stakeholder_id"),
        Index("accounts_external_id", "organization_id", "external_id", unique=True),
    )


class Grant(VersionedRow, table=True):
    """A role in the days [starts_on, ends_on), unless it was revoked.

    `reach` narrows the role: none of its permissions goes further. `department_id` roots a reach of DEPARTMENT where
    it is set, otherwise it is what the stakeholder heads. With subjects, nobody but they are reached. A grant with
    `lent_from_id` is a delegation: it lends somebody else's grant for a time, and holds while that one does.
    `managed_by` names what keeps the grant in step with a group outside, and `group_role_id` what the group is mapped
    to.
    """

    __tablename__ = "grants"

    account_id: UUID
    role: Role = Field(sa_column=enum_column(Role))
    reach: Reach | None = Field(default=None, sa_column=enum_column(Reach, nullable=True))
    department_id: UUID | None = None
    starts_on: date
    ends_on: date | None = None
    revoked_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    lent_from_id: UUID | None = None
    managed_by: str | None = None
    group_role_id: UUID | None = None

    __table_args__ = (
        belongs_to("account_id", "accounts"),
        belongs_to("department_id", "departments"),
        belongs_to("lent_from_id", "grants"),
        belongs_to("group_role_id", "group_roles"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("role not in ('PARTNER', 'INVESTOR', 'CUSTOMER') or ends_on is not null", name="externals_end"),
        CheckConstraint("lent_from_id is null or ends_on is not null", name="delegations_end"),
        CheckConstraint("department_id is null or reach is null or reach = 'DEPARTMENT'", name="rooted_in_department"),
        Index("grants_account", "organization_id", "account_id"),
        Index("grants_department", "organization_id", "department_id"),
        Index("grants_lent_from", "organization_id", "lent_from_id"),
        Index("grants_group_role", "organization_id", "group_role_id"),
        Index(
            "grants_administrators",
            "organization_id",
            "account_id",
            postgresql_where=text("role = 'ORGANIZATION_ADMIN'"),
        ),
    )


class GrantSubject(SQLModel, table=True):
    """One of the stakeholders that a grant is limited to."""

    __tablename__ = "grant_subjects"

    organization_id: UUID = Field(primary_key=True)
    grant_id: UUID = Field(primary_key=True)
    stakeholder_id: UUID = Field(primary_key=True)

    __table_args__ = (
        belongs_to("grant_id", "grants"),
        belongs_to("stakeholder_id", "stakeholders"),
        Index("grant_subjects_stakeholder", "organization_id", "stakeholder_id"),
    )


class Password(VersionedRow, table=True):
    """An account's password, as argon2id hashes it."""

    __tablename__ = "passwords"

    account_id: UUID
    hash: str

    __table_args__ = (
        belongs_to("account_id", "accounts"),
        Index("passwords_account", "organization_id", "account_id", unique=True),
    )


class SignInMethod(Enum):
    PASSWORD = "PASSWORD"  # noqa: S105 -- a way to sign in
    SINGLE_SIGN_ON = "SINGLE_SIGN_ON"
    LINK = "LINK"
    COMMAND_LINE = "COMMAND_LINE"


class SessionEnd(Enum):
    SIGNED_OUT = "SIGNED_OUT"
    SIGNED_OUT_EVERYWHERE = "SIGNED_OUT_EVERYWHERE"
    TOKEN_REUSED = "TOKEN_REUSED"  # noqa: S105 -- why a session ended
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 -- why a session ended
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    REVOKED = "REVOKED"


class Session(TenantRow, table=True):
    """Somebody signed in on one device: the family of refresh tokens that follow one another. Access tokens name it,
    and hold no longer than it does. `expires_at` moves on with each refresh."""

    __tablename__ = "sessions"

    account_id: UUID
    method: SignInMethod = Field(sa_column=enum_column(SignInMethod))
    opened_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    used_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    end_reason: SessionEnd | None = Field(default=None, sa_column=enum_column(SessionEnd, nullable=True))
    address: str | None = None
    device: str | None = None

    __table_args__ = (
        belongs_to("account_id", "accounts"),
        CheckConstraint("(ended_at is null) = (end_reason is null)", name="ends_for_a_reason"),
        Index("sessions_account", "organization_id", "account_id", "id"),
    )

    def lasts(self, at: datetime) -> bool:
        return self.ended_at is None and self.expires_at > at

    def end(self, reason: SessionEnd) -> None:
        self.ended_at, self.end_reason = now(), reason

    def use(self, until: datetime) -> None:
        self.used_at, self.expires_at = now(), until


class RefreshToken(TenantRow, table=True):
    """Good for one use, while its session lasts. Using it again tells that somebody else has it, and ends the
    session."""

    __tablename__ = "refresh_tokens"

    session_id: UUID
    secret_hash: bytes
    issued_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    used_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    __table_args__ = (
        belongs_to("session_id", "sessions"),
        Index("refresh_tokens_session", "organization_id", "session_id"),
    )


class LinkPurpose(Enum):
    INVITATION = "INVITATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 -- what a link is for


class OneTimeLink(TenantRow, table=True):
    """A link that was sent to one person for one purpose, good for one use."""

    __tablename__ = "one_time_links"

    account_id: UUID
    purpose: LinkPurpose = Field(sa_column=enum_column(LinkPurpose))
    secret_hash: bytes
    made_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    used_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    __table_args__ = (
        belongs_to("account_id", "accounts"),
        Index("one_time_links_account", "organization_id", "account_id"),
    )

    def holds(self, purpose: LinkPurpose, at: datetime) -> bool:
        return self.purpose is purpose and self.used_at is None and self.expires_at > at


class Authenticator(VersionedRow, table=True):
    """What makes an account's one-time passwords. It counts once a first password was confirmed, which it waits for a
    quarter of an hour; `last_step` is the time step of the last one that was used, which cannot be used again."""

    __tablename__ = "authenticators"

    account_id: UUID
    sealed_secret: str
    confirmed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    last_step: int = 0

    __table_args__ = (
        belongs_to("account_id", "accounts"),
        Index("authenticators_account", "organization_id", "account_id", unique=True),
    )

    def waits(self, at: datetime) -> bool:
        """Whether it can be confirmed: it was made a while ago at the most, and was not confirmed yet."""
        return self.confirmed_at is None and at < self.updated_at + CONFIRMED_WITHIN


class RecoveryCode(TenantRow, table=True):
    """Stands in for a one-time password, once."""

    __tablename__ = "recovery_codes"

    account_id: UUID
    code_hash: bytes
    used_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    __table_args__ = (
        belongs_to("account_id", "accounts"),
        Index("recovery_codes_account", "organization_id", "account_id"),
    )


class Guess(SQLModel, table=True):
    """How often in a row somebody failed to prove who they are, and when last. `subject` is the hash of an address, of
    an account as it was named, or of both; it tells nobody whether there is such an account. The organization may be
    one that is not there."""

    __tablename__ = "guesses"

    organization_id: UUID = Field(primary_key=True)
    subject: bytes = Field(primary_key=True)
    failures: int
    failed_at: datetime = Field(sa_type=DateTime(timezone=True))


class ApiKey(VersionedRow, table=True):
    """A program's key to an account. It can do what `permissions` say, each as far as it says, and never more than
    its account. While a rotation lasts, the previous secret holds as well. `networks` are in CIDR notation; none
    given means any."""

    __tablename__ = "api_keys"

    account_id: UUID
    name: str
    secret_hash: bytes
    previous_secret_hash: bytes | None = None
    previous_until: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    permissions: dict[str, str] = Field(sa_type=JSONB)
    networks: list[str] = Field(default_factory=list, sa_type=JSONB)
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    revoked_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    used_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    used_from: str | None = None

    __table_args__ = (
        belongs_to("account_id", "accounts"),
        Index("api_keys_account", "organization_id", "account_id"),
        Index("api_keys_name", "organization_id", "name", "id"),
    )

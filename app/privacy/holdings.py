"""Where something is held about a person, what of it is handed out, and what becomes of it when they are erased.

Every table is listed, under each of its columns that name a person, an account, or anything else of theirs; or it is
about nobody. tests/architecture/test_privacy.py fails for a table, a foreign key or a column that is not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Table, Text, cast, func, literal
from sqlmodel import SQLModel

from app.access import models as access
from app.access.actor import Actor
from app.accounts.models import GroupRole
from app.audits.models import AuditHead, AuditSeal
from app.db.models import AuditEvent, DomainEvent, IdempotencyKey
from app.goals.models import (
    AlignmentRequest,
    CheckIn,
    CheckInDecision,
    Goal,
    GoalCoOwner,
    GoalLine,
    GoalPeriod,
    GoalProgress,
    JointAgreement,
    KeyResult,
    Milestone,
)
from app.goals.template_models import GoalTemplate, TemplateKeyResult
from app.identities.models import ExternalIdentity, IdentityProvider, SignInCode
from app.messages import Locale
from app.provisioning.models import ProvisionedGroup, ProvisionedGroupMember, ProvisionedUser
from app.stakeholders.models import (
    Company,
    ContactPoint,
    Department,
    DepartmentLine,
    Membership,
    Organization,
    Position,
    ReportingLine,
    Stakeholder,
)

Model: TypeAlias = type[SQLModel]
Value: TypeAlias = Callable[[Any, Actor], Any]
"""What a column becomes: of the row's columns and whoever erases, as SQL or as a value."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """The row goes."""


@dataclass(frozen=True, slots=True)
class DeletedUnlessShared:
    """The row goes, unless a row of `table` is left whose `column` names it."""

    table: Model
    column: str


@dataclass(frozen=True, slots=True)
class Blanked:
    """The row stays, with other values in the columns that told of the person; `kept` are the columns that do not."""

    values: Mapping[str, Value]
    kept: Sequence[str]


@dataclass(frozen=True, slots=True)
class Kept:
    """The row stays as it is, and this is why: what it says of the person from then on is a pseudonym."""

    why: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Rows whose `column` has the id of a row of theirs in the table `of`, or of whatever is theirs if that is None.
    `shows` are the columns that are handed out: all unless it is given, none for what is derived from others."""

    model: Model
    column: str
    of: Model | None
    erasure: Deleted | DeletedUnlessShared | Blanked | Kept
    shows: Sequence[str] | None = None

    @property
    def table(self) -> Table:
        return table_of(self.model)

    @property
    def name(self) -> str:
        """Under which it is handed out."""
        table = str(self.model.__tablename__)
        return table if self.shows is None else f"{table}.{self.column}"

    @property
    def is_theirs(self) -> bool:
        """Whether the rows are about the person alone and can be named, so that what names one names the person."""
        return self.shows is None and "id" in self.table.c and not isinstance(self.erasure, DeletedUnlessShared)

    @property
    def is_told_of(self) -> bool:
        """Whether what the audit trail tells of the rows goes with the person."""
        return self.is_theirs and isinstance(self.erasure, Deleted | Blanked)


def table_of(model: Model) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


PSEUDONYMS = {Locale.EN.value: "Erased person ", Locale.ZH_CN.value: "已抹除人员 "}
SUFFIX = 4


def _nothing(*_: object) -> None:
    return None


def _now(*_: object) -> Any:
    return func.now()


def _pseudonym(person: Any, actor: Actor) -> Any:
    """In the organization's language, with the end of the id, so that two can be told apart."""
    return literal(PSEUDONYMS[actor.organization_locale]).concat(func.right(cast(person.id, Text), SUFFIX))


def _nobodys_address(account: Any, _: Actor) -> Any:
    """An address that no mail can be sent to (RFC 2606), and that nobody else has."""
    return cast(account.id, Text).concat("@erased.invalid")


_BELONGS_TO_OTHERS = Kept("Others' history needs it.")
_DERIVED = Kept("It is derived from the memberships, which are handed out.")
_RIGHTS_OF_OTHERS = Kept("It says what others may do; without it they could do more.")
_TRAIL = Kept(
    "The chain keeps who did what to what; before and after are erased where it was done to the person or to what is "
    "theirs."
)

_GOALS_STAY = Kept("What was reached, and what was told of it, is the organization's history.")
_OF_GOALS = (
    *("id", "level", "title", "description", "visibility", "commitment", "state", "state_reason", "outcome"),
    *("starts_on", "ends_on", "weight", "progress", "confidence", "created_at"),
)

HOLDINGS: Sequence[Holding] = (
    Holding(
        Stakeholder,
        "id",
        Stakeholder,
        Blanked(
            {
                "name": _pseudonym,
                "email": _nothing,
                "company_id": _nothing,
                "locale": _nothing,
                "external_id": _nothing,
                "erased_at": _now,
            },
            kept=("kind", "joined_on", "active_from", "deactivated_on"),
        ),
    ),
    Holding(Company, "id", Company, DeletedUnlessShared(Stakeholder, "company_id")),
    Holding(ContactPoint, "stakeholder_id", Stakeholder, Deleted()),
    Holding(Membership, "stakeholder_id", Stakeholder, _BELONGS_TO_OTHERS),
    Holding(Membership, "manager_id", Stakeholder, _BELONGS_TO_OTHERS, shows=("id", "starts_on", "ends_on")),
    Holding(ReportingLine, "report_id", Stakeholder, _DERIVED, shows=()),
    Holding(ReportingLine, "manager_id", Stakeholder, _DERIVED, shows=()),
    Holding(Department, "head_id", Stakeholder, _BELONGS_TO_OTHERS, shows=("id", "name")),
    Holding(Department, "stakeholder_id", Stakeholder, _BELONGS_TO_OTHERS, shows=("id", "name")),
    # --- signing in
    Holding(
        access.Account,
        "stakeholder_id",
        Stakeholder,
        Blanked(
            {
                "email": _nobodys_address,
                "external_id": _nothing,
                "closed_at": lambda account, _: func.coalesce(account.closed_at, func.now()),
            },
            kept=("stakeholder_id",),
        ),
    ),
    Holding(access.Password, "account_id", access.Account, Deleted()),
    Holding(access.Session, "account_id", access.Account, Deleted()),
    Holding(access.RefreshToken, "session_id", access.Session, Deleted()),
    Holding(access.OneTimeLink, "account_id", access.Account, Deleted()),
    Holding(access.Authenticator, "account_id", access.Account, Deleted()),
    Holding(access.RecoveryCode, "account_id", access.Account, Deleted()),
    Holding(access.ApiKey, "account_id", access.Account, Deleted()),
    Holding(ExternalIdentity, "account_id", access.Account, Deleted()),
    Holding(SignInCode, "account_id", access.Account, Deleted()),
    Holding(ProvisionedUser, "account_id", access.Account, Deleted()),
    Holding(ProvisionedGroupMember, "account_id", access.Account, Deleted()),
    Holding(IdempotencyKey, "actor_id", access.Account, Deleted(), shows=("key", "action", "created_at")),
    Holding(IdempotencyKey, "result_id", None, Deleted(), shows=()),
    # --- what they were granted, and who was granted what by them
    Holding(access.Grant, "account_id", access.Account, _BELONGS_TO_OTHERS),
    Holding(
        access.Grant, "lent_from_id", access.Grant, _BELONGS_TO_OTHERS, shows=("id", "role", "starts_on", "ends_on")
    ),
    Holding(access.GrantSubject, "grant_id", access.Grant, _RIGHTS_OF_OTHERS, shows=("grant_id", "stakeholder_id")),
    Holding(access.GrantSubject, "stakeholder_id", Stakeholder, _RIGHTS_OF_OTHERS, shows=("grant_id",)),
    Holding(
        GroupRole,
        "mapped_by_id",
        Stakeholder,
        _RIGHTS_OF_OTHERS,
        shows=("id", "source", "group_name", "role", "created_at"),
    ),
    # --- goals: they are the work of many, and stay as history
    Holding(Goal, "owner_id", Stakeholder, _GOALS_STAY, shows=_OF_GOALS),
    Holding(GoalCoOwner, "stakeholder_id", Stakeholder, _GOALS_STAY, shows=("id", "goal_id")),
    Holding(
        CheckIn,
        "author_id",
        Stakeholder,
        _GOALS_STAY,
        shows=("id", "goal_id", "key_result_id", "told_on", "value", "milestones", "confidence", "note", "corrects_id"),
    ),
    Holding(
        CheckInDecision,
        "decided_by_id",
        Stakeholder,
        _GOALS_STAY,
        shows=("id", "check_in_id", "decided_at", "confirmed", "reason"),
    ),
    Holding(
        AlignmentRequest,
        "asked_by_id",
        Stakeholder,
        _GOALS_STAY,
        shows=("id", "goal_id", "parent_id", "note", "state", "created_at"),
    ),
    Holding(AlignmentRequest, "decided_by_id", Stakeholder, _GOALS_STAY, shows=("id", "goal_id", "state", "reason")),
    Holding(
        JointAgreement,
        "partner_id",
        Stakeholder,
        _GOALS_STAY,
        shows=("id", "goal_id", "terms", "own_share", "partner_share", "state", "reason", "created_at"),
    ),
    Holding(JointAgreement, "proposed_by_id", Stakeholder, _GOALS_STAY, shows=("id", "goal_id", "terms", "created_at")),
    Holding(JointAgreement, "decided_by_id", Stakeholder, _GOALS_STAY, shows=("id", "goal_id", "state", "reason")),
    # --- what is written beside every change
    Holding(
        AuditEvent,
        "subject_id",
        None,
        _TRAIL,
        shows=("id", "at", "action", "subject_type", "subject_id", "before", "after"),
    ),
    Holding(AuditEvent, "actor_id", Stakeholder, _TRAIL, shows=("id", "at", "action", "subject_type", "request_id")),
    Holding(
        AuditEvent, "on_behalf_of_id", Stakeholder, _TRAIL, shows=("id", "at", "action", "subject_type", "request_id")
    ),
    Holding(
        DomainEvent,
        "subject_id",
        None,
        Kept("It holds ids and words of the vocabulary, and nothing that tells of a person."),
        shows=("id", "at", "name", "payload"),
    ),
)

NOBODYS: Mapping[Model, str] = {
    Organization: "It is everybody's.",
    Position: "It describes a job.",
    DepartmentLine: "It says which department is below which.",
    IdentityProvider: "It is the organization's.",
    GoalPeriod: "It says for which days goals are set.",
    GoalLine: "It says which goal is below which.",
    GoalTemplate: "It describes a goal of a job.",
    TemplateKeyResult: "It describes a goal of a job.",
    KeyResult: "It says what a goal is measured by; whose the goal is stands beside it.",
    Milestone: "It is a step of a key result.",
    GoalProgress: "It has figures of a goal; whose the goal is stands beside it.",
    ProvisionedGroup: "It is a group; who is in it stands beside it.",
    AuditSeal: "It has hashes, from which nothing can be guessed once the salt of an event is gone.",
    AuditHead: "It has a hash.",
    access.Guess: "It has keyed hashes of what was tried, and is forgotten within days.",
}

"""What the queries and mutations about stakeholders take."""

from datetime import date
from enum import Enum

import strawberry

from app.messages import Locale
from app.planner.arguments import at_least
from app.planner.words import described
from app.stakeholders.models import ContactKind, StakeholderKind
from schema.inputs.words import ATOMIC, DRY, KEY, VERSION

described(
    StakeholderKind,
    "What somebody is to the organization: three kinds inside, three outside.",
    {
        StakeholderKind.EMPLOYEE: "Staff whose performance is managed.",
        StakeholderKind.MANAGER: "Staff who manage others, of middle or senior rank.",
        StakeholderKind.DEPARTMENT: "A unit, spoken for by its head.",
        StakeholderKind.INVESTOR: "A shareholder or an observer of the board.",
        StakeholderKind.PARTNER: "Somebody at a company that works with this one.",
        StakeholderKind.CUSTOMER: "A buyer or user of the products and services.",
    },
)
described(
    ContactKind,
    "How somebody is reached.",
    {
        ContactKind.EMAIL: "A further e-mail address.",
        ContactKind.PHONE: "A telephone on a desk.",
        ContactKind.MOBILE: "A telephone in a pocket.",
        ContactKind.MESSENGER: "A name in a messenger, which the label names.",
        ContactKind.ADDRESS: "A postal address.",
        ContactKind.WEBSITE: "A page on the web.",
    },
)
described(
    Locale,
    "A language of messages, labels and notifications.",
    {Locale.EN: "English.", Locale.ZH_CN: "Simplified Chinese."},
)


@strawberry.enum(description="Rising or falling.")
class Direction(Enum):
    ASC = strawberry.enum_value("ASC", description="From the first to the last.")
    DESC = strawberry.enum_value("DESC", description="From the last to the first.")


@strawberry.enum(description="What stakeholders can be sorted by.")
class StakeholderOrderField(Enum):
    NAME = strawberry.enum_value("NAME", description="By name, as the database's collation has it.")
    CREATED_AT = strawberry.enum_value("CREATED_AT", description="By when they were entered.")


@strawberry.input(description="An order of stakeholders.")
class StakeholderOrder:
    field: StakeholderOrderField = strawberry.field(description="What they are sorted by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Rising unless it is said.")


@strawberry.input(description="The people of a department.")
class DepartmentFilter:
    id: strawberry.ID = strawberry.field(description="The department.")
    include_subdepartments: bool = strawberry.field(
        default=True, description="Whether the departments below it count as well."
    )


@strawberry.input(description="The people below a manager.")
class ManagerFilter:
    id: strawberry.ID = strawberry.field(description="The manager.")
    depth: int | None = strawberry.field(
        default=None,
        description="How many levels down: 1 for direct reports; all of them if it is left out.",
        metadata=at_least(1),
    )


@strawberry.input(description="Which stakeholders: those that meet every condition given.")
class StakeholderFilter:
    kinds: list[StakeholderKind] | None = strawberry.field(default=None, description="One of these kinds.")
    department: DepartmentFilter | None = strawberry.field(default=None, description="Works there.")
    manager: ManagerFilter | None = strawberry.field(default=None, description="Reports there.")
    position_id: strawberry.ID | None = strawberry.field(default=None, description="Holds this position.")
    company_id: strawberry.ID | None = strawberry.field(default=None, description="Acts for this company.")
    text: str | None = strawberry.field(
        default=None, description="Has this in the name or the e-mail address, in whatever case."
    )
    active_on: date | None = strawberry.field(
        default=None,
        description="Was or will be active that day: staff with a membership, others not deactivated by then. "
        "`department`, `manager` and `positionId` are then looked at as of that day, otherwise as of today. On any "
        "other day than today it finds only those whom the viewer reads.",
    )


@strawberry.input(description="Which departments: those that meet every condition given.")
class DepartmentsFilter:
    parent_id: strawberry.ID | None = strawberry.field(default=None, description="Directly below this one.")
    below_id: strawberry.ID | None = strawberry.field(default=None, description="Below this one, at any depth.")
    roots_only: bool = strawberry.field(default=False, description="Only those that stand below no other.")
    include_closed: bool = strawberry.field(default=False, description="Closed ones as well.")
    text: str | None = strawberry.field(default=None, description="Has this in the name, in whatever case.")


@strawberry.input(description="A way to reach somebody.")
class ContactPointInput:
    kind: ContactKind = strawberry.field(description="How.")
    value: str = strawberry.field(description="The number, address or name; 1 to 200 characters.")
    label: str | None = strawberry.field(default=None, description="What it is for, such as work or home.")


@strawberry.input(description="Where somebody works, as what and for whom.")
class PlaceInput:
    starts_on: date = strawberry.field(description="The first day there.")
    department_id: strawberry.ID = strawberry.field(description="The unit.")
    position_id: strawberry.ID | None = strawberry.field(default=None, description="The position.")
    manager_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whom they report to; nobody at the top."
    )
    title: str | None = strawberry.field(
        default=None, description="What they are called; the position's title unless it is given."
    )


@strawberry.input(description="Somebody new.")
class CreateStakeholderInput:
    kind: StakeholderKind = strawberry.field(description="Any but DEPARTMENT, which comes with createDepartment.")
    name: str = strawberry.field(description="1 to 200 characters.")
    email: str | None = strawberry.field(default=None, description="At work; nobody else may have it.")
    company: str | None = strawberry.field(
        default=None, description="Name of the company an outsider acts for; entered if it is new."
    )
    locale: Locale | None = strawberry.field(default=None, description="The language they want.")
    joined_on: date | None = strawberry.field(
        default=None, description="The day they joined; the first day of the place unless it is given."
    )
    external_id: str | None = strawberry.field(default=None, description="Their key in another system.")
    contact_points: list[ContactPointInput] = strawberry.field(
        default_factory=list, description="Further ways to reach them, the best first; 20 at most."
    )
    place: PlaceInput | None = strawberry.field(default=None, description="For staff, who need one.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What is to be another way; what is left out stays, null empties.")
class UpdateStakeholderInput:
    id: strawberry.ID = strawberry.field(description="Who.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)
    kind: StakeholderKind | None = strawberry.field(
        default=strawberry.UNSET, description="EMPLOYEE or MANAGER, for staff; others keep theirs."
    )
    name: str | None = strawberry.field(default=strawberry.UNSET, description="1 to 200 characters.")
    email: str | None = strawberry.field(default=strawberry.UNSET, description="At work; nobody else may have it.")
    company: str | None = strawberry.field(
        default=strawberry.UNSET, description="Name of the company an outsider acts for."
    )
    locale: Locale | None = strawberry.field(default=strawberry.UNSET, description="The language they want.")
    contact_points: list[ContactPointInput] | None = strawberry.field(
        default=strawberry.UNSET, description="All of them anew, the best first; 20 at most."
    )


@strawberry.input(description="Who leaves, and when.")
class DeactivateStakeholderInput:
    id: strawberry.ID = strawberry.field(description="Who.")
    on: date = strawberry.field(
        description="The first day on which they are not active; what was planned for later is taken back."
    )
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="Who comes back, when, and where to.")
class ReactivateStakeholderInput:
    id: strawberry.ID = strawberry.field(description="Who.")
    on: date = strawberry.field(
        description="The first day on which they are active again: not before the one they left; for staff not after "
        "the first day of the place, which is when they are active."
    )
    place: PlaceInput | None = strawberry.field(default=None, description="For staff, who need one.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="Who works elsewhere from a day on; what is left out stays, null empties.")
class MoveStakeholderInput:
    id: strawberry.ID = strawberry.field(description="Who.")
    on: date = strawberry.field(
        description="The first day of the new place, which takes the place of what was planned for that day or later. "
        "On the first day of the present one the move corrects it; what came before that stays."
    )
    expected_version: int | None = strawberry.field(default=None, description=VERSION)
    department_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="The unit.")
    position_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="The position.")
    manager_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Whom they report to; null at the top."
    )
    title: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What they are called; a new position's title unless it is given.",
    )


@strawberry.input(description="Several new stakeholders; 250 at most.")
class CreateStakeholderBatchInput:
    rows: list[CreateStakeholderInput] = strawberry.field(description="In the order they are done.")
    dry_run: bool = strawberry.field(default=False, description=DRY)
    atomic: bool = strawberry.field(default=False, description=ATOMIC)


@strawberry.input(description="Several changes of stakeholders; 250 at most.")
class UpdateStakeholderBatchInput:
    rows: list[UpdateStakeholderInput] = strawberry.field(description="In the order they are done.")
    dry_run: bool = strawberry.field(default=False, description=DRY)
    atomic: bool = strawberry.field(default=False, description=ATOMIC)


@strawberry.input(description="Several moves of stakeholders, such as a reorganization; 250 at most.")
class MoveStakeholderBatchInput:
    rows: list[MoveStakeholderInput] = strawberry.field(description="In the order they are done.")
    dry_run: bool = strawberry.field(default=False, description=DRY)
    atomic: bool = strawberry.field(default=False, description=ATOMIC)


@strawberry.input(description="Several who leave; 250 at most.")
class DeactivateStakeholderBatchInput:
    rows: list[DeactivateStakeholderInput] = strawberry.field(description="In the order they are done.")
    dry_run: bool = strawberry.field(default=False, description=DRY)
    atomic: bool = strawberry.field(default=False, description=ATOMIC)


@strawberry.input(description="A new department.")
class CreateDepartmentInput:
    name: str = strawberry.field(description="1 to 200 characters; no open one beside it has the same.")
    parent_id: strawberry.ID | None = strawberry.field(default=None, description="The unit it belongs to.")
    external_id: str | None = strawberry.field(default=None, description="Its key in another system.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A department's new name.")
class RenameDepartmentInput:
    id: strawberry.ID = strawberry.field(description="The department.")
    name: str = strawberry.field(description="1 to 200 characters; no open one beside it has the same.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="A department's new place in the tree.")
class MoveDepartmentInput:
    id: strawberry.ID = strawberry.field(description="The department, which takes all below it along.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The unit it is to belong to, null for a root; has to be given."
    )
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="A department's end.")
class CloseDepartmentInput:
    id: strawberry.ID = strawberry.field(description="The department; nobody may work in it by then.")
    on: date = strawberry.field(description="The first day on which it is closed.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="A department's head.")
class AppointHeadInput:
    id: strawberry.ID = strawberry.field(description="The department.")
    head_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="Somebody who works in it, or in one below it, null for none; has to be given.",
    )
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="A new position.")
class CreatePositionInput:
    title: str = strawberry.field(description="1 to 200 characters.")
    level: int = strawberry.field(default=1, description="Grade: 1 to 99, higher is more senior.")
    duties: str | None = strawberry.field(default=None, description="What the job is there for; 10,000 characters.")
    external_id: str | None = strawberry.field(default=None, description="Its key in another system.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)

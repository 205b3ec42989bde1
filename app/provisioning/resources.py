"""Users and groups as SCIM 2.0 has them (RFC 7643): as much of its schemas as an organization keeps.

The descriptions are what /Schemas tells. Whatever else a directory sends is accepted and left aside.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from scim2_models import (
    URN,
    AnyExtension,
    CaseExact,
    ComplexAttribute,
    Extension,
    GroupMembership,
    Mutability,
    Reference,
    Required,
    Resource,
    Uniqueness,
)

WORK = "work"
MOBILE = "mobile"


class Name(ComplexAttribute):
    formatted: str | None = None
    """The whole name. It is the display name, under the name that it has here."""

    family_name: str | None = None
    """The family name."""

    given_name: str | None = None
    """The given name."""

    middle_name: str | None = None
    """The middle name."""


class Email(ComplexAttribute):
    value: str | None = None
    """The address."""

    type: str | None = Field(None, examples=[WORK, "home", "other"])
    """What it is for. The organization knows somebody by the address for work."""

    primary: bool | None = None
    """Whether it is the address for work; what is sent here is left aside."""


class PhoneNumber(ComplexAttribute):
    value: str | None = None
    """The number, just as it was sent."""

    type: str | None = Field(None, examples=[WORK, "home", MOBILE, "fax", "pager", "other"])
    """What it is for."""


class User(Resource[AnyExtension]):
    """Somebody with an account, whether they can sign in with it or not."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Required.true, Uniqueness.server] = None
    """The e-mail address that they sign in with."""

    name: Name | None = None
    """The parts of their name."""

    display_name: str | None = None
    """Their name as it is shown."""

    title: str | None = None
    """What they work as."""

    user_type: Annotated[str | None, Mutability.read_only] = Field(
        None, examples=["Employee", "Manager", "Investor", "Partner", "Customer"]
    )
    """What they are to the organization."""

    preferred_language: str | None = Field(None, examples=["en", "zh-CN"])
    """The language of their messages. Another language than these leaves them the organization's."""

    active: bool | None = None
    """Whether the account is open. Closing it ends its sessions at once."""

    emails: list[Email] | None = None
    """Their addresses."""

    phone_numbers: list[PhoneNumber] | None = None
    """Their telephone numbers."""

    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None
    """The groups that they are members of."""


class Manager(ComplexAttribute):
    value: Annotated[str | None, CaseExact.true] = None
    """The id of the manager's user."""

    ref: Reference["User"] | None = Field(  # type: ignore[type-arg] # the name of a resource type
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The address of the manager's user."""

    display_name: Annotated[str | None, Mutability.read_only] = None
    """The manager's name."""


def _whole_manager(sent: Any) -> Any:
    """Microsoft Entra ID sends the bare id of a manager, and an empty one for none."""
    return ({"value": sent} if sent else None) if isinstance(sent, str) else sent


class EnterpriseUser(Extension):
    """What an organization adds to its users."""

    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    employee_number: str | None = None
    """The key of the person in the organization's own systems."""

    department: str | None = None
    """The department they work in. It is found by its name, or by its key in the organization's own systems."""

    manager: Annotated[Manager | None, BeforeValidator(_whole_manager)] = None
    """Who they report to."""


class GroupMember(ComplexAttribute):
    value: Annotated[str | None, Required.true, Mutability.immutable, CaseExact.true] = None
    """The id of the member's user."""

    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(  # type: ignore[type-arg] # the same
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The address of the member's user."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    """What the member is."""

    display: Annotated[str | None, Mutability.read_only] = None
    """The member's name."""


class Group(Resource[Any]):
    """People who are given roles together, as the organization maps its name or external id."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, Uniqueness.server] = None
    """Its name."""

    members: list[GroupMember] | None = None
    """Who is in it."""


Person = User[EnterpriseUser]
"""A user with what the organization adds."""

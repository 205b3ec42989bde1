"""For each mutation an input that tells who may do it, and for each input that names another row one that names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ID = "the id of the row that it is about"
OTHER = "the id of the row that is named"
DEPARTMENT = "the id of a department"
COLLEAGUE = "the id of somebody of the staff"
OWN_GRANT = "own grant"
NEVER = -1  # the version of nothing
DONE = "DONE"
DAY = "2030-01-01"


@dataclass(frozen=True, slots=True)
class Probe:
    """`proof` are codes of problems of which only those are told one who may do it; DONE if there is nothing wrong."""

    input: Mapping[str, Any]
    proof: str = "CONFLICT"


def _of(*, on: bool = False, **given: Any) -> Probe:
    """Of a row, at a version that it never has."""
    return Probe({"id": ID, "expectedVersion": NEVER, **({"on": DAY} if on else {}), **given})


PROBES: Mapping[str, Probe] = {
    "createStakeholder": Probe(
        {"kind": "EMPLOYEE", "name": "", "place": {"startsOn": DAY, "title": "Clerk", "departmentId": ID}}, "REQUIRED"
    ),
    "updateStakeholder": _of(),
    "moveStakeholder": _of(on=True),
    "deactivateStakeholder": _of(on=True),
    "reactivateStakeholder": _of(on=True),
    "createDepartment": Probe({"name": "", "parentId": ID}, "REQUIRED"),
    "renameDepartment": _of(name="Works"),
    "moveDepartment": _of(parentId=None),
    "closeDepartment": _of(on=True),
    "appointHead": _of(headId=None),
    "createPosition": Probe({"title": "", "level": 1}, "REQUIRED"),
    "addIdentityProvider": Probe({"name": "", "slug": "another", "issuer": "https://issuer.example"}, "REQUIRED"),
    "updateIdentityProvider": _of(),
    "removeIdentityProvider": _of(),
    "linkExternalIdentity": Probe({"providerId": ID, "subject": "", "accountId": OTHER}, "REQUIRED"),
    "unlinkExternalIdentity": Probe({"id": ID}, DONE),
    "openAccount": Probe({"stakeholderId": ID, "email": "no address"}, "INVALID_VALUE ACCOUNT_EXISTS NOT_ACTIVE"),
    "inviteAccount": Probe({"accountId": ID}, "DONE ACCOUNT_CLOSED PASSWORD_PRESENT"),
    "closeAccount": _of(),
    "reopenAccount": _of(),
    "changeAccountEmail": _of(email="other@demo.example"),
    "endAccountSessions": Probe({"accountId": ID}, DONE),
    "removeAccountAuthenticator": Probe({"accountId": ID, "expectedVersion": NEVER}),
    "grantRole": Probe({"accountId": ID, "role": "EMPLOYEE", "startsOn": DAY, "endsOn": DAY}, "DATE_NOT_AFTER_START"),
    "revokeGrant": _of(),
    "changeGrantEnd": _of(endsOn=None),
    "delegateRole": Probe({"grantId": ID, "toStakeholderId": OTHER, "endsOn": DAY}, "TO_ONESELF"),
    "endDelegation": Probe({"id": ID}, "DONE GRANT_OVER"),
    "mapGroup": Probe({"group": "", "role": "EMPLOYEE"}, "REQUIRED"),
    "unmapGroup": _of(),
    "createApiKey": Probe(
        {"accountId": ID, "name": "", "permissions": [], "expiresAt": f"{DAY}T00:00:00Z"}, "REQUIRED"
    ),
    "rotateApiKey": _of(),
    "updateApiKey": _of(),
    "revokeApiKey": _of(),
    "signIn": Probe({"organization": "demo", "email": "nobody@demo.example", "password": "x"}, "SIGN_IN_FAILED"),
    "refreshSession": Probe({"refreshToken": "x"}, "SESSION_OVER"),
    "signOut": Probe({"refreshToken": "x"}, DONE),
    "acceptInvitation": Probe({"token": "x", "password": "x"}, "LINK_SPENT"),
    "requestPasswordReset": Probe({"organization": "demo", "email": "nobody@demo.example"}, DONE),
    "resetPassword": Probe({"token": "x", "password": "x"}, "LINK_SPENT"),
    "signOutEverywhere": Probe({}, DONE),
    "endSession": Probe({"id": ID}, DONE),
    "changePassword": Probe({"currentPassword": "x", "newPassword": "x"}, "PASSWORD_MISSING"),
    "enrolAuthenticator": Probe({"password": "x"}, "PASSWORD_MISSING"),
    "confirmAuthenticator": Probe({"oneTimePassword": "000000"}, "AUTHENTICATOR_MISSING"),
    "removeAuthenticator": Probe({"password": "x", "oneTimePassword": "000000"}, "PASSWORD_MISSING"),
    "renewRecoveryCodes": Probe({"oneTimePassword": "000000"}, "AUTHENTICATOR_MISSING"),
    "redeemSignIn": Probe({"code": "x", "verifier": "x"}, "SIGN_IN_CODE_SPENT"),
    "exportStakeholderData": Probe({"id": ID}, DONE),
    "eraseStakeholder": _of(),
}


@dataclass(frozen=True, slots=True)
class Naming:
    """An input of a mutation in which OTHER names a row that is not seen; `about` is the name of the row in ID, among
    those that the data has a name for, or the caller's own grant."""

    mutation: str
    input: Mapping[str, Any]
    about: str | None = None


def _newcomer(**place: Any) -> Naming:
    place = {"startsOn": DAY, "title": "Clerk", "departmentId": DEPARTMENT, **place}
    return Naming("createStakeholder", {"kind": "EMPLOYEE", "name": "New", "place": place})


def _move(**given: Any) -> Naming:
    return Naming("moveStakeholder", {"id": ID, "on": DAY, **given}, "stayer")


def _grant(**given: Any) -> Naming:
    return Naming("grantRole", {"accountId": ID, "role": "EMPLOYEE", "startsOn": DAY, **given}, "account")


def _lend(**given: Any) -> Naming:
    given = {"grantId": ID, "toStakeholderId": COLLEAGUE, "endsOn": DAY, **given}
    return Naming("delegateRole", given, OWN_GRANT)


NAMINGS: Mapping[str, Naming] = {
    "MoveDepartmentInput.parentId": Naming("moveDepartment", {"id": ID, "parentId": OTHER}, "engineering"),
    "AppointHeadInput.headId": Naming("appointHead", {"id": ID, "headId": OTHER}, "engineering"),
    "MoveStakeholderInput.departmentId": _move(departmentId=OTHER),
    "MoveStakeholderInput.positionId": _move(positionId=OTHER),
    "MoveStakeholderInput.managerId": _move(managerId=OTHER),
    "PlaceInput.departmentId": _newcomer(departmentId=OTHER),
    "PlaceInput.positionId": _newcomer(positionId=OTHER),
    "PlaceInput.managerId": _newcomer(managerId=OTHER),
    "LinkExternalIdentityInput.accountId": Naming(
        "linkExternalIdentity", {"providerId": ID, "subject": "new", "accountId": OTHER}, "provider"
    ),
    "GrantRoleInput.departmentId": _grant(departmentId=OTHER),
    "GrantRoleInput.subjectIds": _grant(subjectIds=[OTHER]),
    "DelegateRoleInput.toStakeholderId": _lend(toStakeholderId=OTHER),
    "DelegateRoleInput.subjectIds": _lend(subjectIds=[OTHER]),
    "MapGroupInput.providerId": Naming("mapGroup", {"group": "new", "role": "EMPLOYEE", "providerId": OTHER}),
    "MapGroupInput.departmentId": Naming("mapGroup", {"group": "new", "role": "EMPLOYEE", "departmentId": OTHER}),
}


def filled(given: Mapping[str, Any], **ids: str | None) -> dict[str, Any]:
    """An input with ids in the places that are kept for them; what has a place for one that is None is left out."""
    return {name: value for name, part in given.items() if (value := _filled(part, ids)) is not _LEFT_OUT}


def _filled(part: Any, ids: Mapping[str, str | None]) -> Any:
    if isinstance(part, Mapping):
        made = {name: _filled(below, ids) for name, below in part.items()}
        return _LEFT_OUT if _LEFT_OUT in made.values() else made
    if isinstance(part, list):
        return [_filled(below, ids) for below in part]
    if isinstance(part, str) and part in PLACES:
        id_ = ids.get(PLACES[part])
        return _LEFT_OUT if id_ is None else id_
    return part


PLACES = {ID: "id", OTHER: "other", DEPARTMENT: "department", COLLEAGUE: "colleague"}
_LEFT_OUT = object()

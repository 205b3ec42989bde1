"""For each mutation an input that tells who may do it, and for each input that names another row one that names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ID = "the id of the row that it is about"
OTHER = "the id of the row that is named"
DEPARTMENT = "the id of a department"
COLLEAGUE = "the id of somebody of the staff"
PERIOD = "the id of a period"
KEY_RESULT = "the id of a key result of one's own"
OWN_GRANT = "own grant"
OWN_GOAL, OWN_UNFED_GOAL, OWN_CHECK_IN = "own goal", "own goal without key results", "own check-in"
GOAL = "the id of a goal"
DECIDED = "DONE GOAL_OVER GOAL_ARCHIVED NOTHING_TO_CONFIRM NOT_AGREED OWN_SIDE DECIDED ALREADY_CORRECTED"
NEVER = -1  # the version of nothing
DONE = "DONE"
DAY = "2030-01-01"


@dataclass(frozen=True, slots=True)
class Probe:
    """`proof` are codes of problems of which only those are told one who may do it; DONE if there is nothing wrong.
    `idle` is whether it changes nothing of the row, at whatever version."""

    input: Mapping[str, Any]
    proof: str = "CONFLICT"
    idle: bool = True


def _of(*, on: bool = False, **given: Any) -> Probe:
    """Of a row, at a version that it never has."""
    return Probe({"id": ID, "expectedVersion": NEVER, **({"on": DAY} if on else {}), **given})


def _moves(by: str = "id", **given: Any) -> Probe:
    """Of a row, at a version that it never has; at its own it could be done."""
    return Probe({by: ID, "expectedVersion": NEVER, **given}, idle=False)


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
    "createGoalPeriod": Probe({"name": "", "startsOn": DAY, "endsOn": DAY}, "REQUIRED"),
    "updateGoalPeriod": _of(),
    "createGoal": Probe({"level": "PERSON", "title": "", "periodId": PERIOD, "ownerId": ID}, "REQUIRED"),
    "updateGoal": _of(),
    "assignGoal": _moves(ownerId=COLLEAGUE),
    "moveGoal": _moves(parentId=None),
    "proposeGoal": _moves(),
    "returnGoal": _moves(),
    "activateGoal": _moves(),
    "achieveGoal": _moves(),
    "missGoal": _moves(),
    "cancelGoal": _moves(),
    "archiveGoal": _moves(),
    "addCoOwner": _moves("goalId", stakeholderId=COLLEAGUE),
    "removeCoOwner": _moves("goalId", stakeholderId=COLLEAGUE),
    "addKeyResult": _moves("goalId", keyResult={"title": "", "kind": "BINARY"}),
    "updateKeyResult": _of(),
    "removeKeyResult": _moves(),
    "checkInGoal": _moves("goalId"),
    "confirmCheckIn": Probe({"id": ID}, DECIDED, idle=False),
    "declineCheckIn": Probe({"id": ID, "reason": "x"}, DECIDED, idle=False),
    "archiveGoalPeriod": _moves(),
    "cascadeGoalBatch": _moves("goalId", rows=[{"ownerId": COLLEAGUE}]),
    "requestAlignment": _moves("goalId", parentId=GOAL),
    "acceptAlignment": _moves(),
    "declineAlignment": _moves(reason="x"),
    "withdrawAlignment": _moves(),
    "createGoalTemplate": Probe({"title": ""}, "REQUIRED"),
    "updateGoalTemplate": _of(),
    "retireGoalTemplate": _moves(),
    "assignGoalTemplateBatch": Probe({"templateId": ID, "periodId": PERIOD, "rows": []}, "DONE TEMPLATE_RETIRED"),
    "proposeJointAgreement": Probe(
        {"goalId": ID, "partnerId": COLLEAGUE, "ownShare": "60", "partnerShare": "50"}, "SHARES_NOT_100"
    ),
    "acceptJointAgreement": _moves(),
    "declineJointAgreement": _moves(reason="x"),
    "endJointAgreement": _moves(reason="x"),
    "correctCheckIn": Probe({"id": ID}, "REQUIRED GOAL_OVER GOAL_ARCHIVED ALREADY_CORRECTED"),
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


def _goal(**given: Any) -> Naming:
    return Naming("createGoal", {"level": "PERSON", "title": "New", "periodId": PERIOD, **given})


def _check_in(**given: Any) -> Naming:
    return Naming("checkInGoal", {"goalId": ID, **given}, OWN_GOAL)


def _assign(*, period: str = PERIOD, **row: Any) -> Naming:
    given = {"templateId": ID, "periodId": period, "rows": [{"ownerId": COLLEAGUE, **row}]}
    return Naming("assignGoalTemplateBatch", given, "template")


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
    "CreateGoalInput.periodId": _goal(periodId=OTHER),
    "CreateGoalInput.parentId": _goal(parentId=OTHER),
    "AssignGoalInput.ownerId": Naming("assignGoal", {"id": ID, "ownerId": OTHER}, OWN_GOAL),
    "MoveGoalInput.parentId": Naming("moveGoal", {"id": ID, "parentId": OTHER}, OWN_GOAL),
    "GoalCoOwnerInput.stakeholderId": Naming("addCoOwner", {"goalId": ID, "stakeholderId": OTHER}, OWN_GOAL),
    "CascadeGoalRow.ownerId": Naming("cascadeGoalBatch", {"goalId": ID, "rows": [{"ownerId": OTHER}]}, OWN_UNFED_GOAL),
    "RequestAlignmentInput.parentId": Naming("requestAlignment", {"goalId": ID, "parentId": OTHER}, OWN_GOAL),
    "CreateGoalTemplateInput.positionId": Naming("createGoalTemplate", {"title": "New", "positionId": OTHER}),
    "UpdateGoalTemplateInput.positionId": Naming("updateGoalTemplate", {"id": ID, "positionId": OTHER}, "template"),
    "AssignGoalTemplateBatchInput.periodId": _assign(period=OTHER),
    "AssignGoalTemplateRow.ownerId": _assign(ownerId=OTHER),
    "AssignGoalTemplateRow.parentId": _assign(parentId=OTHER),
    "ProposeJointAgreementInput.partnerId": Naming(
        "proposeJointAgreement", {"goalId": ID, "partnerId": OTHER, "ownShare": "60", "partnerShare": "40"}, OWN_GOAL
    ),
    "CheckInGoalInput.keyResultId": _check_in(keyResultId=OTHER, value="1"),
    "CheckInGoalInput.milestoneIds": _check_in(keyResultId=KEY_RESULT, milestoneIds=[OTHER]),
    "CorrectCheckInInput.milestoneIds": Naming("correctCheckIn", {"id": ID, "milestoneIds": [OTHER]}, OWN_CHECK_IN),
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


PLACES = {
    ID: "id",
    OTHER: "other",
    DEPARTMENT: "department",
    COLLEAGUE: "colleague",
    PERIOD: "period",
    GOAL: "goal",
    KEY_RESULT: "key_result",
}
_LEFT_OUT = object()

"""Who may see and do what with stakeholders, departments and positions."""

from app.access.permissions import Permission, Reach
from docs.matrix.relations import HERE, OUTSIDE, PEOPLE, STAFF, UNITS, Relation
from docs.matrix.rules import Change, Opening, Rows, Rules

READ = Opening(Permission.STAKEHOLDERS_READ)
DIRECTORY = Opening(Permission.STAKEHOLDERS_LOOK_UP, among=STAFF | UNITS)
OUTSIDERS = Opening(Permission.STAKEHOLDERS_LOOK_UP_EXTERNAL, among=OUTSIDE)
COUNT = (Opening(Permission.STAKEHOLDERS_COUNT, least=Reach.AGGREGATE),)
UNIT = frozenset({Relation.SAME_DEPARTMENT, Relation.BELOW, Relation.OTHER_DEPARTMENT})

TYPES = {
    "Stakeholder": Rows(
        opens=(READ, DIRECTORY, OUTSIDERS),
        relations=PEOPLE,
        fields="id kind name email version createdAt title "
        "company contactPoints membership memberships department position manager reports heads goals "
        "allowedActions",
        takes={"locale joinedOn deactivatedOn externalId": (READ,)},
    ),
    "Membership": Rows(
        opens=(READ, DIRECTORY.of("today's")),
        relations=STAFF | {Relation.ABSENT},
        aspects=("today's", "another day's"),
        fields="id title startsOn stakeholder department position manager",
        takes={"endsOn": (READ,)},
    ),
    "ContactPoint": Rows(opens=(READ, OUTSIDERS), relations=PEOPLE - UNITS, fields="id kind value label"),
    "Company": Rows(
        opens=(READ, OUTSIDERS),
        relations=frozenset({Relation.SELF, Relation.OUTSIDER}),
        fields="id name stakeholders",
    ),
    "Department": Rows(
        opens=(Opening(Permission.DEPARTMENTS_READ),),
        relations=UNIT,
        fields="id name version closedOn parent children head stakeholder members allowedActions",
        takes={"headcount": COUNT},
    ),
    "Position": Rows(
        opens=(Opening(Permission.POSITIONS_READ),),
        relations=HERE,
        fields="id title level duties version holders",
    ),
    "Organization": Rows(
        opens=(Opening(Permission.ORGANIZATION_READ),),
        relations=HERE,
        fields="id name locale timeZone",
        takes={"headcount": COUNT},
    ),
}

ROOTS = {
    "node": Permission.VIEWER_READ,
    "nodes": Permission.VIEWER_READ,
    "organization": Permission.ORGANIZATION_READ,
    "stakeholder": Permission.STAKEHOLDERS_READ,
    "stakeholders": Permission.STAKEHOLDERS_READ,
    "department": Permission.DEPARTMENTS_READ,
    "departments": Permission.DEPARTMENTS_READ,
    "position": Permission.POSITIONS_READ,
    "positions": Permission.POSITIONS_READ,
}

PERSON = Change(Permission.STAKEHOLDERS_MANAGE, over="Stakeholder")
NEWCOMER = Change(Permission.STAKEHOLDERS_MANAGE, over="Department", by="place.departmentId", optional=True)
DEPARTMENT = Change(Permission.DEPARTMENTS_MANAGE, over="Department")

CHANGES = {
    "createStakeholder": NEWCOMER,
    "createStakeholderBatch": NEWCOMER,
    "updateStakeholder": PERSON,
    "updateStakeholderBatch": PERSON,
    "moveStakeholder": PERSON,
    "moveStakeholderBatch": PERSON,
    "deactivateStakeholder": PERSON,
    "deactivateStakeholderBatch": PERSON,
    "reactivateStakeholder": PERSON,
    "createDepartment": Change(Permission.DEPARTMENTS_MANAGE, over="Department", by="parentId", optional=True),
    "renameDepartment": DEPARTMENT,
    "moveDepartment": DEPARTMENT,
    "closeDepartment": DEPARTMENT,
    "appointHead": DEPARTMENT,
    "createPosition": Change(Permission.DEPARTMENTS_MANAGE),
}

RULES = Rules(
    types=TYPES,
    roots=ROOTS,
    changes=CHANGES,
    carried={
        "StakeholderBatch": "applied rows",
        "StakeholderBatchRow": "stakeholder problems",
    },
    narrows={
        "Query.stakeholders": "filter orderBy",
        "Query.departments": "filter",
        "Query.positions": "text",
        "Stakeholder.reports": "depth",
        "Department.members": "includeSubdepartments",
        "Department.headcount": "includeSubdepartments",
        "StakeholderFilter": "kinds department manager positionId companyId text activeOn",
        "StakeholderOrder": "field direction",
        "DepartmentFilter": "id includeSubdepartments",
        "ManagerFilter": "id depth",
        "DepartmentsFilter": "parentId belowId rootsOnly includeClosed text",
    },
    names={
        "MoveDepartmentInput.parentId": "Department",
        "AppointHeadInput.headId": "Stakeholder",
        "MoveStakeholderInput.departmentId": "Department",
        "MoveStakeholderInput.positionId": "Position",
        "MoveStakeholderInput.managerId": "Stakeholder",
        "PlaceInput.departmentId": "Department",
        "PlaceInput.positionId": "Position",
        "PlaceInput.managerId": "Stakeholder",
    },
)

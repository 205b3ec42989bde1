"""Who may see and change goals, and what belongs to them.

A goal is seen by its owner, by its co-owners, by the partner of a joint one, and by those who read the goals of its
owner; one of the company's by those who lead as well. One that is neither a draft nor proposed is seen further, as its
visibility says. What belongs to a goal is seen with it, and changed by those who may change the goal.
"""

from app.access.permissions import Permission, Reach
from docs.matrix.relations import HERE, ORGANIZATION, OWN, PARTNERS, STAFF, UNITS, Relation
from docs.matrix.rules import Change, Opening, Rows, Rules

KEPT, TEAMS, OWN_TEAMS, OPEN = "a draft, proposed or private", "its team's", "one's own team's", "open to all"
COMPANYS, COMPANY_KEPT = "the company's", "the company's, but a draft, proposed or private"
ASPECTS = (KEPT, TEAMS, OWN_TEAMS, OPEN, COMPANYS, COMPANY_KEPT)
TEAM_NOTE = (
    "One's own team's is a goal of somebody whom one reports to, at any depth, or of the department that one works in, "
    "or of one above it; to anybody else it is its team's. What belongs to a goal is seen with it."
)

FROM_BELOW, FROM_ABOVE = "to whom the goal below belongs", "to whom the goal above belongs"
FROM_COMPANYS = "where the goal above is the company's"

READ = Opening(Permission.GOALS_READ)
LEAD = Opening(Permission.GOALS_LEAD, least=Reach.ORGANIZATION).of(COMPANYS, COMPANY_KEPT)
OPENS = (READ, Opening(Permission.GOALS_LOOK_UP).of(OWN_TEAMS, OPEN, COMPANYS), LEAD)
MANAGE = (
    Opening(Permission.GOALS_MANAGE, among=ORGANIZATION - PARTNERS),
    Opening(Permission.GOALS_MANAGE, least=Reach.ORGANIZATION),
    LEAD,
)
CHECK_IN = (
    Opening(Permission.GOALS_CHECK_IN, among=ORGANIZATION - {Relation.ASKED}),
    Opening(Permission.GOALS_CHECK_IN, least=Reach.ORGANIZATION),
    LEAD,
)
APPROVE = (
    Opening(Permission.GOALS_APPROVE, among=ORGANIZATION - OWN),
    Opening(Permission.GOALS_APPROVE, least=Reach.ORGANIZATION),
    LEAD,
)
"""Nobody decides on their own, unless they decide on all."""

ANALYZE = (
    Opening(Permission.GOALS_ANALYZE, among=ORGANIZATION - PARTNERS - {Relation.CO_OWNED}),
    Opening(Permission.GOALS_ANALYZE, least=Reach.ORGANIZATION),
)
"""The goals that figures are about; to AGGREGATE, which reaches no row, they are about all."""
LEAD_ABOVE = Opening(Permission.GOALS_LEAD, least=Reach.ORGANIZATION).of(FROM_COMPANYS)
MANAGE_ALL = Opening(Permission.GOALS_MANAGE, least=Reach.ORGANIZATION)
MANAGE_BELOW = (Opening(Permission.GOALS_MANAGE).of(FROM_BELOW), MANAGE_ALL)
MANAGE_ABOVE = (Opening(Permission.GOALS_MANAGE).of(FROM_ABOVE, FROM_COMPANYS), MANAGE_ALL, LEAD_ABOVE)

OWNERS = STAFF | UNITS | PARTNERS | {Relation.CO_OWNED, Relation.ABSENT}
ANY_READER = Opening(Permission.GOALS_READ, least=Reach.OWN)
MANAGING = Change(Permission.GOALS_MANAGE, over="Goal", where=MANAGE)
MANAGING_AT = Change(Permission.GOALS_MANAGE, over="Goal", by="goalId", where=MANAGE)
APPROVING = Change(Permission.GOALS_APPROVE, over="Goal", where=APPROVE)
DECIDING = Change(Permission.GOALS_MANAGE, over="AlignmentRequest", where=MANAGE_ABOVE)
TEMPLATE = Change(Permission.GOAL_TEMPLATES_MANAGE, over="GoalTemplate")
AGREEING = Change(Permission.GOALS_AGREE, over="JointAgreement")
CHECKING_IN = Change(Permission.GOALS_CHECK_IN, over="Goal", by="goalId", where=CHECK_IN)
TOLD = Change(Permission.GOALS_CHECK_IN, over="CheckIn", where=CHECK_IN)
SETTING = Change(Permission.GOALS_MANAGE, over="Stakeholder", by="ownerId", optional=True, told=False)
PERIOD = Change(Permission.GOAL_PERIODS_MANAGE, over="GoalPeriod")
MEASURING = Change(Permission.GOALS_MANAGE, over="KeyResult", where=MANAGE)


def _of_goals(fields: str, note: str = "") -> Rows:
    return Rows(opens=OPENS, relations=OWNERS, aspects=ASPECTS, fields=fields, note=note)


TYPES = {
    "GoalPeriod": Rows(
        opens=(ANY_READER,),
        relations=HERE,
        fields="id name startsOn endsOn cadenceDays version goals allowedActions",
        takes={"goalCount unalignedCount alignedShare": (Opening(Permission.GOALS_ANALYZE, least=Reach.AGGREGATE),)},
    ),
    "Goal": _of_goals(
        "id level title description commitment visibility state stateReason outcome startsOn endsOn cadenceDays weight "
        "feed progress grade confidence checkedInOn externalId createdAt version health isStale owner coOwners period "
        "parent children ancestors descendants keyResults checkIns agreements history alignmentRequests alignmentAsked "
        "allowedActions",
        TEAM_NOTE,
    ),
    "KeyResult": _of_goals(
        "id title kind weight unit startValue targetValue currentValue attainment version goal milestones checkIns "
        "allowedActions"
    ),
    "Milestone": _of_goals("id title weight reachedOn"),
    "CheckIn": _of_goals(
        "id number toldOn createdAt counts state decidedBy decidedAt decisionReason value confidence note progress "
        "author goal keyResult corrects correction allowedActions"
    ),
    "GoalProgress": _of_goals("id day progress confidence"),
    "JointAgreement": Rows(
        opens=OPENS,
        relations=frozenset({Relation.SELF, Relation.SHARED, Relation.REPORT, Relation.OTHER_DEPARTMENT}),
        aspects=(KEPT, OPEN),
        fields="id terms ownShare partnerShare state reason createdAt version goal partner proposedBy decidedBy "
        "allowedActions",
        note="An agreement is its partner's in whatever state; of those on a goal that a partner shares they see only "
        "their own.",
    ),
    "AlignmentRequest": Rows(
        opens=(Opening(Permission.GOALS_READ, least=Reach.ORGANIZATION), Opening(Permission.GOALS_MANAGE), LEAD_ABOVE),
        relations=OWNERS - PARTNERS,
        aspects=(FROM_BELOW, FROM_ABOVE, FROM_COMPANYS),
        fields="id state weight note reason createdAt version goalTitle goal parent askedBy decidedBy allowedActions",
        note="A request is seen by those who manage the one goal or the other. It is to somebody what the owner of one "
        "of the two is; the other goal belongs to another department.",
    ),
    "GoalTemplate": Rows(
        opens=(Opening(Permission.GOALS_LOOK_UP),),
        relations=HERE,
        fields="id title description commitment weight retiredOn createdAt version position keyResults goals "
        "allowedActions",
    ),
    "TemplateKeyResult": Rows(
        opens=(Opening(Permission.GOALS_LOOK_UP),),
        relations=HERE,
        fields="id title kind weight unit startValue targetValue milestones",
    ),
}

CHANGES = {
    "createGoalPeriod": Change(Permission.GOAL_PERIODS_MANAGE),
    "updateGoalPeriod": PERIOD,
    "archiveGoalPeriod": PERIOD,
    "createGoal": SETTING,
    "createGoalBatch": SETTING,
    "updateGoal": MANAGING,
    "assignGoal": MANAGING,
    "moveGoal": MANAGING,
    "proposeGoal": MANAGING,
    "returnGoal": APPROVING,
    "activateGoal": APPROVING,
    "activateGoalBatch": APPROVING,
    "achieveGoal": APPROVING,
    "missGoal": APPROVING,
    "cancelGoal": MANAGING,
    "archiveGoal": MANAGING,
    "addCoOwner": MANAGING_AT,
    "removeCoOwner": MANAGING_AT,
    "addKeyResult": MANAGING_AT,
    "updateKeyResult": MEASURING,
    "removeKeyResult": MEASURING,
    "checkInGoal": CHECKING_IN,
    "checkInGoalBatch": CHECKING_IN,
    "correctCheckIn": TOLD,
    "confirmCheckIn": TOLD,
    "declineCheckIn": TOLD,
    "cascadeGoalBatch": MANAGING_AT,
    "requestAlignment": MANAGING_AT,
    "acceptAlignment": DECIDING,
    "declineAlignment": DECIDING,
    "withdrawAlignment": Change(Permission.GOALS_MANAGE, over="AlignmentRequest", where=MANAGE_BELOW),
    "createGoalTemplate": Change(Permission.GOAL_TEMPLATES_MANAGE),
    "updateGoalTemplate": TEMPLATE,
    "retireGoalTemplate": TEMPLATE,
    "assignGoalTemplateBatch": Change(
        Permission.GOALS_MANAGE,
        over="GoalTemplate",
        by="templateId",
        where=(Opening(Permission.GOALS_MANAGE, least=Reach.OWN),),
    ),
    "proposeJointAgreement": MANAGING_AT,
    "acceptJointAgreement": AGREEING,
    "declineJointAgreement": AGREEING,
    "endJointAgreement": AGREEING,
}

RULES = Rules(
    types=TYPES,
    roots={
        "goal": Permission.GOALS_READ,
        "goals": Permission.GOALS_READ,
        "goalPeriod": Permission.GOALS_READ,
        "goalPeriods": Permission.GOALS_READ,
        "jointAgreements": Permission.GOALS_READ,
        "alignmentRequests": Permission.GOALS_MANAGE,
        "goalTemplate": Permission.GOALS_LOOK_UP,
        "goalTemplates": Permission.GOALS_LOOK_UP,
    },
    follows={"goalChanged": Permission.GOALS_READ},
    changes=CHANGES,
    carried={
        "GoalBatch": "applied rows",
        "GoalBatchRow": "goal problems",
        "CheckInBatch": "applied rows",
        "CheckInBatchRow": "checkIn problems",
        "GoalPeriodArchive": "period archived left",
        "TemplateMilestone": "title weight",
    },
    narrows={
        "Query.goals": "filter orderBy",
        "GoalPeriod.goals": "filter orderBy",
        "Stakeholder.goals": "filter orderBy",
        "GoalPeriod.goalCount": "departmentId",
        "GoalPeriod.unalignedCount": "departmentId",
        "GoalPeriod.alignedShare": "departmentId",
        "Goal.descendants": "depth",
        "GoalFilter": "levels states commitment ownerId periodId departmentId belowId health stale misweighted aligned "
        "text",
        "GoalOrder": "field direction",
        "Query.jointAgreements": "filter",
        "JointAgreementFilter": "states goalId partnerId",
        "Query.alignmentRequests": "filter",
        "Goal.alignmentAsked": "filter",
        "AlignmentRequestFilter": "states goalId parentId toDecide",
        "Query.goalTemplates": "text positionId includeRetired",
    },
    names={
        "CreateGoalInput.periodId": "GoalPeriod",
        "CreateGoalInput.parentId": "Goal",
        "AssignGoalInput.ownerId": "Stakeholder",
        "MoveGoalInput.parentId": "Goal",
        "GoalCoOwnerInput.stakeholderId": "Stakeholder",
        "CheckInGoalInput.keyResultId": "KeyResult",
        "CheckInGoalInput.milestoneIds": "Milestone",
        "CorrectCheckInInput.milestoneIds": "Milestone",
        "CascadeGoalRow.ownerId": "Stakeholder",
        "RequestAlignmentInput.parentId": "Goal",
        "CreateGoalTemplateInput.positionId": "Position",
        "UpdateGoalTemplateInput.positionId": "Position",
        "AssignGoalTemplateBatchInput.periodId": "GoalPeriod",
        "AssignGoalTemplateRow.ownerId": "Stakeholder",
        "AssignGoalTemplateRow.parentId": "Goal",
        "ProposeJointAgreementInput.partnerId": "Stakeholder",
    },
)

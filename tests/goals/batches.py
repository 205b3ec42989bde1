"""The mutations about many goals at once, and those about alignment and templates, as documents."""

from typing import Any

from tests.goals.changes import mutation

REQUEST_FIELDS = """... on AlignmentRequest {
  id version state weight note reason goalTitle goal { id title weight progress parent { id title } }
  parent { id title progress } askedBy { name } decidedBy { name }
}"""
REQUEST = mutation("requestAlignment", REQUEST_FIELDS)
ACCEPT = mutation("acceptAlignment", REQUEST_FIELDS)
DECLINE = mutation("declineAlignment", REQUEST_FIELDS)
WITHDRAW = mutation("withdrawAlignment", REQUEST_FIELDS)

TEMPLATE_FIELDS = """
  id version title description commitment weight retiredOn position { title }
  keyResults { title kind weight unit startValue targetValue milestones { title weight } }
"""
TEMPLATE = f"... on GoalTemplate {{ {TEMPLATE_FIELDS} }}"
CREATE_TEMPLATE = mutation("createGoalTemplate", TEMPLATE)
UPDATE_TEMPLATE = mutation("updateGoalTemplate", TEMPLATE)
RETIRE_TEMPLATE = mutation("retireGoalTemplate", TEMPLATE)

ROW_PROBLEMS = "problems { code path }"
GOAL_ROWS = f"""... on GoalBatch {{ applied rows {{
  goal {{
    id version title level state weight commitment progress feed startsOn endsOn cadenceDays
    owner {{ name }} parent {{ id }} keyResults {{ title kind targetValue milestones {{ title weight }} }}
  }} {ROW_PROBLEMS}
}} }}"""
CHECK_IN_ROWS = f"""... on CheckInBatch {{ applied rows {{
  checkIn {{ id number value goal {{ id title progress }} }} {ROW_PROBLEMS}
}} }}"""
ASSIGN_TEMPLATE = mutation("assignGoalTemplateBatch", GOAL_ROWS)
CASCADE = mutation("cascadeGoalBatch", GOAL_ROWS)
CREATE_BATCH = mutation("createGoalBatch", GOAL_ROWS)
ACTIVATE_BATCH = mutation("activateGoalBatch", GOAL_ROWS)
CHECK_IN_BATCH = mutation("checkInGoalBatch", CHECK_IN_ROWS)
ARCHIVE_PERIOD = mutation("archiveGoalPeriod", "... on GoalPeriodArchive { archived left period { id version } }")


def problems(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem["code"], ".".join(problem["path"])) for problem in row["problems"]]


def told(batch: dict[str, Any], name: str = "title") -> list[Any]:
    """Of each row of goals: what the goal has under a name, or the problems."""
    return [row["goal"][name] if row["goal"] else problems(row) for row in batch["rows"]]

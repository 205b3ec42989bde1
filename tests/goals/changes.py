"""The mutations about goals as documents, each answering what most tests look at."""

PROBLEMS = "... on Rejected { problems { code path message params { name value } } }"
MEASURES = """keyResults {
  id version title kind weight startValue targetValue currentValue attainment milestones { id title reachedOn }
}"""
GOAL = f"""... on Goal {{
  id version title level state outcome stateReason weight progress feed confidence checkedInOn
  owner {{ id name }} parent {{ id title progress }} coOwners {{ name }} startsOn endsOn cadenceDays {MEASURES}
}}"""
CHECK_IN_FIELDS = """... on CheckIn {
  id number value confidence note progress counts corrects { id }
  goal { id progress confidence version parent { progress } }
  keyResult { id currentValue attainment milestones { title reachedOn } }
}"""
PERIOD = "... on GoalPeriod { id version name startsOn endsOn cadenceDays }"


def mutation(name: str, selection: str, input_type: str | None = None) -> str:
    given = input_type or f"{name[0].upper()}{name[1:]}Input"
    return f"mutation($input: {given}!) {{ {name}(input: $input) {{ __typename {selection} {PROBLEMS} }} }}"


CREATE_PERIOD = mutation("createGoalPeriod", PERIOD)
UPDATE_PERIOD = mutation("updateGoalPeriod", PERIOD)
CREATE = mutation("createGoal", GOAL)
UPDATE = mutation("updateGoal", GOAL)
ASSIGN = mutation("assignGoal", GOAL)
MOVE = mutation("moveGoal", GOAL)
PROPOSE = mutation("proposeGoal", GOAL, "GoalStateInput")
RETURN = mutation("returnGoal", GOAL, "GoalStateReasonInput")
ACTIVATE = mutation("activateGoal", GOAL, "GoalStateInput")
ACHIEVE = mutation("achieveGoal", GOAL, "GoalStateReasonInput")
MISS = mutation("missGoal", GOAL, "GoalStateReasonInput")
CANCEL = mutation("cancelGoal", GOAL, "GoalStateReasonInput")
ARCHIVE = mutation("archiveGoal", GOAL, "GoalStateInput")
ADD_CO_OWNER = mutation("addCoOwner", GOAL, "GoalCoOwnerInput")
REMOVE_CO_OWNER = mutation("removeCoOwner", GOAL, "GoalCoOwnerInput")
ADD_KEY_RESULT = mutation("addKeyResult", GOAL)
UPDATE_KEY_RESULT = mutation("updateKeyResult", GOAL)
REMOVE_KEY_RESULT = mutation("removeKeyResult", GOAL)
CHECK_IN = mutation("checkInGoal", CHECK_IN_FIELDS)
CORRECT = mutation("correctCheckIn", CHECK_IN_FIELDS)

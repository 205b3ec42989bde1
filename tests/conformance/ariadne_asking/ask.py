"""Asks with the client that ariadne-codegen generated, in its environment; writes what held and what did not."""

import asyncio
import json
import sys
from typing import Any
from uuid import uuid4

from generated_client import Client, CreateDepartmentInput  # type: ignore[import-not-found,unused-ignore] # generated
from generated_client.enums import GoalState  # type: ignore[import-not-found,unused-ignore] # generated
from generated_client.exceptions import (  # type: ignore[import-not-found,unused-ignore] # generated
    GraphQLClientGraphQLMultiError,
)
from generated_client.input_types import GoalFilter  # type: ignore[import-not-found,unused-ignore] # generated


async def main() -> None:
    told = json.load(sys.stdin)

    def client(role: str) -> Any:
        return Client(url=told["api"], headers={"authorization": f"Bearer {told['tokens'][role]}"})

    checks = {}
    async with client("manager") as manager:
        viewed = (await manager.viewed_by()).viewer
        checks["a query is answered in its types"] = bool(viewed.roles and viewed.stakeholder.name)
        active = GoalFilter(states=[GoalState.ACTIVE])
        goals = (await manager.goals_of(first=3, filter_=active)).goals.nodes
        checks["a typed filter and a page of goals"] = len(goals) == 3 and all(goal.title for goal in goals)
        found = (await manager.found(id=goals[0].id)).node
        checks["a node is of its type"] = (found.typename__, found.title) == ("Goal", goals[0].title)
    async with client("employee") as employee:
        checks["a refused field is an error with a code"] = await _refused(employee) == ["FORBIDDEN"]
    async with client("administrator") as administrator:
        made = await administrator.make_department(input=CreateDepartmentInput(name=f"Department {uuid4()}"))
        checks["a mutation is answered by its union"] = made.create_department.typename__ == "Department"
        refused = (await administrator.make_department(input=CreateDepartmentInput(name=""))).create_department
        checks["what the rules refuse is data"] = [problem.path for problem in refused.problems] == [["name"]]
    json.dump(checks, sys.stdout)


async def _refused(employee: Any) -> list[str]:
    try:
        await employee.trail()
    except GraphQLClientGraphQLMultiError as error:
        return [each.extensions["code"] for each in error.errors]
    return []


if __name__ == "__main__":
    asyncio.run(main())

"""Amber Works with partners: a goal that is shared with one of them."""

from dataclasses import dataclass, field
from typing import Any

from app.access.permissions import Role
from app.stakeholders.models import Stakeholder, StakeholderKind
from tests.builders import Caller, gid
from tests.goals.changes import CORRECT, mutation
from tests.goals.works import Works, metric

AGREEMENT = """... on JointAgreement {
  id version terms ownShare partnerShare state reason goal { id title } partner { id name }
  proposedBy { id name } decidedBy { id name }
}"""
DECIDED = """... on CheckIn {
  id number state counts decidedAt decisionReason decidedBy { id } goal { id progress confidence parent { progress } }
  keyResult { currentValue milestones { title reachedOn } }
}"""
PROPOSE_AGREEMENT = mutation("proposeJointAgreement", AGREEMENT)
ACCEPT_AGREEMENT = mutation("acceptJointAgreement", AGREEMENT)
DECLINE_AGREEMENT = mutation("declineJointAgreement", AGREEMENT, "JointAgreementReasonInput")
END_AGREEMENT = mutation("endJointAgreement", AGREEMENT, "JointAgreementReasonInput")
CONFIRM = mutation("confirmCheckIn", DECIDED)
DECLINE = mutation("declineCheckIn", DECIDED)
AGREEMENTS = """query($filter: JointAgreementFilter) { jointAgreements(filter: $filter) {
  nodes { id state terms goal { id } partner { id } }
} }"""
GOALS = "{ goals { nodes { id title } } }"
GOAL = "query($id: ID!) { goal(id: $id) { id } }"
NODE = "query($id: ID!) { node(id: $id) { __typename } }"


async def sees(caller: Caller, id_: str) -> bool:
    """Whether a caller finds something by its id; otherwise it is as if it were not there."""
    answer = (await caller.post(NODE, id=id_)).json()
    if "errors" not in answer:
        return True
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"]
    assert answer["data"] is None or answer["data"]["node"] is None
    return False


@dataclass
class Joint:
    """`birch` is the partner that a goal is shared with; `cedar` is another one."""

    works: Works
    partners: dict[str, Stakeholder] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Caller:
        return self.works[name]

    async def join(self, name: str) -> None:
        world = self.works.world
        self.partners[name] = await world.person(name.title(), StakeholderKind.PARTNER)
        self.works.callers[name] = await world.sign_in(self.partners[name], Role.PARTNER)

    def id_of(self, name: str) -> str:
        return gid(self.partners[name])

    async def draft(self, title: str = "Open the market", **given: Any) -> dict[str, Any]:
        """A goal to be shared, owned by Ada."""
        return await self.works.goal(title, **{"level": "JOINT", "keyResults": [metric()], **given})

    def asked(self, goal: dict[str, Any], **given: Any) -> dict[str, Any]:
        """What a proposal takes."""
        shares = {"ownShare": "60", "partnerShare": "40"}
        return {"goalId": goal["id"], "partnerId": self.id_of("birch"), "terms": "Half the fairs", **shares, **given}

    async def proposed(self, goal: dict[str, Any], **given: Any) -> dict[str, Any]:
        return await self["admin"].done(PROPOSE_AGREEMENT, input=self.asked(goal, **given))

    async def accepted(self, goal: dict[str, Any]) -> dict[str, Any]:
        agreement = await self.proposed(goal)
        return await self["birch"].done(ACCEPT_AGREEMENT, input={"id": agreement["id"]})

    async def confirm(self, check_in: dict[str, Any], by: str) -> dict[str, Any]:
        return await self[by].done(CONFIRM, input={"id": check_in["id"]})

    async def correct(self, check_in: dict[str, Any], value: Any, by: str) -> dict[str, Any]:
        return await self[by].done(CORRECT, input={"id": check_in["id"], "value": str(value)})

    async def value_of(self, goal: dict[str, Any]) -> str:
        """What the goal's key result has reached."""
        read = await self.works.read(goal, "keyResults { currentValue }")
        value: str = read["keyResults"][0]["currentValue"]
        return value


async def joint_of(works: Works) -> Joint:
    joint = Joint(works)
    for name in ("birch", "cedar"):
        await joint.join(name)
    return joint

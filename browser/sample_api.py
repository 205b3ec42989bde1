"""A small API with what the console has to show: descriptions, an enum, an input, a union, a deprecation."""

import enum
from typing import Annotated, Self

import strawberry
from graphql import GraphQLError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.http import console

TOKEN = "sample-token"


@strawberry.enum(description="Who depends on the company's performance.")
class StakeholderKind(enum.Enum):
    EMPLOYEE = strawberry.enum_value("EMPLOYEE", description="Works at the company.")
    INVESTOR = strawberry.enum_value("INVESTOR", description="Holds shares.")
    BOARD = strawberry.enum_value("BOARD", deprecation_reason="A board observer is an INVESTOR.")


@strawberry.interface(description="Anything with a global id.")
class Node:
    id: strawberry.ID


def shares(first: Annotated[int, strawberry.argument(description="1 to 100.")] = 20) -> list[float]:
    return [1.0] * first


@strawberry.type(description="A person or company that depends on performance.\n\nSee `kind`.")
class Stakeholder(Node):
    name: str = strawberry.field(description="The name as it is written by its owner.")
    kind: StakeholderKind
    title: str | None = strawberry.field(description="A title.", deprecation_reason="Use position.")
    shares: list[float] = strawberry.field(resolver=shares, description="Shares of work, of any number of digits.")
    manager: Self | None = None


@strawberry.type
class Viewer:
    stakeholder: Stakeholder = strawberry.field(description="Who asks.")
    roles: list[str]


@strawberry.type(description="Why a change was refused.")
class Rejected:
    message: str


@strawberry.input(description="A new name for a stakeholder.")
class RenameStakeholderInput:
    id: strawberry.ID
    name: str = strawberry.field(description="1 to 200 characters.")
    kind: StakeholderKind = StakeholderKind.EMPLOYEE


RenameStakeholderResult = Annotated[Stakeholder | Rejected, strawberry.union("RenameStakeholderResult")]

PEOPLE = {
    "1": Stakeholder(id=strawberry.ID("1"), name="Lin Wei 林薇", kind=StakeholderKind.EMPLOYEE, title=None),
    "2": Stakeholder(id=strawberry.ID("2"), name="Ada Bauer", kind=StakeholderKind.INVESTOR, title="Dr."),
}


def viewer(info: strawberry.Info[str, None]) -> Viewer:
    if info.context != TOKEN:
        raise GraphQLError("Sign in first.", extensions={"code": "UNAUTHENTICATED"})
    return Viewer(stakeholder=PEOPLE["1"], roles=["EMPLOYEE"])


def stakeholder(id: strawberry.ID) -> Stakeholder | None:
    return PEOPLE.get(id)


def people(kind: StakeholderKind | None = None) -> list[Stakeholder]:
    return [person for person in PEOPLE.values() if kind in (None, person.kind)]


def rename_stakeholder(input: RenameStakeholderInput) -> RenameStakeholderResult:
    return Rejected(message=f"{input.name} is taken.")


@strawberry.type
class Query:
    viewer: Viewer = strawberry.field(resolver=viewer, description="Who asks, and what they may do.")
    stakeholder: Stakeholder | None = strawberry.field(resolver=stakeholder, description="One who may be seen.")
    people: list[Stakeholder] = strawberry.field(resolver=people, description="Everybody, or those of one kind.")


@strawberry.type
class Mutation:
    rename_stakeholder: RenameStakeholderResult = strawberry.mutation(resolver=rename_stakeholder)


schema = strawberry.Schema(Query, Mutation)


async def answer(request: Request) -> Response:
    if request.method == "GET":
        return console.page()
    body = await request.json()
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if "__schema" in body["query"] and token != TOKEN:
        return JSONResponse({"errors": [{"message": "Introspection is refused."}]}, status_code=400)
    result = await schema.execute(body["query"], body["variables"], token, operation_name=body["operationName"])
    errors = [error.formatted for error in result.errors or []]
    return JSONResponse({"data": result.data} | ({"errors": errors} if errors else {}))


application = Starlette(routes=[Route("/graphql", answer, methods=["GET", "POST"]), *console.assets])

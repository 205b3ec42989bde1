"""No statement of the suite, or of the documented examples, reads the whole of a table that grows."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, NamedTuple

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from app.access.permissions import Role
from app.access.signing import SigningKeys
from app.access.tokens import Tokens
from app.planner.scalars import global_id
from app.settings import Settings
from bench.filling import fill
from bench.goals import GeneratedGoals
from bench.organization import Generated, Shape
from bench.peers import allround
from bench.statements import Statement, listening, plan_of, scanned, serving
from bench.workloads import check_in, people_list, record, team_page, tree
from bench.workloads.workload import Question, graphql
from tests.architecture.sources import ROOT
from tests.builders import PUBLIC_URL, SECRET
from tests.conftest import new_database, served

GROWN = 500  # rows of a table that has grown
LEVELS = (1, 3, 6, 10, 20, 200, 800, 3_000)
EXAMPLE = re.compile(r"^```graphql\n(query.*?)^```$", re.M | re.S)
PAGES = ("README.md", "docs/goals.md", "docs/grants-and-keys.md", "docs/signing-in.md")

# Whoever is there signs in, and something is told of every goal; seals and foreign keys are not what is looked at.
EVERYBODY_ACTS = """
set session_replication_role = replica;
insert into accounts (organization_id, id, version, stakeholder_id, email)
select organization_id, gen_random_uuid(), 1, id, email from stakeholders where email is not null;
insert into grants (organization_id, id, version, account_id, role, starts_on)
select organization_id, gen_random_uuid(), 1, id, 'EMPLOYEE', '2020-01-01' from accounts;
insert into sessions (organization_id, id, account_id, method, opened_at, used_at, expires_at)
select organization_id, gen_random_uuid(), id, 'PASSWORD', now(), now(), now() + interval '1 day' from accounts;
insert into check_ins
  (organization_id, id, goal_id, key_result_id, number, author_id, told_on, created_at, awaits_confirmation)
select goals.organization_id, gen_random_uuid(), goals.id, key_results.id, 1, owner_id, '2026-10-01', now(), false
from goals join key_results on key_results.goal_id = goals.id;
insert into goal_progress (organization_id, id, goal_id, day, progress)
select organization_id, gen_random_uuid(), id, '2026-10-01', 0 from goals;
insert into goal_co_owners (organization_id, id, goal_id, stakeholder_id)
select organization_id, gen_random_uuid(), goal_id, author_id from check_ins;
insert into audit_events (organization_id, id, at, actor_id, action, subject_type, subject_id)
select organization_id, id, now(), author_id, 'goal.checked-in', 'CheckIn', id from check_ins;
insert into audit_seals (organization_id, sequence, event_id, content_digest, hash)
select organization_id, row_number() over (), id, '', '' from audit_events;
analyze;
"""

# A page of a table costs as much to read as if the table had so many times as many: what is right for a table of this
# size only is not chosen.
LARGER = "set local seq_page_cost = 50"
# Figures and counts about a whole period look at all of its goals.
OF_A_PERIOD = "$period: ID!"
INDEXES = """
select index.relname, owner.relname
from pg_index join pg_class index on index.oid = indexrelid join pg_class owner on owner.oid = indrelid
"""
SIZES = "select relname, reltuples from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"


class Grown(NamedTuple):
    url: str
    organization: Generated
    goals: GeneratedGoals
    grown: frozenset[str]
    indexes: Mapping[str, str]

    async def whole_reads(self, statement: Statement) -> set[str]:
        async with serving(self.url, self.organization.id) as connection:
            await connection.execute(LARGER)
            return set(scanned(await plan_of(connection, statement), self.indexes)) & self.grown


@pytest.fixture(scope="module")
async def grown(server_url: str) -> AsyncIterator[Grown]:
    """An organization in a database of its own."""
    organization = Generated("north", 3_000, seed=1, shape=Shape(leading_depth=3, remembering=4))
    goals = GeneratedGoals(organization, seed=3, levels=LEVELS)
    async with new_database(server_url) as url:
        await fill(url, organization, goals=goals)
        connection = await asyncpg.connect(url)
        await connection.execute(EVERYBODY_ACTS)
        sizes, indexes = await connection.fetch(SIZES), await connection.fetch(INDEXES)
        await connection.close()
        tables = frozenset(table for table, rows in sizes if rows >= GROWN)
        yield Grown(url, organization, goals, tables, dict(map(tuple, indexes)))


async def heard(grown: Grown, role: Role, questions: Sequence[Question]) -> list[Statement]:
    """What the service sends to answer; every answer has to be one."""
    settings = Settings(
        database_url=SecretStr(grown.url), secret_key=SecretStr(SECRET), public_url=PUBLIC_URL, log_level="error"
    )
    caller = grown.organization.callers[role]
    token = Tokens(SigningKeys([SECRET]), PUBLIC_URL).issue(grown.organization.id, caller.account_id, caller.session_id)
    with listening() as statements:
        async for client in served(settings):
            for question in questions:
                answer = await asked(client, token, question)
                assert "errors" not in answer, (question.body, answer)
    return [each for each in statements if " pg_catalog." not in each.sql]


async def asked(client: httpx.AsyncClient, token: str, question: Question) -> Any:
    headers = {"authorization": f"Bearer {token}"}
    return (await client.post(question.path, json=question.body, headers=headers)).json()


def examples(grown: Grown) -> list[Question]:
    """The queries of the documentation, with what a manager's front end knows."""
    people = grown.organization
    known = {
        "me": global_id("Stakeholder", people.manager.id),
        "goal": global_id("Goal", grown.goals.checked_in[0].id),
        "company": global_id("Goal", grown.goals.root.id),
        "period": global_id("GoalPeriod", grown.goals.period_id),
        "department": global_id("Department", people.department_id(people.searched[0])),
    }
    documents = [found for page in PAGES for found in EXAMPLE.findall((ROOT / page).read_text("utf-8"))]
    assert documents
    return [graphql(each, **{name: known[name] for name in re.findall(r"\$(\w+): ", each)}) for each in documents]


async def test_the_workloads_read_no_table_as_a_whole(grown: Grown) -> None:
    people, goals = grown.organization, grown.goals
    workloads = [
        team_page.of(people.manager.id),
        record.of(people.manager.id),
        tree.of(goals),
        check_in.of(goals),
        people_list.of(people.department_id(people.managers[0].department)),
    ]
    assert {"stakeholders", "memberships", "reporting_lines", "goals", "goal_lines", "check_ins"} <= grown.grown
    for workload in workloads:
        statements = await heard(grown, workload.caller, [workload.questions[allround.NAME]])
        assert len(statements) >= 2  # who asks, and what is asked
        for statement in statements:
            assert not await grown.whole_reads(statement), f"{workload.name} reads all of it: {statement.sql}"


async def test_the_documented_examples_read_no_table_as_a_whole(grown: Grown) -> None:
    asked = [each for each in examples(grown) if OF_A_PERIOD not in each.body["query"]]
    statements = await heard(grown, Role.MANAGER, asked)
    assert len(statements) > len(asked) > 2
    for statement in statements:
        assert not await grown.whole_reads(statement), f"All of it is read: {statement.sql}"


async def test_of_a_period_only_the_goals_are_read_as_a_whole(grown: Grown) -> None:
    asked = [each for each in examples(grown) if OF_A_PERIOD in each.body["query"]]
    statements = await heard(grown, Role.MANAGER, asked)
    assert set().union(*[await grown.whole_reads(each) for each in statements]) == {"goals"}


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("select name from stakeholders where joined_on is null", "stakeholders"),
        ("select count(*) from goals", "goals"),
        ("select starts_on from memberships where organization_id = $1 and title = $2", "memberships"),
        ("select key_results.id from stakeholders join key_results on key_results.title = email", "key_results"),
    ],
)
async def test_a_statement_that_reads_a_whole_table_is_noticed(grown: Grown, sql: str, table: str) -> None:
    values: Any = None
    assert table in await grown.whole_reads(Statement(sql, values))


@pytest.mark.parametrize(
    "sql",
    [
        "select name from stakeholders where organization_id = $1 and id = $2",
        "select name from stakeholders where organization_id = $1 order by name, id limit 20",
        "select depth from goal_lines where organization_id = $1 and ancestor_id = $2 and depth = 1",
    ],
)
async def test_a_statement_that_reads_as_much_as_it_answers_is_right(grown: Grown, sql: str) -> None:
    assert not await grown.whole_reads(Statement(sql, None))

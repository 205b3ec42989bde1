"""What is known of who signs in."""

from sqlalchemy import Select, select
from sqlmodel import col

from app.access.actor import Actor, SymbolicActor
from app.access.models import Account

# Sent as they are, once a second at the most for each caller: not compiled, because they are no request's.

_OF_ACCOUNT = """
from accounts account
join organizations organization on organization.id = account.organization_id
join stakeholders stakeholder
  on stakeholder.organization_id = account.organization_id and stakeholder.id = account.stakeholder_id
cross join lateral (select (now() at time zone organization.time_zone)::date as day) today
where account.organization_id = $1 and account.id = $2
  and account.closed_at is null
  and (stakeholder.active_from is null or stakeholder.active_from <= today.day)
  and (stakeholder.deactivated_on is null or stakeholder.deactivated_on > today.day)
  and ($3::uuid is null or exists (select from sessions
    where sessions.organization_id = account.organization_id and sessions.id = $3
      and sessions.account_id = account.id and ended_at is null and expires_at > now()))
"""

_GRANT = """json_build_object('role', {grant}.role, 'reach', {grant}.reach, 'department', {grant}.department_id,
    'subjects', (select json_agg(stakeholder_id) from grant_subjects subject
      where subject.organization_id = {grant}.organization_id and subject.grant_id = {grant}.id))"""

_HEADED = """array(select id from departments
    where departments.organization_id = account.organization_id and head_id = {head}
      and (closed_on is null or closed_on > today.day)) as headed"""

_HOLDS = """{grant}.revoked_at is null and {grant}.starts_on <= today.day
      and ({grant}.ends_on is null or {grant}.ends_on > today.day)"""

ACTOR = f"""
select account.stakeholder_id, stakeholder.locale, organization.locale as organization_locale, today.day,
  coalesce((select json_agg({_GRANT.format(grant="own")}) from grants own
    where own.organization_id = account.organization_id and own.account_id = account.id
      and own.lent_from_id is null and {_HOLDS.format(grant="own")}), '[]') as grants,
  {_HEADED.format(head="account.stakeholder_id")}
{_OF_ACCOUNT}
"""  # noqa: S608 -- made of what stands above
"""The account $2 of the organization $1, signed in by the session $3 if that is given: its grants of today, and the
departments that it heads."""

ACTOR_FOR_ANOTHER = f"""
select account.stakeholder_id, stakeholder.locale, organization.locale as organization_locale, today.day,
  coalesce((select json_agg({_GRANT.format(grant="lent")})
    from grants lent
    join grants own on own.organization_id = lent.organization_id and own.id = lent.lent_from_id
      and own.lent_from_id is null and {_HOLDS.format(grant="own")}
    join accounts lender on lender.organization_id = own.organization_id and lender.id = own.account_id
      and lender.closed_at is null and lender.stakeholder_id = $4
    join stakeholders person on person.organization_id = lender.organization_id and person.id = lender.stakeholder_id
      and (person.active_from is null or person.active_from <= today.day)
      and (person.deactivated_on is null or person.deactivated_on > today.day)
    where lent.organization_id = account.organization_id and lent.account_id = account.id
      and {_HOLDS.format(grant="lent")}), '[]') as grants,
  {_HEADED.format(head="$4")}
{_OF_ACCOUNT}
"""  # noqa: S608 -- made of what stands above
"""The same for the stakeholder $4: what they lent to the account, as long as they have it themselves."""


KEY = """
select account_id, secret_hash, previous_secret_hash, previous_until, permissions, networks, expires_at
from api_keys
where organization_id = $1 and id = $2 and revoked_at is null and expires_at > now()
"""
"""The key $2 of the organization $1, as long as it opens anything."""

USE_KEYS = """
update api_keys key set used_at = use.at, used_from = use.address
from unnest($2::uuid[], $3::timestamptz[], $4::text[]) use (id, at, address)
where key.organization_id = $1 and key.id = use.id
  and (key.used_at is null or key.used_at < use.at - interval '50 seconds')
"""
"""Writes when the keys $2 were used last, unless another process wrote it within the minute."""


def own_account(actor: Actor | SymbolicActor) -> Select[Account]:
    """The account that the actor signed in with."""
    return select(Account).where(
        col(Account.organization_id) == actor.organization_id, col(Account.id) == actor.account_id
    )

"""What is known of who signs in."""

from sqlalchemy import Select, select
from sqlmodel import col

from app.access.actor import Actor, SymbolicActor
from app.access.models import Account

# Sent as it is, once a second at the most for each caller: not compiled, because it is no request's.
ACTOR = """
select account.stakeholder_id, stakeholder.locale, organization.locale as organization_locale, today.day,
  array(select distinct role from grants
    where grants.organization_id = account.organization_id and account_id = account.id
      and starts_on <= today.day and (ends_on is null or ends_on > today.day)) as roles,
  array(select department_id from grants
    where grants.organization_id = account.organization_id and account_id = account.id and department_id is not null
      and starts_on <= today.day and (ends_on is null or ends_on > today.day)
    union
    select id from departments
    where departments.organization_id = account.organization_id and head_id = account.stakeholder_id
      and (closed_on is null or closed_on > today.day)) as department_ids
from accounts account
join organizations organization on organization.id = account.organization_id
join stakeholders stakeholder
  on stakeholder.organization_id = account.organization_id and stakeholder.id = account.stakeholder_id
cross join lateral (select (now() at time zone organization.time_zone)::date as day) today
where account.organization_id = $1 and account.id = $2
  and (stakeholder.active_from is null or stakeholder.active_from <= today.day)
  and (stakeholder.deactivated_on is null or stakeholder.deactivated_on > today.day)
"""


def own_account(actor: Actor | SymbolicActor) -> Select[Account]:
    """The account that the actor signed in with."""
    return select(Account).where(
        col(Account.organization_id) == actor.organization_id, col(Account.id) == actor.account_id
    )

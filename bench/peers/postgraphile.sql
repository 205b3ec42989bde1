-- What PostGraphile serves: views over the same tables, which show to a manager what Allround shows to one. They run
-- with the rights of whoever asks, so that row-level security holds; the settings come from the token (pgSettings).

create schema bench;

create view bench.departments with (security_invoker) as
select id, name from public.departments;

-- The membership is joined, not looked up in sub-selects: under row-level security PostgreSQL would not use an index
-- for a manager that comes out of one.
create view bench.people with (security_invoker) as
select
  person.id,
  person.kind,
  person.name,
  person.email,
  works.title,
  works.manager_id,
  case
    when person.id = (select current_setting('app.stakeholder')::uuid) or exists (
      select from public.reporting_lines line
      where line.organization_id = person.organization_id and line.report_id = person.id
        and line.manager_id = (select current_setting('app.stakeholder')::uuid)
        and line.starts_on <= (select current_setting('app.today')::date)
        and line.ends_on > (select current_setting('app.today')::date)
    )
    then person.joined_on
  end as joined_on
from public.stakeholders person
left join public.memberships works
  on works.organization_id = person.organization_id and works.stakeholder_id = person.id
  and works.starts_on <= (select current_setting('app.today')::date)
  and (works.ends_on is null or works.ends_on > (select current_setting('app.today')::date))
where person.id = (select current_setting('app.stakeholder')::uuid)
  or (
    person.kind in ('EMPLOYEE', 'MANAGER', 'DEPARTMENT')
    and (
      (person.active_from is null or person.active_from <= (select current_setting('app.today')::date))
      and (person.deactivated_on is null or person.deactivated_on > (select current_setting('app.today')::date))
    )
  )
  or exists (
    select from public.reporting_lines line
    where line.organization_id = person.organization_id and line.report_id = person.id
      and line.manager_id = (select current_setting('app.stakeholder')::uuid)
      and line.starts_on <= (select current_setting('app.today')::date)
      and line.ends_on > (select current_setting('app.today')::date)
  );

create view bench.memberships with (security_invoker) as
select
  works.id,
  works.stakeholder_id as person_id,
  works.department_id,
  works.title,
  works.starts_on,
  case
    when works.ends_on <= (select current_setting('app.today')::date)
      or works.stakeholder_id = (select current_setting('app.stakeholder')::uuid)
      or exists (
        select from public.reporting_lines line
        where line.organization_id = works.organization_id and line.report_id = works.stakeholder_id
          and line.manager_id = (select current_setting('app.stakeholder')::uuid)
          and line.starts_on <= (select current_setting('app.today')::date)
          and line.ends_on > (select current_setting('app.today')::date)
      )
    then works.ends_on
  end as ends_on
from public.memberships works
where
  (
    works.starts_on <= (select current_setting('app.today')::date)
    and (works.ends_on is null or works.ends_on > (select current_setting('app.today')::date))
  )
  or works.stakeholder_id = (select current_setting('app.stakeholder')::uuid)
  or exists (
    select from public.reporting_lines line
    where line.organization_id = works.organization_id and line.report_id = works.stakeholder_id
      and line.manager_id = (select current_setting('app.stakeholder')::uuid)
      and line.starts_on <= (select current_setting('app.today')::date)
      and line.ends_on > (select current_setting('app.today')::date)
  );

comment on view bench.departments is E'@primaryKey id';
comment on view bench.people is
  E'@primaryKey id\n@foreignKey (manager_id) references bench.people (id)|@fieldName manager';
comment on view bench.memberships is
  E'@primaryKey id\n'
  '@foreignKey (person_id) references bench.people (id)|@foreignFieldName memberships\n'
  '@foreignKey (department_id) references bench.departments (id)|@fieldName department';

grant usage on schema bench to allround_app;
grant select on all tables in schema bench to allround_app;

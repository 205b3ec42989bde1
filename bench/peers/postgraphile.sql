-- What PostGraphile serves: views over the same tables, which show to an employee or a manager what Allround shows to
-- one. They run with the rights of whoever asks, so that row-level security holds; the settings come from the token
-- (pgSettings).

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
  works.department_id,
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

create view bench.contact_points with (security_invoker) as
select point.id, point.stakeholder_id as person_id, point.kind, point.value, point.rank
from public.contact_points point
where point.stakeholder_id = (select current_setting('app.stakeholder')::uuid)
  or exists (
    select from public.reporting_lines line
    where line.organization_id = point.organization_id and line.report_id = point.stakeholder_id
      and line.manager_id = (select current_setting('app.stakeholder')::uuid)
      and line.starts_on <= (select current_setting('app.today')::date)
      and line.ends_on > (select current_setting('app.today')::date)
  );

-- A manager sees the goals of the whole organization, and those of the line below.
create view bench.goals with (security_invoker) as
select goal.id, goal.title, goal.progress, goal.parent_id, goal.owner_id
from public.goals goal
where goal.visibility = 'ORGANIZATION' and goal.state not in ('DRAFT', 'PROPOSED')
  or goal.owner_id = (select current_setting('app.stakeholder')::uuid)
  or exists (
    select from public.reporting_lines line
    where line.organization_id = goal.organization_id and line.report_id = goal.owner_id
      and line.manager_id = (select current_setting('app.stakeholder')::uuid)
      and line.starts_on <= (select current_setting('app.today')::date)
      and line.ends_on > (select current_setting('app.today')::date)
  );

create function bench.goals_descendants(goal bench.goals, levels integer) returns setof bench.goals
language sql stable as $$
  select below.*
  from public.goal_lines line
  join bench.goals below on below.id = line.descendant_id
  where line.ancestor_id = goal.id and line.depth between 1 and levels
  order by line.depth, below.title, below.id
  limit 1000
$$;

comment on view bench.departments is E'@primaryKey id';
comment on view bench.people is
  E'@primaryKey id\n'
  '@foreignKey (manager_id) references bench.people (id)|@fieldName manager\n'
  '@foreignKey (department_id) references bench.departments (id)|@fieldName department';
comment on view bench.contact_points is
  E'@primaryKey id\n@foreignKey (person_id) references bench.people (id)|@foreignFieldName contactPoints';
comment on view bench.goals is
  E'@primaryKey id\n'
  '@foreignKey (parent_id) references bench.goals (id)|@fieldName parent\n'
  '@foreignKey (owner_id) references bench.people (id)|@fieldName owner';
comment on view bench.memberships is
  E'@primaryKey id\n'
  '@foreignKey (person_id) references bench.people (id)|@foreignFieldName memberships\n'
  '@foreignKey (department_id) references bench.departments (id)|@fieldName department';

grant usage on schema bench to allround_app;
grant select on all tables in schema bench to allround_app;

-- The check-in with all that Allround writes: the way up is locked from the bottom to the top and written at once.
create function bench.check_in_goal(goal_id uuid, key_result_id uuid, value numeric) returns bench.goals
language plpgsql volatile as $$
#variable_conflict use_column
declare
  own uuid := current_setting('app.organization')::uuid;
  author uuid := current_setting('app.stakeholder')::uuid;
  today date := current_setting('app.today')::date;
  at timestamptz := clock_timestamp();
  check_in uuid := uuidv7();
  told public.goals;
  measured public.key_results;
  above record;
  reached numeric;
  was_weight numeric;
  was_sum numeric;
  new_weight numeric;
  new_sum numeric;
  fed_weight numeric;
  fed_sum numeric;
  share numeric;
  ids uuid[] := '{}';
  weights numeric[] := '{}';
  sums numeric[] := '{}';
  shares numeric[] := '{}';
  shown bench.goals;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(own::text, 3));

  select goal.* into strict told
  from public.goals goal
  where goal.organization_id = own and goal.id = check_in_goal.goal_id and goal.state = 'ACTIVE'
    and (
      goal.owner_id = author
      or exists (
        select from public.reporting_lines line
        where line.organization_id = own and line.report_id = goal.owner_id and line.manager_id = author
          and line.starts_on <= today and line.ends_on > today
      )
    )
  for update of goal;
  select key_result.* into strict measured
  from public.key_results key_result
  where key_result.organization_id = own and key_result.goal_id = told.id
    and key_result.id = check_in_goal.key_result_id;

  reached := round((check_in_goal.value - measured.start_value) / (measured.target_value - measured.start_value), 6);
  was_weight := measured.weight;
  was_sum := measured.weight * least(1, greatest(0, measured.attainment));
  new_weight := measured.weight;
  new_sum := measured.weight * least(1, greatest(0, reached));
  for above in
    select goal.id, goal.fed_weight, goal.fed_sum, goal.weight, goal.state, goal.outcome
    from public.goal_lines line
    join public.goals goal on goal.organization_id = line.organization_id and goal.id = line.ancestor_id
    where line.organization_id = own and line.descendant_id = told.id
    order by line.depth
    for update of goal
  loop
    exit when ids <> '{}' and (was_weight, was_sum) = (new_weight, new_sum);
    fed_weight := above.fed_weight - was_weight + new_weight;
    fed_sum := above.fed_sum - was_sum + new_sum;
    share := round(fed_sum / nullif(fed_weight, 0), 6);
    ids := ids || above.id;
    weights := weights || fed_weight;
    sums := sums || fed_sum;
    shares := shares || share;
    was_weight := 0;
    was_sum := 0;
    new_weight := 0;
    new_sum := 0;
    if above.state <> 'DRAFT' and above.outcome is distinct from 'CANCELLED' then
      if above.fed_weight <> 0 then
        was_weight := above.weight;
        was_sum := above.weight * round(above.fed_sum / above.fed_weight, 6);
      end if;
      if share is not null then
        new_weight := above.weight;
        new_sum := above.weight * share;
      end if;
    end if;
  end loop;

  with way as (
    select * from unnest(ids, weights, sums, shares) as way (id, fed_weight, fed_sum, progress)
  ), fed as (
    update public.goals goal set
      fed_weight = way.fed_weight, fed_sum = way.fed_sum, progress = way.progress,
      check_in_count = goal.check_in_count + (goal.id = told.id)::integer,
      checked_in_on = case when goal.id = told.id then today else goal.checked_in_on end,
      reminded_on = case when goal.id = told.id then null else goal.reminded_on end,
      version = goal.version + (goal.id = told.id)::integer,
      updated_at = case when goal.id = told.id then at else goal.updated_at end
    from way
    where goal.organization_id = own and goal.id = way.id
    returning goal.id, goal.progress, goal.confidence
  )
  insert into public.goal_progress (organization_id, id, goal_id, day, progress, confidence)
  select own, uuidv7(), fed.id, today, fed.progress, fed.confidence from fed
  on conflict (organization_id, goal_id, day)
  do update set progress = excluded.progress, confidence = excluded.confidence;

  update public.key_results set
    current_value = check_in_goal.value, attainment = reached, version = version + 1, updated_at = at
  where organization_id = own and id = measured.id;
  insert into public.check_ins
    (organization_id, id, goal_id, key_result_id, number, author_id, told_on, created_at, value, awaits_confirmation,
      progress)
  values
    (own, check_in, told.id, measured.id, told.check_in_count + 1, author, today, at, check_in_goal.value, false,
      shares[1]);
  insert into public.audit_events (organization_id, id, at, actor_id, action, subject_type, subject_id, after, salt)
  values
    (own, uuidv7(), at, author, 'goal.checked-in', 'CheckIn', check_in,
      jsonb_build_object(
        'goal_id', told.id, 'key_result_id', measured.id, 'number', told.check_in_count + 1,
        'value', check_in_goal.value, 'author_id', author, 'told_on', today, 'progress', shares[1]
      ),
      gen_random_uuid());
  insert into public.domain_events (organization_id, id, at, name, subject_id, payload)
  values
    (own, uuidv7(), at, 'goal.checked-in', check_in,
      jsonb_build_object('goal_id', told.id, 'progress', shares[1]));

  select goal.* into strict shown from bench.goals goal where goal.id = told.id;
  return shown;
end
$$;

"""What the demonstration organization gets of accounts, and of what belongs to them."""

WITH_ACCOUNTS = (
    *("engineering-02", "engineering-05", "engineering-06", "battery-05", "battery-16", "finance-05"),
    *("partner-02", "partner-03", "investor-01", "customer-02"),
)
OF_ENGINEERING_02 = """(select accounts.id from accounts join stakeholders on stakeholders.id = stakeholder_id
where stakeholders.external_id = 'engineering-02')"""

ACCOUNTS = (
    f"""insert into accounts (organization_id, id, version, stakeholder_id, email)
    select organization_id, gen_random_uuid(), 1, id, id || '@accounts.example' from stakeholders
    where external_id in {WITH_ACCOUNTS}
    or id in (select stakeholder_id from departments where external_id = 'battery')""",
    """update accounts set external_id = id,
    closed_at = case when email like '%@accounts.example' then timestamptz '2099-01-01' end""",
    """insert into grants (organization_id, id, version, account_id, role, starts_on)
    select organization_id, gen_random_uuid(), 1, id, 'EMPLOYEE', '2020-01-01' from accounts
    where email like '%@accounts.example'""",
    """insert into grants (organization_id, id, version, account_id, role, starts_on, ends_on, lent_from_id)
    select own.organization_id, gen_random_uuid(), 1, other.id, own.role, '2020-01-01', '2099-01-01', own.id
    from grants own join accounts other on other.organization_id = own.organization_id
    and other.email = case when own.account_id = (select id from accounts where email = 'head@demo.example')
      then 'manager@demo.example' else 'head@demo.example' end
    where own.lent_from_id is null""",
    """insert into grants (organization_id, id, version, account_id, role, starts_on, ends_on, lent_from_id)
    select account.organization_id, gen_random_uuid(), 1, account.id, own.role, '2020-01-01', '2099-01-01', own.id
    from accounts account join grants own on own.organization_id = account.organization_id and own.lent_from_id is null
    join accounts lender on lender.id = own.account_id
    and lender.email = case when account.email = 'manager@demo.example' then 'head@demo.example'
      else 'manager@demo.example' end""",
    """update group_roles set reach = 'DEPARTMENT', lasts_days = 30, source = (select id::text from identity_providers),
    department_id = (select id from departments where external_id = 'battery')""",
    f"""update grants set reach = 'DEPARTMENT', revoked_at = now(), ends_on = '2099-01-01',
    group_role_id = group_roles.id, department_id = group_roles.department_id
    from group_roles where account_id in {OF_ENGINEERING_02}""",
    f"""insert into grant_subjects (organization_id, grant_id, stakeholder_id)
    select grants.organization_id, grants.id, stakeholders.id from grants, stakeholders
    where account_id in {OF_ENGINEERING_02} and stakeholders.external_id in ('engineering-05', 'customer-02')""",
    """insert into group_roles (organization_id, id, version, source, group_name, role, mapped_by_id, unmapped_at)
    select organization_id, gen_random_uuid(), 1, source, 'a former group', role, mapped_by_id, now()
    from group_roles""",
    """insert into api_keys (organization_id, id, version, account_id, name, secret_hash, permissions, networks,
      expires_at, previous_until, used_at, used_from)
    select organization_id, gen_random_uuid(), 1, id, 'a key', 'x', '{"stakeholders:read": "OWN"}', '["10.0.0.0/8"]',
    '2099-01-01', '2099-01-01', now(), '10.0.0.1' from accounts""",
    f"update api_keys set revoked_at = now() where account_id in {OF_ENGINEERING_02}",
    """insert into sessions (organization_id, id, account_id, method, opened_at, used_at, expires_at, address, device,
      ended_at, end_reason)
    select organization_id, gen_random_uuid(), id, 'PASSWORD', now(), now(), '2099-01-01', '10.0.0.1', 'a device',
    ended.at, case when ended.at is not null then 'SIGNED_OUT' end
    from accounts cross join (values (now()), (null)) ended (at)""",
)
"""A closed account cannot sign in, so only those are that nobody asks with."""

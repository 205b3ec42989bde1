"""Row-level security by organization, for the tables that a migration makes."""

from alembic import op

SERVING_ROLE = "allround_app"

# The sub-select is evaluated once a statement; the bare call would be once a row.
CURRENT = "(select nullif(current_setting('app.organization', true), '')::uuid)"


def create_serving_role() -> None:
    """The role belongs to the whole server, so another database of it may have made it already."""
    op.execute(
        f"""
        do $$ begin
          create role {SERVING_ROLE} nologin nosuperuser nobypassrls nocreatedb nocreaterole;
        exception when duplicate_object or unique_violation then null;
        end $$
        """
    )
    op.execute(f"do $$ begin execute format('grant {SERVING_ROLE} to %I', current_user); end $$")
    op.execute(f"do $$ begin execute format('grant usage on schema %I to {SERVING_ROLE}', current_schema()); end $$")


def protect(table: str, *, may: str = "select, insert, update, delete", organization: str = "organization_id") -> None:
    """Lets the serving role see and write the rows of the organization that is set, and no others."""
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"create policy tenant on {table} using ({organization} = {CURRENT})")
    op.execute(f"grant {may} on {table} to {SERVING_ROLE}")

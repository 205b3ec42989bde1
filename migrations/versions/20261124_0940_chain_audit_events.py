"""Chain audit events by hash when they are committed, and index them for whoever reads them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import SERVING_ROLE, protect

revision: str = "20261124_audit_chain"
down_revision: str | None = "20261124_group_roles"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FUNCTIONS = ("seal_audit_event()", "close_audit_chain()", "erase_audit_content(uuid)")

# Instants are written in UTC whatever the session's zone, jsonb in its own form, and no literal has a backslash, whose
# meaning is a setting.
GENESIS = "decode(repeat('00', 32), 'hex')"
CONTENT = """
sha256(uuid_send({event}.salt) || convert_to(jsonb_build_array({event}.before, {event}.after)::text, 'UTF8'))
"""
METADATA = """
convert_to(jsonb_build_array(
  {event}.organization_id, {place}, {event}.id, to_char({event}.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  {event}.actor_id, {event}.on_behalf_of_id, {event}.key_id, {event}.action, {event}.subject_type, {event}.subject_id,
  {event}.request_id)::text, 'UTF8')
"""

# It fires at the commit. The first event of a transaction locks the organization's head, so that events follow one
# another; the rest find it open, and follow the last seal: the head is not changed with each, because a row that one
# transaction changes a hundred thousand times gets slower each time. Where the last seal is not the head's, seals were
# taken away, and the chain goes on from the head, so that the gap stays.
SEAL = f"""
create function seal_audit_event() returns trigger language plpgsql security definer as $$
declare
  is_open boolean;
  head_place bigint;
  head_hash bytea;
  place bigint;
  previous bytea;
  content bytea := {CONTENT.format(event="new")};
begin
  select head.sealing, head.sequence, head.hash into is_open, head_place, head_hash
  from audit_heads head where head.organization_id = new.organization_id;
  if is_open is not true then
    insert into audit_heads (organization_id, sequence, hash, sealing)
    values (new.organization_id, 0, {GENESIS}, false) on conflict do nothing;
    select head.sequence, head.hash into head_place, head_hash
    from audit_heads head where head.organization_id = new.organization_id for update;
  end if;
  select seal.sequence, seal.hash into place, previous
  from audit_seals seal where seal.organization_id = new.organization_id order by seal.sequence desc limit 1;
  if place is null or place < head_place then
    place := head_place;
    previous := head_hash;
  end if;
  place := place + 1;
  insert into audit_seals (organization_id, sequence, event_id, content_digest, hash)
  values (new.organization_id, place, new.id, content,
    sha256(previous || {METADATA.format(event="new", place="place")} || content));
  if is_open is not true then
    update audit_heads set sealing = true where organization_id = new.organization_id;
  end if;
  return null;
end
$$
"""  # noqa: S608 -- made of what stands above

# Opening a head queues this behind the events that are sealed, or does it at once where constraints are immediate.
CLOSE = """
create function close_audit_chain() returns trigger language plpgsql security definer as $$
begin
  update audit_heads head set sequence = last.sequence, hash = last.hash, sealing = false
  from (
    select seal.sequence, seal.hash from audit_seals seal
    where seal.organization_id = new.organization_id order by seal.sequence desc limit 1
  ) last
  where head.organization_id = new.organization_id;
  return null;
end
$$
"""

# An event without a seal is one of this very transaction.
ERASE = """
create function erase_audit_content(erasure uuid) returns bigint language plpgsql security definer as $$
declare
  organization uuid := nullif(current_setting('app.organization', true), '')::uuid;
  subjects uuid[];
  erased bigint;
begin
  select array_agg(subject::uuid) into subjects
  from audit_events event cross join jsonb_array_elements_text(event.after -> 'subjects') subject
  where event.organization_id = organization and event.id = erasure and event.action = 'stakeholder.erased'
    and not exists (
      select from audit_seals seal where seal.organization_id = organization and seal.event_id = erasure
    );
  if subjects is null then
    raise exception 'Content is erased in the transaction that records the erasure, and in no other.'
      using errcode = 'insufficient_privilege';
  end if;
  update audit_events set before = null, after = null, salt = null
  where organization_id = organization and subject_id = any(subjects) and action <> 'stakeholder.erased'
    and salt is not null;
  get diagnostics erased = row_count;
  return erased;
end
$$
"""

SEAL_TRIGGER = """
create constraint trigger audit_events_seal after insert on audit_events
deferrable initially deferred for each row execute function seal_audit_event()
"""
CLOSE_TRIGGER = """
create constraint trigger audit_heads_close after update of sealing on audit_heads
deferrable initially deferred for each row when (new.sealing) execute function close_audit_chain()
"""

# Nobody's temporary table can stand in for one of these.
PIN = """
do $do$ begin
  execute format('alter function {function} set search_path = pg_catalog, %I, pg_temp', current_schema());
  revoke execute on function {function} from public;
end $do$
"""

SEAL_WHAT_IS_THERE = f"""
do $do$
declare
  event audit_events%rowtype;
  organization uuid;
  place bigint;
  previous bytea;
  content bytea;
begin
  for event in select * from audit_events order by organization_id, id loop
    if event.organization_id is distinct from organization then
      organization := event.organization_id;
      place := 0;
      previous := {GENESIS};
    end if;
    place := place + 1;
    content := {CONTENT.format(event="event")};
    previous := sha256(previous || {METADATA.format(event="event", place="place")} || content);
    insert into audit_seals (organization_id, sequence, event_id, content_digest, hash)
    values (organization, place, event.id, content, previous);
  end loop;
  insert into audit_heads (organization_id, sequence, hash, sealing)
  select distinct on (organization_id) organization_id, sequence, hash, false
  from audit_seals order by organization_id, sequence desc;
end $do$
"""  # noqa: S608 -- made of what stands above


def upgrade() -> None:
    op.add_column("audit_events", sa.Column("key_id", sa.Uuid()))
    op.add_column("audit_events", sa.Column("salt", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))
    op.create_table(
        "audit_seals",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("content_digest", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "sequence", name=op.f("audit_seals_key")),
    )
    op.create_index("audit_seals_event", "audit_seals", ["organization_id", "event_id"], unique=True)
    op.create_table(
        "audit_heads",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealing", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("audit_heads_key")),
    )
    _index_for_readers()
    for table in ("audit_seals", "audit_heads"):
        protect(table, may="select")
    op.execute(SEAL_WHAT_IS_THERE)
    for statement in (SEAL, CLOSE, ERASE, *(PIN.format(function=function) for function in FUNCTIONS)):
        op.execute(statement)
    op.execute(f"grant execute on function erase_audit_content(uuid) to {SERVING_ROLE}")
    op.execute(SEAL_TRIGGER)
    op.execute(CLOSE_TRIGGER)


def _index_for_readers() -> None:
    """The newest first, of all and of what a filter names."""
    for name in ("actor", "subject"):
        op.drop_index(f"audit_events_{name}", "audit_events")
        op.create_index(f"audit_events_{name}", "audit_events", ["organization_id", f"{name}_id", "at", "id"])
    op.create_index("audit_events_at", "audit_events", ["organization_id", "at", "id"])
    op.create_index("audit_events_action", "audit_events", ["organization_id", "action", "at", "id"])
    for name, column in (("on_behalf_of", "on_behalf_of_id"), ("key_used", "key_id"), ("request", "request_id")):
        op.create_index(
            f"audit_events_{name}",
            "audit_events",
            ["organization_id", column, "at", "id"],
            postgresql_where=sa.text(f"{column} is not null"),
        )


def downgrade() -> None:
    op.execute("drop trigger audit_events_seal on audit_events")
    op.drop_table("audit_heads")
    op.drop_table("audit_seals")
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    for name in ("on_behalf_of", "key_used", "request", "action", "at"):
        op.drop_index(f"audit_events_{name}", "audit_events")
    for name in ("actor", "subject"):
        op.drop_index(f"audit_events_{name}", "audit_events")
        op.create_index(f"audit_events_{name}", "audit_events", ["organization_id", f"{name}_id", "id"])
    op.drop_column("audit_events", "salt")
    op.drop_column("audit_events", "key_id")

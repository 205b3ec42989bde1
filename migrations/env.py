"""Runs the migrations on the connection that app/db/migrate.py hands over."""

from alembic import context

from app.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()

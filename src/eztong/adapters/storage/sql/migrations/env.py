"""Alembic's entry: runs the revisions on the connection that schema.py hands over."""

from __future__ import annotations

from alembic import context

from eztong.adapters.storage.sql.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()

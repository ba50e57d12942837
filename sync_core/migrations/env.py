"""Run by Alembic: the migrations that are due, on the connection that it is given, in the transaction around it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()

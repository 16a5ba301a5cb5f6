"""The history of the schema (Alembic, set up in code)."""

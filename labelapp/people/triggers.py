"""Database triggers that keep append-only tables append-only, for use in migrations."""

from django.db.migrations.operations import RunSQL

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def append_only(table: str, *, once: str = "") -> RunSQL:
    """Let the table take inserts only; with `once`, rows for which that SQL condition on OLD holds."""
    return _trigger(f"{table}_append_only", table, "BEFORE UPDATE OR DELETE", once)


def frozen(table: str) -> RunSQL:
    """Let rows be inserted and deleted, but never changed."""
    return _trigger(f"{table}_frozen", table, "BEFORE UPDATE", "")


def _trigger(name: str, table: str, when: str, condition: str) -> RunSQL:
    only = f"WHEN ({condition}) " if condition else ""
    return RunSQL(
        f'{FUNCTION}CREATE TRIGGER {name} {when} ON "{table}" '
        f"FOR EACH ROW {only}EXECUTE FUNCTION refuse_change();",
        f'DROP TRIGGER {name} ON "{table}";',
    )

"""What a county counts of its services, and where documents lie, are its own words.

Not that of one county in columns: the flags of an item become codes that the county declares.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "declared_flags"
down_revision = "case_term"
branch_labels = None
depends_on = None

FLAGS = ("agency", "assisted", "online", "town", "village")
PLACES = "place IN ('worker', 'station', 'town', 'department', 'returned')"


def upgrade() -> None:
    listed = ", ".join(f"CASE WHEN {flag} THEN '{flag}' END" for flag in FLAGS)
    op.add_column("service_items", sa.Column("flags", postgresql.ARRAY(sa.Text()), nullable=True))
    _carry("service_items", f"flags = array_remove(ARRAY[{listed}], NULL)")
    op.alter_column("service_items", "flags", nullable=False)
    for flag in FLAGS:
        op.drop_column("service_items", flag)
    kept = ", ".join(f"CASE WHEN (item->>'{flag}')::boolean THEN '{flag}' END" for flag in FLAGS)
    without = ", ".join(f"'{flag}'" for flag in FLAGS)
    _carry(
        "service_imports",
        "rows = (SELECT coalesce(jsonb_agg((item - ARRAY[" + without + "]) || jsonb_build_object("
        f"'flags', to_jsonb(array_remove(ARRAY[{kept}], NULL))) ORDER BY nr), '[]') "
        "FROM jsonb_array_elements(rows) WITH ORDINALITY AS held(item, nr))",
    )
    op.drop_constraint(op.f("ck_service_documents_place"), "service_documents")


def downgrade() -> None:
    op.create_check_constraint(op.f("ck_service_documents_place"), "service_documents", PLACES)
    held = ", ".join(f"'{flag}', item->'flags' ? '{flag}'" for flag in FLAGS)
    _carry(
        "service_imports",
        f"rows = (SELECT coalesce(jsonb_agg((item - 'flags') || jsonb_build_object({held}) "
        "ORDER BY nr), '[]') FROM jsonb_array_elements(rows) WITH ORDINALITY AS held(item, nr))",
    )
    for flag in FLAGS:
        op.add_column("service_items", sa.Column(flag, sa.Boolean(), nullable=True))
    _carry("service_items", ", ".join(f"{flag} = '{flag}' = ANY(flags)" for flag in FLAGS))
    for flag in FLAGS:
        op.alter_column("service_items", flag, nullable=False)
    op.drop_column("service_items", "flags")


def _carry(table: str, values: str) -> None:
    """Of every tenant at once: the owner is behind the wall like anybody, so it is let through."""
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"UPDATE {table} SET {values}")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")

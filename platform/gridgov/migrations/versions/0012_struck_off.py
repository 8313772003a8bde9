"""A piece of kit that is missing is struck off."""

import sqlalchemy as sa
from alembic import op

revision = "struck_off"
down_revision = "screens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "kit_pieces", sa.Column("struck_off_for", sa.Text(), server_default="", nullable=False)
    )
    op.drop_constraint(op.f("ck_kit_pieces_state"), "kit_pieces")
    op.create_check_constraint(
        op.f("ck_kit_pieces_state"),
        "kit_pieces",
        "state IN ('out', 'returned', 'missing', 'struck_off')",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_kit_pieces_state"), "kit_pieces")
    op.execute("ALTER TABLE kit_pieces NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE kit_pieces SET state = 'missing' WHERE state = 'struck_off'")
    op.execute("ALTER TABLE kit_pieces FORCE ROW LEVEL SECURITY")
    op.create_check_constraint(
        op.f("ck_kit_pieces_state"), "kit_pieces", "state IN ('out', 'returned', 'missing')"
    )
    op.drop_column("kit_pieces", "struck_off_for")

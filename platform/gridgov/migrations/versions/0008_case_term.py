"""A case may bring a term of its own."""

import sqlalchemy as sa
from alembic import op

revision = "case_term"
down_revision = "minutes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("term", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("cases", "term")

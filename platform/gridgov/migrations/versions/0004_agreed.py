"""A sheet of posts is agreed to by who gives roles."""

from alembic import op
import sqlalchemy as sa

revision = 'agreed'
down_revision = 'handover'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('turnovers', sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('turnovers', sa.Column('agreed_by', sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column('turnovers', 'agreed_by')
    op.drop_column('turnovers', 'agreed_at')

"""What stood in minutes before they were mended."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "minutes"
down_revision = "evaluation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('meetings', sa.Column('earlier', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))


def downgrade() -> None:
    op.drop_column('meetings', 'earlier')

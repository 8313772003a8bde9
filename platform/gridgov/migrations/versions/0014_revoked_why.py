"""A code that was revoked tells why."""

from alembic import op
import sqlalchemy as sa

revision = "revoked_why"
down_revision = "photos_alone"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('service_codes', sa.Column('revoked_why', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column('service_codes', 'revoked_why')

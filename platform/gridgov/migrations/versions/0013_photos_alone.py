"""Only photos are kept: nothing ever sent a document, and photos have no name."""

import sqlalchemy as sa
from alembic import op

revision = "photos_alone"
down_revision = "struck_off"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("ck_files_kind"), "files")
    op.drop_column("files", "kind")
    op.drop_column("files", "name")


def downgrade() -> None:
    op.add_column("files", sa.Column("name", sa.LargeBinary(), nullable=True))
    op.add_column(
        "files", sa.Column("kind", sa.Text(), server_default="photo", nullable=False)
    )
    op.alter_column("files", "kind", server_default=None)
    op.create_check_constraint(op.f("ck_files_kind"), "files", "kind IN ('photo', 'document')")

"""A figure of a review keeps the cases that it counts."""

import sqlalchemy as sa
from alembic import op

revision = "counted"
down_revision = "declared_flags"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_counted",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("case_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "department_id"],
            ["departments.tenant_id", "departments.id"],
            name=op.f("fk_review_counted_tenant_id_department_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "evaluation_id"],
            ["review_evaluations.tenant_id", "review_evaluations.id"],
            name=op.f("fk_review_counted_tenant_id_evaluation_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_review_counted")),
        info={"append_only": True},
    )
    op.execute("ALTER TABLE review_counted ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE review_counted FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON review_counted FOR ALL"
        " USING (tenant_id = sealed.gridgov_tenant())"
        " WITH CHECK (tenant_id = sealed.gridgov_tenant())"
    )
    op.execute("GRANT SELECT, INSERT ON review_counted TO gridgov_app")
    op.create_index(
        op.f("ix_review_counted_tenant_id_department_id"),
        "review_counted",
        ["tenant_id", "department_id"],
    )
    op.create_index(
        op.f("ix_review_counted_tenant_id_evaluation_id_department_id_figure"),
        "review_counted",
        ["tenant_id", "evaluation_id", "department_id", "figure"],
    )


def downgrade() -> None:
    op.drop_table("review_counted")

"""Screens on the wall of a hall."""

from alembic import op
import sqlalchemy as sa

revision = "screens"
down_revision = "counted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('hall_screens',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('node_id', sa.Uuid(), nullable=False),
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by', sa.Uuid(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'node_id'], ['grid_nodes.tenant_id', 'grid_nodes.id'], name=op.f('fk_hall_screens_tenant_id_node_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_hall_screens'))
    )
    op.execute('ALTER TABLE hall_screens ENABLE ROW LEVEL SECURITY')
    op.execute('ALTER TABLE hall_screens FORCE ROW LEVEL SECURITY')
    op.execute('CREATE POLICY tenant ON hall_screens FOR ALL USING (tenant_id = sealed.gridgov_tenant()) WITH CHECK (tenant_id = sealed.gridgov_tenant())')
    op.execute('GRANT SELECT, INSERT, UPDATE, DELETE ON hall_screens TO gridgov_app')
    op.create_index(op.f('ix_hall_screens_tenant_id_node_id'), 'hall_screens', ['tenant_id', 'node_id'], unique=False)
    op.create_index(op.f('ix_hall_screens_tenant_id_token'), 'hall_screens', ['tenant_id', 'token'], unique=True)


def downgrade() -> None:
    op.drop_table('hall_screens')

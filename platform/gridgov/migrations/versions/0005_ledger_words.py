"""Ledgers are found by their words."""

from alembic import op
import sqlalchemy as sa

revision = "ledger_words"
down_revision = "agreed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('ledger_lines', sa.Column('words', sa.Text(), server_default='', nullable=False))
    op.create_table('ledger_terms',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('term', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('tenant_id', 'term', 'id', name=op.f('pk_ledger_terms'))
    )
    op.execute('ALTER TABLE ledger_terms ENABLE ROW LEVEL SECURITY')
    op.execute('ALTER TABLE ledger_terms FORCE ROW LEVEL SECURITY')
    op.execute('CREATE POLICY tenant ON ledger_terms FOR ALL USING (tenant_id = sealed.gridgov_tenant()) WITH CHECK (tenant_id = sealed.gridgov_tenant())')
    op.execute('GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_terms TO gridgov_app')


def downgrade() -> None:
    op.drop_table('ledger_terms')
    op.drop_column('ledger_lines', 'words')

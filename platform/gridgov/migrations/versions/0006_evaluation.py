"""Indexes for what a review counts."""

from alembic import op

revision = "evaluation"
down_revision = "ledger_words"
branch_labels = None
depends_on = None

_OPENED = 'ix_cases_tenant_id_opened_at_category_node_path'
_LIT = 'ix_cases_tenant_id_node_path_due_at_yellow_at_paused_at'
_DONE = 'ix_cases_tenant_id_closed_at_node_path_late_solved_level'


def upgrade() -> None:
    _make_anew(opened=['origin'], lit=['category', 'kind'], done=['reopened', 'id'])


def downgrade() -> None:
    _make_anew(opened=[], lit=[], done=[])


def _make_anew(*, opened: list[str], lit: list[str], done: list[str]) -> None:
    for name in (_OPENED, _LIT, _DONE):
        op.drop_index(name, table_name='cases')
    op.create_index(
        _OPENED,
        'cases',
        ['tenant_id', 'opened_at', 'category', 'node_path'],
        postgresql_include=opened,
    )
    op.create_index(
        _LIT,
        'cases',
        ['tenant_id', 'node_path', 'due_at', 'yellow_at', 'paused_at'],
        postgresql_where="ends = ''",
        postgresql_include=['promise_at', 'late', 'ends', *lit],
    )
    op.create_index(
        _DONE,
        'cases',
        ['tenant_id', 'closed_at', 'node_path', 'late', 'solved_level'],
        postgresql_where="ends = 'closed'",
        postgresql_include=['ends', 'turn', *done],
    )

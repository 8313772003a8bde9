"""What hangs on the bulk loader's cases: reporters, steps, parts, clocks, audit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bench.vocabulary import quoted
from gridgov.policy import Policy

HEARD: Final = ("case_reporters", "case_assignments")
TABLES: Final = (*HEARD, "case_steps", "case_clocks", "audit_entries")
WAY: Final = ("reported", "filed", "dispatched", "handling", "handled", "closed", "evaluated")
_ACTIONS: Final = ("report", "file", "dispatch", "accept", "finish", "close", "rate")
RETURNED: Final = "stage > 3 AND luck BETWEEN 0.50 AND 0.54"
SUPERVISED: Final = "luck BETWEEN 0.700 AND 0.701"
"""Which cases were given back by a department, and which are supervised."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the cases lie: a tenant with its tree, its people and its departments."""

    tenant_id: UUID
    code: str
    policy: Policy


def id_of(at: str, number: str, kind: int) -> str:
    """A UUIDv7 of the moment, the same each time."""
    return (
        f"(lpad(to_hex((extract(epoch FROM {at}) * 1000)::bigint), 12, '0') "
        f"|| '7{kind:03x}8' || lpad(to_hex(({number})::bigint), 15, '0'))::uuid"
    )


def heard(ground: Ground) -> Iterator[str]:
    """Who reported and how they rated it; which department had which part."""
    tenant = quoted(ground.tenant_id)
    yield f"""
INSERT INTO case_reporters (tenant_id, id, case_id, account_id, phone_index, phone_tail, stars,
  comment, rated_at, created_at)
SELECT {tenant}, {id_of("opened_at", "p.n", 1)}, p.id, CASE WHEN by_worker THEN k.account_id END,
  CASE WHEN NOT by_worker THEN substr(sha256((p.n / 5)::text::bytea), 1, 16) END,
  CASE WHEN NOT by_worker THEN substr(sha256(p.n::text::bytea), 1, 16) END,
  CASE WHEN stage > 6 THEN '{{"effort": 5, "speed": 4, "result": 5}}'::jsonb END,
  '', CASE WHEN stage > 6 THEN opened_at + interval '7 days' END, opened_at
FROM plan p JOIN worker k ON k.n = p.worker"""
    yield f"""
INSERT INTO case_assignments (tenant_id, id, case_id, department_id, state, offered_at, accepted_at,
  ended_at, ended_by)
SELECT {tenant}, {id_of("opened_at", "p.n", 3)}, p.id, d.id,
  CASE stage WHEN 3 THEN 'offered' WHEN 4 THEN 'accepted' ELSE 'done' END,
  opened_at + interval '3 hours', CASE WHEN stage > 3 THEN opened_at + interval '4 hours' END,
  CASE WHEN stage > 4 THEN opened_at + interval '1 day' END,
  CASE WHEN stage > 4 THEN k.account_id END
FROM plan p JOIN department d ON d.n = p.department JOIN worker k ON k.n = p.worker
WHERE stage > 2"""


def trail(ground: Ground) -> Iterator[str]:
    """All that hangs on a case."""
    yield from heard(ground)
    tenant = quoted(ground.tenant_id)
    steps = ", ".join(
        f"({n}, {quoted(action)}, {quoted(before)}, {quoted(after)}, {n - 1} / 7.0)"
        for n, (action, before, after) in enumerate(
            zip(_ACTIONS, ("", *WAY), WAY, strict=False), start=1
        )
    )
    at = "opened_at + interval '6 days' * luck * part"
    yield f"""
INSERT INTO case_steps (tenant_id, id, case_id, at, action, before, after, account_id, who, note,
  details, public)
SELECT {tenant}, {id_of(at, "p.n * 8 + s.n", 2)}, p.id, {at}, s.action, s.before, s.after,
  k.account_id, '网格化分中心调度员', CASE WHEN s.n > 4 THEN '已到现场处理，恢复正常。' ELSE '' END,
  '{{}}', true
FROM plan p JOIN worker k ON k.n = p.worker
JOIN (VALUES {steps}) s (n, action, before, after, part) ON s.n <= p.stage"""
    for action, which in (("return", RETURNED), ("supervise", SUPERVISED)):
        yield f"""
INSERT INTO case_steps (tenant_id, id, case_id, at, action, before, after, account_id, who, note,
  details, public)
SELECT {tenant}, {id_of("opened_at", "p.n", 6)}, p.id, opened_at + interval '1 hour',
  {quoted(action)}, 'dispatched', 'filed', k.account_id, '部门经办员', '不属于本单位。', '{{}}',
  false
FROM plan p JOIN worker k ON k.n = p.worker WHERE {which}"""
    yield from _clocks(ground)
    yield f"""
INSERT INTO audit_entries (tenant_id, id, seq, at, kind, verb, subject_kind, subject_id, account_id,
  who, details, digest, hash)
SELECT {tenant}, {id_of(at, "p.n * 8 + s.n", 4)},
  h.seq + p.n * 8 + s.n, {at}, 'act', 'case.' || s.action, 'case', p.id,
  k.account_id, '网格化分中心调度员',
  jsonb_build_object('action', s.action, 'before', s.before, 'after', s.after, 'departments', '[]'),
  sha256((p.n * 8 + s.n)::text::bytea), sha256((p.n * 8 + s.n)::text::bytea)
FROM plan p JOIN worker k ON k.n = p.worker
JOIN (VALUES {steps}) s (n, action, before, after, part) ON s.n <= p.stage
JOIN audit_heads h ON h.tenant_id = {tenant}"""
    yield f"""
UPDATE audit_heads SET seq = (SELECT max(seq) FROM audit_entries WHERE tenant_id = {tenant})
WHERE tenant_id = {tenant}"""


def _clocks(ground: Ground) -> Iterator[str]:
    """Three for each case: filing, accepting, and the promise."""
    tenant = quoted(ground.tenant_id)
    (normal, *_) = ground.policy.county.urgencies
    rules = normal.rules[-1]
    wanted = [c for c in rules.clocks if c.promise or c.code in {"file", "accept"}]
    clocks = ", ".join(
        f"({n}, {quoted(c.code)}, {quoted(c.name)}, {c.limit.amount}, {quoted(str(c.limit.unit))}, "
        f"{c.warn.amount}, {quoted(c.source)}, {str(c.promise).lower()})"
        for n, c in enumerate(wanted)
    )
    yield f"""
INSERT INTO case_clocks (tenant_id, id, case_id, code, name, bearer, rounds, rule_from, amount,
  extended, unit, warn_amount, promise, source, calendar_version, provisional, started_at, due_at,
  yellow_at, stopped_at, history)
SELECT {tenant}, {id_of("opened_at", "p.n * 4 + c.n", 5)}, p.id, c.code, c.name,
  CASE WHEN c.code = 'accept' THEN d.id::text WHEN c.promise THEN ''
       ELSE k.level END, 0,
  {quoted(rules.effective_from.isoformat())}, c.amount, 0, c.unit, c.warn, c.promise, c.source, 1,
  false, opened_at, k.due_at, k.due_at - interval '2 days',
  CASE WHEN c.promise AND stage < 6 OR c.code = 'file' AND stage < 2
         OR c.code = 'accept' AND stage < 4 THEN NULL
       ELSE opened_at + interval '1 day' END, '[]'
FROM plan p JOIN department d ON d.n = p.department
JOIN (VALUES {clocks}) c (n, code, name, amount, unit, warn, source, promise)
  ON c.code <> 'accept' OR stage > 2
JOIN LATERAL (SELECT due_at, level FROM cases
  WHERE cases.tenant_id = {tenant} AND cases.id = p.id) k ON true"""

"""Many cases at once, for measuring: one script of set-based statements, run by the superuser.

Nothing of the product writes like this: row security, foreign keys and indexes are set aside while
it runs. The rows are such as the actions would have left behind after two years, the newest last,
most of the last weeks' still open. The same number of cases gives the same rows but for their day.
The audit's entries are of the right number and size; their numbers and hashes are no chain.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bench.trail import HEARD, RETURNED, SUPERVISED, TABLES, WAY, Ground, heard, id_of, trail
from bench.vocabulary import Matter, Text, matters, places, quoted
from gridgov.contract.declarations import Ends

Ask = Callable[[str], list[str]]
"""Runs a script as the superuser and gives the answer's lines."""

DAYS: Final = 730
_HEAP: Final = ("cases", "case_terms")


def load(
    ask: Ask, ground: Ground, cases: int, *, everything: bool = False, lasting: bool = True
) -> None:
    """Load so many cases with terms, counts, parts and ratings; ``everything``: the rest too.

    ``lasting=False`` for a database that is thrown away: the terms need not survive a crash.
    """
    told, where = matters(ground.policy.categories), places()
    shared = _all_terms([m.title for m in told]) & _all_terms(where)
    if shared:
        raise ValueError(f"Titles and places share pairs of characters: {shared}")
    tables = _HEAP + (TABLES if everything else HEARD)
    kept = _indexes(ask, tables)
    script = [
        "SET session_replication_role = replica",  # foreign keys are right by construction
        "SET synchronous_commit = off",
        "SET maintenance_work_mem = '512MB'",
        "SET max_parallel_maintenance_workers = 1",
        "SET work_mem = '128MB'",
        *(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _ in kept.keys),
        *(f"DROP INDEX {name}" for name, _ in kept.indexes),
        *([] if lasting else ["ALTER TABLE case_terms SET UNLOGGED"]),
        *_plan(ground, cases, told, where),
        *_cases(ground),
        *(trail(ground) if everything else heard(ground)),
        *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {says}" for table, name, says in kept.keys),
        *(says for _, says in kept.indexes),
        *(f"VACUUM ANALYZE {table}" for table in (*tables, "case_counts")),
    ]
    ask(";\n".join(script) + ";\n")


def _all_terms(texts: Sequence[Text]) -> set[int]:
    return {term for text in texts for term in text.terms}


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is set aside while the rows go in."""

    keys: list[tuple[str, str, str]]
    indexes: list[tuple[str, str]]


def _indexes(ask: Ask, tables: Sequence[str]) -> _Kept:
    named = ", ".join(quoted(table) for table in tables)
    keys = ask(
        "SELECT conrelid::regclass || '|' || conname || '|' || pg_get_constraintdef(oid) "
        f"FROM pg_constraint WHERE contype = 'p' AND conrelid::regclass::text IN ({named}) "
        "AND conrelid::regclass::text <> 'cases'"  # others refer to it
    )
    indexes = ask(
        "SELECT indexrelid::regclass || '|' || pg_get_indexdef(indexrelid) FROM pg_index "
        f"WHERE NOT indisprimary AND indrelid::regclass::text IN ({named})"
    )
    return _Kept(
        [(table, name, says) for table, name, says in (line.split("|", 2) for line in keys)],
        [(name, says) for name, says in (line.split("|", 1) for line in indexes)],
    )


def _plan(
    ground: Ground, cases: int, told: Sequence[Matter], where: Sequence[Text]
) -> Iterator[str]:
    """What each case is about, where it lies, and how far it has come."""
    desks = [level.code for level in ground.policy.county.levels if level.desk]
    (base,) = [level.code for level in ground.policy.county.levels if level.base]
    tenant = quoted(ground.tenant_id)
    yield "SELECT setseed(0.43)"
    yield (
        "CREATE TEMP TABLE matter (n int PRIMARY KEY, category text, urgency text, title text, "
        "words text, terms int[])"
    )
    yield "INSERT INTO matter VALUES " + ", ".join(
        f"({n}, {quoted(m.category)}, {quoted(m.urgency)}, {quoted(m.title.text)}, "
        f"{quoted(m.title.words)}, {quoted(m.title.terms)})"
        for n, m in enumerate(told)
    )
    yield "CREATE TEMP TABLE place (n int PRIMARY KEY, place text, words text, terms int[])"
    yield "INSERT INTO place VALUES " + ", ".join(
        f"({n}, {quoted(p.text)}, {quoted(p.words)}, {quoted(p.terms)})"
        for n, p in enumerate(where)
    )
    yield f"""
CREATE TEMP TABLE leaf AS
SELECT row_number() OVER (ORDER BY leaf.path) - 1 AS n, leaf.id, leaf.path, leaf.lon, leaf.lat,
  (array_agg(above.path ORDER BY above.path DESC)) AS desks,
  (array_agg(above.level ORDER BY above.path DESC)) AS levels
FROM grid_nodes leaf JOIN grid_nodes above
  ON above.tenant_id = leaf.tenant_id AND starts_with(leaf.path, above.path)
 AND above.level = ANY ({quoted(desks)}) AND above.valid_to IS NULL
WHERE leaf.tenant_id = {tenant} AND leaf.level = {quoted(base)} AND leaf.valid_to IS NULL
GROUP BY leaf.id, leaf.path, leaf.lon, leaf.lat"""
    yield "ALTER TABLE leaf ADD PRIMARY KEY (n)"
    yield f"""
CREATE TEMP TABLE worker AS
SELECT row_number() OVER (ORDER BY account_id) - 1 AS n, account_id
FROM (SELECT DISTINCT account_id FROM bindings WHERE tenant_id = {tenant}
      ORDER BY account_id LIMIT 900) accounts"""
    yield "ALTER TABLE worker ADD PRIMARY KEY (n)"
    yield f"""
CREATE TEMP TABLE department AS
SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM departments WHERE tenant_id = {tenant}"""
    yield f"""
CREATE TEMP TABLE plan AS
SELECT n, opened_at,
  {id_of("opened_at", "n", 0)} AS id,
  (random() * {len(told) - 1})::int AS matter,
  CASE WHEN random() < 0.3 THEN (random() * {len(where) - 1})::int
       ELSE (random() * 7)::int END AS place,
  (random() * ((SELECT count(*) FROM leaf) - 1))::int AS leaf,
  (random() * ((SELECT count(*) FROM worker) - 1))::int AS worker,
  (random() * ((SELECT count(*) FROM department) - 1))::int AS department,
  (random() * 2.4)::int + 1 AS desk,
  random() < 0.6 AS by_worker,
  CASE WHEN random() < CASE WHEN n > {cases} * 0.98 THEN 0.7 ELSE 0.006 END
       THEN (random() * 4.99 + 0.5)::int
       ELSE CASE WHEN random() < 0.6 THEN 7 ELSE 6 END END AS stage,
  random() AS luck
FROM (SELECT n, now() - interval '{DAYS} days' * (1 - n::float / {cases}) AS opened_at
      FROM generate_series(1, {cases}) n) numbered"""
    yield "ANALYZE plan"


def _cases(ground: Ground) -> Iterator[str]:
    tenant, kind = quoted(ground.tenant_id), ground.policy.county.case_kinds[-1]
    states = quoted(list(WAY))
    turns = quoted([_turn(ground, state) for state in WAY])
    zone = "opened_at AT TIME ZONE 'Asia/Shanghai'"
    yield f"""
INSERT INTO cases (tenant_id, id, code, kind, kind_version, category, urgency, title, description,
  words, origin, node_id, opened_path, node_path, desk_path, level, solved_level, place, lon, lat,
  state, turn, ends, due_at, yellow_at, promise_at, told_light, tell_at, reported_by, handled_by,
  opened_at, filed_at, closed_at, late, answer, bounces, supervised, version)
SELECT {tenant}, p.id,
  {quoted(ground.code)} || to_char({zone}, 'YYMMDD')
    || lpad((row_number() OVER (PARTITION BY ({zone})::date ORDER BY p.n))::text, 5, '0'),
  {quoted(kind.code)}, {kind.version}, m.category, m.urgency, m.title,
  m.title || '，请尽快处理。', m.words || E'\\n' || w.words,
  CASE WHEN by_worker THEN 'worker' ELSE 'resident' END,
  l.id, l.path, l.path, l.desks[least(desk, 3)], l.levels[least(desk, 3)],
  CASE WHEN stage > 4 THEN l.levels[least(desk, 3)] ELSE '' END, w.place, l.lon, l.lat,
  ({states}::text[])[stage], ({turns}::text[])[stage],
  CASE WHEN stage > 5 THEN {quoted(str(Ends.CLOSED))} ELSE '' END,
  d.due_at, d.due_at - interval '2 days', d.due_at,
  CASE WHEN stage > 5 THEN '' WHEN d.due_at < now() THEN 'red'
       WHEN d.due_at - interval '2 days' < now() THEN 'yellow' ELSE '' END,
  CASE WHEN stage > 5 OR d.due_at < now() THEN NULL
       WHEN d.due_at - interval '2 days' < now() THEN d.due_at
       ELSE d.due_at - interval '2 days' END,
  CASE WHEN by_worker THEN k.account_id END, CASE WHEN stage > 4 THEN k.account_id END, opened_at,
  CASE WHEN stage > 1 THEN opened_at + interval '2 hours' END,
  CASE WHEN stage > 5 THEN least(opened_at + interval '6 days' * luck, now()) END,
  CASE WHEN stage > 5 THEN luck > 0.92 END,
  CASE WHEN stage > 4 THEN '已到现场处理，恢复正常。' ELSE '' END,
  CASE WHEN {RETURNED} THEN 1 ELSE 0 END, {SUPERVISED}, stage
FROM plan p
JOIN matter m ON m.n = p.matter
JOIN place w ON w.n = p.place
JOIN leaf l ON l.n = p.leaf
JOIN worker k ON k.n = p.worker
CROSS JOIN LATERAL (SELECT CASE WHEN stage > 5 THEN opened_at + interval '7 days'
  ELSE now() + interval '8 days' * luck - interval '2 days' END AS due_at) d
ORDER BY p.n"""
    yield f"""
INSERT INTO case_terms (tenant_id, term, id)
SELECT {tenant}, term, p.id FROM plan p
JOIN matter m ON m.n = p.matter JOIN place w ON w.n = p.place
CROSS JOIN LATERAL unnest(m.terms || w.terms) term"""
    yield f"""
INSERT INTO case_counts (tenant_id, id, node_path, state, count)
SELECT {tenant}, gen_random_uuid(), node_path, state, count(*) FROM cases
WHERE tenant_id = {tenant} GROUP BY node_path, state"""
    yield f"""
INSERT INTO case_code_counters (tenant_id, id, day, last)
SELECT {tenant}, gen_random_uuid(), to_char({zone}, 'YYMMDD'), count(*)
FROM plan GROUP BY to_char({zone}, 'YYMMDD')"""


def _turn(ground: Ground, state: str) -> str:
    kind = ground.policy.county.case_kinds[-1]
    return next(declared.holder for declared in kind.states if declared.code == state)

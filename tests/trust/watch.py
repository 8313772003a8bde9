"""What must not be seen and must not be changed: a county's words, ids and rows."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import httpx
from sqlalchemy import ARRAY, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from factories.stock import Stock, phone_of
from gridgov.embedded.stack import Stack
from gridgov.migrations.tables import METADATA

A_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

CODED = {
    "a word of the county's declarations, the same in all counties": {
        "audit_entries.kind", "audit_entries.subject_kind", "audit_entries.verb",
        "bindings.categories", "bindings.role", "case_assignments.state", "case_clocks.bearer",
        "case_clocks.code", "case_clocks.rule_from", "case_clocks.unit", "case_counts.state",
        "case_requests.kind", "case_requests.state", "case_steps.action", "case_steps.after",
        "case_steps.before", "cases.category", "cases.ends", "cases.kind", "cases.level",
        "cases.origin", "cases.solved_level", "cases.state", "cases.told_light", "cases.turn",
        "cases.urgency", "declaration_snapshots.declarations", "declaration_snapshots.digest",
        "declaration_snapshots.plugins", "files.mime", "files.owner_kind",
        "grid_changes.kind", "grid_changes.state", "grid_nodes.area_type", "grid_nodes.level",
        "outbox_deliveries.handler", "outbox_deliveries.state", "outbox_events.kind",
        "post_holdings.post", "responsibilities.category", "schedules.job", "staff.employment",
        "departments.code", "rule_parts.plugin", "standard_marks.item", "standard_marks.standard",
        "standard_marks.state", "standard_steps.action", "duty_turns.seat", "duty_turns.shift",
        "station_seats.seat", "hall_numbers.zone", "hall_numbers.state",
        "buildings.use", "building_counts.use",
        "ledger_lines.ledger", "ledger_lines.item", "campaigns.kind", "campaigns.category",
        "campaign_targets.state",
        "service_appointments.half",
        "service_appointments.origin", "service_appointments.state", "service_authorisations.way",
        "service_codes.kind", "service_codes.revoked_why", "service_documents.place",
        "service_items.batch",
        "kit_pieces.item", "kit_pieces.state", "meeting_items.reason", "meeting_items.state",
        "meetings.kind", "teams.kind",
        "switch_grants.switch", "switch_grants.state", "reviews.kind", "reviews.period",
        "reviews.state", "review_opinions.form", "review_opinions.post",
        "review_evaluations.digest", "review_evaluations.why", "review_parts.part",
        "review_counted.part", "review_counted.figure",
        "review_appeals.figure", "review_appeals.state", "review_answers.comparison",
        "nominations.honour", "nominations.post", "nominations.state",
        "handovers.kind", "handovers.post", "turnovers.state",
        "circular_lines.light", "yearly_ticks.duty",
    },
    "a path or a code that begins with the county's own code, which is watched for": {
        "case_counts.node_path", "cases.code", "cases.desk_path", "cases.node_path",
        "cases.passed_from", "grid_nodes.code", "grid_nodes.path", "grid_pasts.code",
        "grid_pasts.path", "rule_parts.path", "buildings.node_path", "ledger_lines.node_path",
        "campaigns.node_path", "campaign_targets.node_path",
        "service_appointments.code",
        "service_appointments.node_path", "service_codes.node_path",
        "circular_lines.code", "circulars.node_path",
    },
    "kept as typed values by the code that reads them": {
        "cases.before_merge", "cases.term", "case_clocks.history", "grid_changes.details",
        "grid_nodes.boundary", "stations.hours", "stations.rest_hours", "notices.link",
        "service_assists.materials",
        "service_documents.history", "service_imports.rows",
        "meetings.attendance",
        "review_parts.content",
        "handovers.things", "meetings.earlier", "turnovers.moves",
    },
    "a day or a digest": {
        "case_code_counters.day", "files.sha256", "audit_entries.digest", "audit_entries.hash",
        "audit_heads.hash", "operations.digest", "case_reporters.phone_index",
        "case_reporters.phone_tail", "case_reporters.pin", "service_appointments.phone_index",
        "service_appointments.phone_tail", "service_appointments.pin",
    },
    "written by the act that the stock is made with": {
        "case_reporters.name", "case_reporters.phone", "case_reporters.address", "staff.phone",
        "notices.about", "ledger_lines.sealed",
        "service_appointments.name",
        "service_appointments.phone", "service_appointments.door", "service_appointments.note",
        "service_authorisations.witness", "service_items.term", "service_items.code",
        "hall_screens.token", "service_codes.token",
        "team_members.name", "team_members.phone",
        "review_opinions.text", "review_opinions.points", "review_opinions.remark",
        "nominations.story",
    },
}  # fmt: skip
"""Columns that no canary is put into afterwards, by the reason."""


def tenant_tables() -> list[Table]:
    """Those that rows of a tenant lie in."""
    return [
        table
        for table in METADATA.sorted_tables
        if "tenant_id" in table.columns and table.name != "memberships"
    ]


def wordy(table: Table) -> list[tuple[str, str]]:
    """Columns that can hold somebody's words, and how a canary gets into them."""
    ways: list[tuple[str, str]] = []
    for column in table.columns:
        if isinstance(column.type, Text):
            ways.append((column.name, "text"))
        elif isinstance(column.type, JSONB):
            ways.append((column.name, "json"))
        elif isinstance(column.type, ARRAY) and isinstance(column.type.item_type, Text):
            ways.append((column.name, "array"))
        elif isinstance(column.type, LargeBinary):
            ways.append((column.name, "bytes"))
    return ways


def unsown() -> set[str]:
    """Columns with words that no canary is put into."""
    return {name for names in CODED.values() for name in names}


def marked(stock: Stock) -> Callable[[str, str], str]:
    """The county's mark, the table and the column."""
    return lambda table, column: f" {stock.mark}-{table}-{column}"


def plant(stack: Stack, database: str, stock: Stock, words: Callable[[str, str], str]) -> None:
    """Put words into every free text of the county, as the superuser: added to what is there."""
    statements = []
    for table in tenant_tables():
        for column, way in wordy(table):
            if f"{table.name}.{column}" in unsown():
                continue
            said = words(table.name, column).replace("'", "''")
            value = {
                "text": f"{column} || '{said}'",
                "json": f"{column} || jsonb_build_object('canary', '{said}')",
                "array": f"array_append({column}, '{said}')",
            }[way]
            empty = f"AND {column} <> ''" if f"{table.name}.{column}" in NEVER_FILLED else ""
            statements.append(
                f"UPDATE {table.name} SET {column} = {value} "
                f"WHERE tenant_id = '{stock.county.tenant.id}' AND {column} IS NOT NULL {empty};"
            )
    said = words("tenants", "name").replace("'", "''")
    statements.append(
        f"UPDATE tenants SET name = name || '{said}' WHERE id = '{stock.county.tenant.id}';"
    )
    stack.sql("BEGIN;" + "".join(statements) + "COMMIT;", database=database)


NEVER_FILLED = {"cases.answer", "ledger_lines.answer"}
"""Empty means something here: not answered yet."""


@dataclass(frozen=True)
class Watched:
    """All of a county that another one's people must never be shown."""

    words: re.Pattern[str]
    ids: frozenset[str]

    def leaks(self, answer: httpx.Response, asked: tuple[str, ...] = ()) -> list[str]:
        """What of the county an answer holds beyond what its own address and form held."""
        text = readable(answer)
        for word in asked:
            text = text.replace(word, "")
        found = set(self.words.findall(text)) | (set(A_UUID.findall(text)) & self.ids)
        return sorted(found - set(asked))


def watched(stack: Stack, database: str, stock: Stock) -> Watched:
    """The county's mark, names, numbers and every id in every row of it."""
    tenant = stock.county.tenant
    columns = [
        f"SELECT DISTINCT {column.name}::text FROM {table.name} WHERE tenant_id = '{tenant.id}'"
        for table in tenant_tables()
        for column in table.columns
        if isinstance(column.type, Uuid)
    ]
    mine = f"WHERE m.tenant_id = '{tenant.id}'"
    shared = [
        f"SELECT account_id::text FROM memberships m {mine}",
        f"SELECT s.id::text FROM sessions s JOIN memberships m USING (account_id) {mine}",
    ]
    ids = set(stack.sql(" UNION ".join([*columns, *shared]), database=database)) - {""}
    words = "|".join([rf"{stock.mark}[\w-]*", phone_of(stock.mark), tenant.slug, tenant.code])
    return Watched(re.compile(words), frozenset(ids))


def readable(answer: httpx.Response) -> str:
    """Headers and body as text; a spreadsheet unpacked."""
    body = answer.text
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            body = "\n".join(
                archive.read(name).decode(errors="replace") for name in archive.namelist()
            )
    return "\n".join([*(f"{name}: {value}" for name, value in answer.headers.items()), body])


def checksums(stack: Stack, database: str, tenant_id: UUID) -> dict[str, str]:
    """One for each table of the tenant, and for what the shared tables keep for it."""

    def of(name: str, where: str) -> str:
        return (
            f"SELECT '{name} ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) "
            f"FROM {name} t WHERE {where}"
        )

    mine = f"account_id IN (SELECT account_id FROM memberships WHERE tenant_id = '{tenant_id}')"
    parts = [of(table.name, f"tenant_id = '{tenant_id}'") for table in tenant_tables()]
    parts += [
        of("memberships", f"tenant_id = '{tenant_id}'"),
        of("tenants", f"id = '{tenant_id}'"),
        of("accounts", mine.replace("account_id IN", "id IN", 1)),
        of("sessions", mine),
        of("recovery_codes", mine),
    ]
    lines = stack.sql(" UNION ALL ".join(parts), database=database)
    return dict(line.split(" ", 1) for line in lines)

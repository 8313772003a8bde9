"""Writing people, their accounts, posts and roles, and which department answers for what."""

from functools import partial
from typing import Any

from gridgov.access.models import Binding
from gridgov.kernel.changes import Verb
from gridgov.kernel.pinyin import initials
from gridgov.onboarding.actions.accounts import close_account, open_accounts, rename_account
from gridgov.onboarding.actions.writing import Writing
from gridgov.onboarding.rules.compare import BINDINGS, POSTS, STAFF, TOPICS
from gridgov.onboarding.types import Token
from gridgov.staff.models import PostHolding, Responsibility, StaffMember


async def write_people(writing: Writing) -> list[Token]:
    """People first, then what hangs on them; the tokens of the new accounts."""
    ids, today = writing.ids, {"valid_from": writing.today}
    granted = today | {"granted_at": writing.ctx.now}
    await writing.follow(STAFF, StaffMember, ids.staff, partial(_person, writing), end="left_on")
    tokens = await _write_accounts(writing)
    await writing.follow(POSTS, PostHolding, ids.holdings, partial(_holding, writing))
    await writing.follow(BINDINGS, Binding, ids.bindings, partial(_binding, writing), begun=granted)
    await writing.follow(TOPICS, Responsibility, ids.topics, partial(_topic, writing), begun=today)
    return tokens


def _person(writing: Writing, key: str) -> dict[str, Any]:
    row = dict(writing.wanted[STAFF][key])
    del row["login"]
    department, phone = row.pop("department"), row.pop("phone")
    staff_id = writing.ids.staff[key]
    vault = writing.ctx.vault
    return row | {
        "department_id": writing.ids.departments[department] if department else None,
        "phone": vault.seal("staff", staff_id, "phone", phone) if phone else None,
        "initials": initials(row["name"]),
        "left_on": None,
    }


async def _write_accounts(writing: Writing) -> list[Token]:
    """Accounts follow the log-in names: a new one opens, a changed one is renamed, none closes."""
    opened = [key for key in writing.keys(STAFF, Verb.ADDED) if _login(writing, key)]
    for change in writing.diff.of(STAFF, Verb.CHANGED):
        for name, before, after in change.fields:
            if name != "login":
                continue
            if not before:
                opened.append(change.key)
            elif after:
                await rename_account(writing, change.key, str(after))
            else:
                await close_account(writing, change.key)
    for key in writing.keys(STAFF, Verb.CLOSED):
        await close_account(writing, key)
    wanted = writing.wanted[STAFF]
    return await open_accounts(
        writing, [(key, wanted[key]["login"], wanted[key]["name"]) for key in opened]
    )


def _login(writing: Writing, key: str) -> str:
    login: str = writing.wanted[STAFF][key]["login"]
    return login


def _holding(writing: Writing, key: str) -> dict[str, Any]:
    row = dict(writing.wanted[POSTS][key])
    row["staff_id"] = writing.ids.staff[row.pop("staff")]
    row["node_id"] = writing.ids.nodes[row.pop("node")]
    return row


def _binding(writing: Writing, key: str) -> dict[str, Any]:
    row = dict(writing.wanted[BINDINGS][key])
    return {
        "account_id": writing.ids.accounts[row["staff"]],
        "role": row["role"],
        "node_id": writing.ids.nodes[row["node"]],
        "departments": [writing.ids.departments[code] for code in row["departments"]],
        "categories": list(row["categories"]),
    }


def _topic(writing: Writing, key: str) -> dict[str, Any]:
    row = dict(writing.wanted[TOPICS][key])
    row["department_id"] = writing.ids.departments[row.pop("department")]
    return row

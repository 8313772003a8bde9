"""Writing people, their accounts, posts and roles, and which department answers for what."""

from typing import Any

from gridgov.access.models import Binding
from gridgov.kernel.ids import new_id
from gridgov.kernel.pinyin import initials
from gridgov.onboarding.actions.accounts import close_account, open_accounts, rename_account
from gridgov.onboarding.actions.writing import Writing
from gridgov.onboarding.rules.compare import BINDINGS, POSTS, STAFF, TOPICS
from gridgov.onboarding.types import Token, Verb
from gridgov.staff.models import PostHolding, Responsibility, StaffMember


async def write_people(writing: Writing) -> list[Token]:
    """People first, then what hangs on them; the tokens of the new accounts."""
    await _write_staff(writing)
    tokens = await _write_accounts(writing)
    await _write_holdings(writing)
    await _write_bindings(writing)
    await _write_topics(writing)
    return tokens


async def _write_staff(writing: Writing) -> None:
    ids = writing.ids.staff
    added: list[dict[str, Any]] = []
    for key in writing.keys(STAFF, Verb.ADDED):
        if key in ids:  # somebody who had left comes back
            await writing.change(StaffMember, ids[key], _person(writing, key))
        else:
            ids[key] = new_id()
            added.append({"id": ids[key], **_person(writing, key)})
    await writing.add(StaffMember, added)
    for key in writing.keys(STAFF, Verb.CHANGED):
        await writing.change(StaffMember, ids[key], _person(writing, key))
    left = [ids[key] for key in writing.keys(STAFF, Verb.CLOSED)]
    await writing.close(StaffMember, left, "left_on")


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


async def _write_holdings(writing: Writing) -> None:
    ids = writing.ids.holdings
    added: list[dict[str, Any]] = []
    for key in writing.keys(POSTS, Verb.ADDED):
        ids[key] = new_id()
        added.append({"id": ids[key], **_holding(writing, key)})
    await writing.add(PostHolding, added)
    for key in writing.keys(POSTS, Verb.CHANGED):
        await writing.change(PostHolding, ids[key], _holding(writing, key))
    await writing.close(PostHolding, [ids[key] for key in writing.keys(POSTS, Verb.CLOSED)])


def _holding(writing: Writing, key: str) -> dict[str, Any]:
    row = dict(writing.wanted[POSTS][key])
    row["staff_id"] = writing.ids.staff[row.pop("staff")]
    row["node_id"] = writing.ids.nodes[row.pop("node")]
    return row


async def _write_bindings(writing: Writing) -> None:
    ids = writing.ids.bindings
    added: list[dict[str, Any]] = []
    for key in writing.keys(BINDINGS, Verb.ADDED):
        ids[key] = new_id()
        granted = {"valid_from": writing.today, "granted_at": writing.ctx.now}
        added.append({"id": ids[key], **_binding(writing, key), **granted})
    await writing.add(Binding, added)
    for key in writing.keys(BINDINGS, Verb.CHANGED):
        await writing.change(Binding, ids[key], _binding(writing, key))
    await writing.close(Binding, [ids[key] for key in writing.keys(BINDINGS, Verb.CLOSED)])


def _binding(writing: Writing, key: str) -> dict[str, Any]:
    row = dict(writing.wanted[BINDINGS][key])
    return {
        "account_id": writing.ids.accounts[row["staff"]],
        "role": row["role"],
        "node_id": writing.ids.nodes[row["node"]],
        "departments": [writing.ids.departments[code] for code in row["departments"]],
        "categories": list(row["categories"]),
    }


async def _write_topics(writing: Writing) -> None:
    ids = writing.ids.topics
    added: list[dict[str, Any]] = []
    for key in writing.keys(TOPICS, Verb.ADDED):
        ids[key] = new_id()
        added.append({"id": ids[key], **_topic(writing, key), "valid_from": writing.today})
    await writing.add(Responsibility, added)
    for key in writing.keys(TOPICS, Verb.CHANGED):
        await writing.change(Responsibility, ids[key], _topic(writing, key))
    await writing.close(Responsibility, [ids[key] for key in writing.keys(TOPICS, Verb.CLOSED)])


def _topic(writing: Writing, key: str) -> dict[str, Any]:
    row = dict(writing.wanted[TOPICS][key])
    row["department_id"] = writing.ids.departments[row.pop("department")]
    return row

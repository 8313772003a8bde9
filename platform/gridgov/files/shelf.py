"""The bytes on disk: one folder per tenant, names of our own, sealed with the tenant's key.

A file is written aside, flushed, and renamed into place, so it is there whole or not at all. Rows
are written after the bytes and removed before them: what is on disk without a row is swept up.
"""

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from gridgov.context import Context
from gridgov.files.types import Variant
from gridgov.kernel.crypto import Tampered, open_bytes, seal_bytes
from gridgov.kernel.errors import NotFound

_ASIDE = ".new-"


async def put(ctx: Context, file_id: UUID, variant: Variant, data: bytes) -> None:
    """Keep the bytes."""
    await asyncio.to_thread(_put, ctx, file_id, variant, data)


async def take(ctx: Context, file_id: UUID, variant: Variant) -> bytes:
    """The bytes; NotFound if they are gone or were changed."""
    return await asyncio.to_thread(_take, ctx, file_id, variant)


def kept_before(ctx: Context, moment: datetime) -> Iterator[tuple[Path, UUID | None]]:
    """Every path of the tenant that was last written before ``moment``, with its file's id."""
    for path in sorted(_folder(ctx).glob("*/*")):
        if path.stat().st_mtime < moment.timestamp():
            yield path, _id_of(path)


def _put(ctx: Context, file_id: UUID, variant: Variant, data: bytes) -> None:
    path = _path(ctx, file_id, variant)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sealed = seal_bytes(ctx.vault.key, data, _place(ctx, file_id, variant))
    aside = path.with_name(f"{_ASIDE}{uuid4()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _take(ctx: Context, file_id: UUID, variant: Variant) -> bytes:
    try:
        sealed = _path(ctx, file_id, variant).read_bytes()
        return open_bytes(ctx.vault.key, sealed, _place(ctx, file_id, variant))
    except (FileNotFoundError, Tampered) as fault:
        raise NotFound from fault


def _place(ctx: Context, file_id: UUID, variant: Variant) -> bytes:
    return f"{ctx.tenant.id}|files|{file_id}|{variant}".encode()


def _path(ctx: Context, file_id: UUID, variant: Variant) -> Path:
    return _folder(ctx) / file_id.hex[-2:] / f"{file_id}.{variant}"  # the first digits are the time


def _folder(ctx: Context) -> Path:
    if ctx.files is None:
        raise RuntimeError("This context was opened without a place for files.")
    return ctx.files / str(ctx.tenant.id)


def _id_of(path: Path) -> UUID | None:
    try:
        return UUID(path.stem)
    except ValueError:
        return None

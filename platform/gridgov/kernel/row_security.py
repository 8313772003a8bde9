"""The second wall: PostgreSQL itself refuses another tenant's rows.

A transaction announces its tenant as ``<uuid>.<seal>``. The policy asks a function that recomputes
the seal with a key that the application's role cannot read, so an injected ``set_config`` shows
nothing. SQL only; migrations run it, :mod:`gridgov.kernel.db` announces.
"""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from uuid import UUID

OWNER = "gridgov_owner"
APP = "gridgov_app"
PROVINCE = "gridgov_province"
KEY = "gridgov_key"

POLICY = "(tenant_id = sealed.gridgov_tenant())"
REGION_POLICY = "(tenant_id = ANY (sealed.gridgov_region()))"
REGION_TENANTS = "(id = ANY (sealed.gridgov_region()))"
REGION_COLUMNS = "id, code, slug, name, province, prefecture, state, created_at"

_SEAL_LENGTH = 32


def seal_key(secret: bytes) -> bytes:
    """The key of the seal, derived so that the secret itself never reaches the database."""
    return hashlib.sha256(b"gridgov tenant seal\0" + secret).digest()


def sealed(announcement: str, key: bytes) -> str:
    """``announcement`` with its seal: what ``SET LOCAL`` is given."""
    inner = hashlib.sha256(key + announcement.encode()).digest()
    return f"{announcement}.{hashlib.sha256(key + inner).hexdigest()[:_SEAL_LENGTH]}"


NOBODYS: Final = "SET LOCAL app.tenant = ''"
"""What a session of no tenant says: it opens no tenant's row."""


@lru_cache(maxsize=256)
def announce_tenant(tenant_id: UUID, key: bytes) -> str:
    """The statement that opens a tenant's transaction. Alone, for Citus sends it on by itself."""
    return f"SET LOCAL app.tenant = '{sealed(str(tenant_id), key)}'"


def announce_region(region: str, key: bytes) -> str:
    """The statement that opens a transaction of the console above the counties."""
    if not region.replace(":", "").isalnum():
        raise ValueError(region)
    return f"SET LOCAL app.region = '{sealed(region, key)}'"


def install(key: bytes) -> Iterator[str]:
    """Schema, key and functions of the seal. Run by the owner, who hands them to the key's role."""
    yield f"CREATE SCHEMA IF NOT EXISTS sealed AUTHORIZATION {KEY}"
    yield f"SET LOCAL ROLE {KEY}"
    yield (
        "CREATE TABLE IF NOT EXISTS sealed.key "
        "(id boolean PRIMARY KEY CHECK (id), key bytea NOT NULL)"
    )
    yield (
        f"INSERT INTO sealed.key VALUES (true, decode('{key.hex()}', 'hex')) "
        "ON CONFLICT (id) DO UPDATE SET key = excluded.key"
    )
    yield f"""
CREATE OR REPLACE FUNCTION sealed.opened(setting text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  said text := current_setting(setting, true);
  announcement text;
  k bytea;
BEGIN
  IF said IS NULL OR said = '' THEN RETURN NULL; END IF;
  announcement := left(said, -{_SEAL_LENGTH + 1});
  SELECT key INTO k FROM sealed.key;
  IF right(said, {_SEAL_LENGTH}) =
     left(encode(sha256(k || sha256(k || convert_to(announcement, 'UTF8'))), 'hex'), {_SEAL_LENGTH})
  THEN RETURN announcement; END IF;
  RETURN NULL;
END $$"""
    yield """
CREATE OR REPLACE FUNCTION sealed.gridgov_tenant() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN RETURN sealed.opened('app.tenant')::uuid; END $$"""
    yield """
CREATE OR REPLACE FUNCTION sealed.gridgov_region() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE region text := sealed.opened('app.region');
BEGIN
  RETURN coalesce((SELECT array_agg(id) FROM public.tenants
    WHERE 'province:' || province = region OR 'prefecture:' || prefecture = region), '{}');
END $$"""
    yield "REVOKE ALL ON FUNCTION sealed.opened(text) FROM PUBLIC"
    yield "REVOKE ALL ON FUNCTION sealed.gridgov_region() FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION sealed.gridgov_region() TO {PROVINCE}"
    yield "REVOKE ALL ON FUNCTION sealed.gridgov_tenant() FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA sealed TO {APP}, {PROVINCE}, {OWNER}"
    yield f"GRANT EXECUTE ON FUNCTION sealed.gridgov_tenant() TO {APP}, {PROVINCE}, {OWNER}"
    yield "RESET ROLE"


def install_region() -> Iterator[str]:
    """Let the region's function look the tenants up. Needs ``tenants``."""
    yield f"GRANT SELECT ON tenants TO {KEY}"


def protect(table: str, *, append_only: bool = False, province: bool = False) -> Iterator[str]:
    """Force row security on a tenant's table and grant the application what it needs.

    ``append_only`` leaves out UPDATE and DELETE; ``province`` lets the console above the counties
    read it for the tenants of its region.
    """
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY tenant ON {table} FOR ALL USING {POLICY} WITH CHECK {POLICY}"
    rights = "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"
    yield f"GRANT {rights} ON {table} TO {APP}"
    if province:
        yield f"CREATE POLICY region ON {table} FOR SELECT TO {PROVINCE} USING {REGION_POLICY}"
        yield f"GRANT SELECT ON {table} TO {PROVINCE}"


def share(table: str, *, province: bool = False) -> Iterator[str]:
    """Grants on one of the few tables that belong to no tenant.

    ``province`` is for the directory of tenants: the console above the counties reads the names of
    its region's, never their keys or settings. The others find it as open as before.
    """
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP}"
    if province:
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"CREATE POLICY directory ON {table} FOR ALL TO {APP}, {KEY} USING (true)"
        yield f"CREATE POLICY region ON {table} FOR SELECT TO {PROVINCE} USING {REGION_TENANTS}"
        yield f"GRANT SELECT ({REGION_COLUMNS}) ON {table} TO {PROVINCE}"

"""People of the staff list who have no account yet."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert

from gridgov.kernel.db import Database
from gridgov.kernel.ids import new_id
from gridgov.staff.models import StaffMember
from gridgov.testkit.counties import ACounty


async def a_newcomer(database: Database, county: ACounty, **values: Any) -> UUID:
    """Somebody of the staff list without an account."""
    staff_id = new_id()
    given = {
        "number": f"N{staff_id.hex[-8:]}",
        "name": "测试·新人",
        "employment": "official",
        "synthetic": True,
    }
    async with database.session(county.tenant.id) as session:
        await session.execute(
            insert(StaffMember).values(tenant_id=county.tenant.id, id=staff_id, **(given | values))
        )
    return staff_id

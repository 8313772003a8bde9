"""Services for tests: three items, a file as an office saves one, one of everything in a county."""

import csv
import io
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from gridgov.cases.actions.reporting import Contact
from gridgov.contract.services import on_behalf
from gridgov.portal.actions import seal
from gridgov.portal.types import VisitReceipt, VisitTicket
from gridgov.services.actions.assisting import Authority, begin_assist
from gridgov.services.actions.booking import book_visit
from gridgov.services.actions.codes import issue_codes
from gridgov.services.actions.importing import bring_to, preview_import
from gridgov.services.models import HeldDocument, PlaceCode, ServiceItem
from gridgov.services.types import CodeKind, Half, Item, Way

CARD = Item(
    code="LL01001",
    name="老年证年审",
    batch="benefit",
    department="urban",
    flags=frozenset({"town", "village", "agency", "online", "assisted"}),
    term="5个工作日",
    what="办理老年证年审。",
    who="年满60周岁的本市老人",
    steps=("网格员上门收材料", "部门审核", "网格员送证上门"),
    materials=("身份证（原件）", "一寸照片2张"),
    fee="不收费",
    place="社区（村）工作站",
    source="001",
)
BIRTH = Item(
    code="LL03001", name="生育服务证登记", batch="benefit", department="housing",
    flags=frozenset({"town", "agency", "online"}), steps=("交材料",), materials=("结婚证",),
)  # fmt: skip
CHECK = Item(
    code="LL17001", name="用电安全检查", batch="patrol", department="water",
    flags=frozenset({"online"}), synthetic=True,
)  # fmt: skip
ITEMS = (CARD, BIRTH, CHECK)


def as_csv(*lines):
    """A file as an office saves it."""
    kept = io.StringIO(newline="")
    csv.writer(kept).writerows(lines)
    return kept.getvalue().encode("utf-8-sig")


async def fill_services(stock: Any) -> None:
    """Items, a file that waits to be agreed to, and what is done, booked and hung up."""
    words, mark, declared = stock.words, stock.mark, stock.policy.county
    batch, done = declared.service_batches[0], on_behalf(declared.service_flags)
    items = [
        Item(
            code=f"{mark[:8]}{number}", name=words("item"), batch=batch.code, department="urban",
            flags=frozenset({done, declared.service_flags[0].code}), term="5个工作日",
            what=words("what"), who=words("who"), steps=(words("step"),),
            materials=(words("material"),),
            fee=words("fee"), place=words("where"), source=words("source"), synthetic=True,
        )
        for number in range(1, 3)
    ]  # fmt: skip
    async with stock.acting() as ctx:
        await bring_to(ctx, items)
        lines = [["编码", "事项名称", "批次", "部门"], ["A1", words("new"), batch.name, "urban"]]
        looked = await preview_import(ctx, as_csv(*lines), name=words("file"))
        stock.things |= {
            "import": looked.import_id,
            "item": await ctx.session.scalar(
                select(ServiceItem.id).where(ServiceItem.code == items[0].code)
            ),
            "item_code": items[0].code,
        }
        leaf = stock.county.at("grid")
        begun = await begin_assist(
            ctx,
            stock.things["item"],
            node_id=leaf.id,
            resident=Contact(name=words("person"), phone=phone_of(mark), address=words("home")),
            authority=Authority(
                way=Way.ORAL, purpose=words("purpose"), witness=words("witness"),
                valid_until=ctx.today + timedelta(days=9),
            ),
            handed=items[0].materials,
        )  # fmt: skip
        stock.things["assist"] = begun.case_id
        stock.things["paper"] = await ctx.session.scalar(select(HeldDocument.id))
        visit, own = [
            await book_visit(
                ctx, node_id=leaf.id, day=ctx.today + timedelta(days=days), half=Half.AFTERNOON,
                item_id=stock.things["item"],
                texts={
                    "building": words("building"), "door": words("door"), "name": words("person"),
                    "phone": phone_of(mark), "note": words("note"),
                },
            )
            for days in (0, 1)
        ]  # fmt: skip
        stock.things |= {
            "visit": visit.id,
            "visit_code": visit.code,
            "visit_receipt": seal(
                ctx, VisitReceipt(own.code, words("leaf"), ctx.today, Half.MORNING)
            ),
            "visit_ticket": seal(ctx, VisitTicket(own.id, ctx.now + timedelta(hours=1))),
        }
        (hung,) = await issue_codes(ctx, leaf.id, kind=CodeKind.STAIR, places=[words("stair")])
        stock.things["place_code"] = hung
        stock.things["token"] = await ctx.session.scalar(
            select(PlaceCode.token).where(PlaceCode.id == hung)
        )


def phone_of(mark: str) -> str:
    """The county's own number, as the stock has it."""
    return f"199{int.from_bytes(mark.encode()[-4:], 'big') % 10**8:08}"

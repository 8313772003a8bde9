"""Who may hold which post where, beside whom."""

from collections.abc import Iterable

from gridgov.contract.declarations import Level, Post
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.staff.types import FULL_TIME, Holder, Term


def check_place(post: Post | None, level: Level) -> Post:
    """The post, if the county has it on nodes of this level."""
    if post is None:
        raise Invalid(fields={"post": "没有这个岗位，请重新选择。"})
    if level.code not in post.levels:
        raise Invalid(
            fields={"post": "岗位“{post}”不能设在“{level}”上。"}, post=post.name, level=level.name
        )
    return post


def check_term(term: Term) -> None:
    """A post is held for one day at least."""
    if term.until is not None and term.until <= term.since:
        raise Invalid(fields={"valid_to": "结束日应晚于起始日。"})


def check_room(post: Post, term: Term, *, acting: bool, held: Iterable[Holder]) -> None:
    """A single post has one holder at a time, and perhaps one who acts for them."""
    for other in held:
        if post.single and other.acting == acting and other.term.overlaps(term):
            raise Conflict(
                "“{post}”只能有一人，{name} 自 {since} 起担任。请先让其卸任。",
                post=post.name,
                name=other.name,
                since=other.valid_from,
            )


def check_duty(
    employment: str, term: Term, *, acting: bool, held: Iterable[Holder], node_name: str
) -> None:
    """Who works full time has one place; acting for somebody elsewhere is another thing."""
    if acting or employment != FULL_TIME:
        return
    for other in held:
        if not other.acting and other.term.overlaps(term):
            raise Conflict(
                "{name} 是专职人员，自 {since} 起任职于“{there}”，不能再任职于“{here}”。",
                name=other.name,
                since=other.valid_from,
                there=other.node_name,
                here=node_name,
            )


def is_free(employment: str, held: Iterable[Holder]) -> bool:
    """Whether somebody can be offered a post: who works full time has one place."""
    return employment != FULL_TIME or all(other.acting for other in held)


def check_twice(post: Post, term: Term, held: Iterable[Holder]) -> None:
    """Nobody holds one post on one node twice at a time. ``held`` are theirs on that node."""
    for other in held:
        if other.post == post.code and other.term.overlaps(term):
            raise Conflict(
                "{name} 自 {since} 起已经担任这个岗位。", name=other.name, since=other.valid_from
            )

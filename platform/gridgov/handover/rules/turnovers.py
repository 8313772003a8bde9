"""Whether every line of a sheet can be carried out beside all the others."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gridgov.contract.declarations import Level, Post
from gridgov.grid.types import NodeRow
from gridgov.handover.types import Fault, Line, Move
from gridgov.kernel.sentences import Sentence
from gridgov.staff.types import FULL_TIME, Holder


@dataclass(frozen=True, slots=True)
class Known:
    """What the lines are held against: units by code, people by number, who holds what."""

    posts: Mapping[str, Post]
    levels: Mapping[str, Level]
    nodes: Mapping[str, NodeRow]
    people: Mapping[str, "Somebody"]
    held: Sequence[Holder]
    on: date


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the staff as a line names them."""

    id: UUID
    name: str
    employment: str
    left_on: date | None


def planned(lines: Sequence[Line], known: Known) -> tuple[list[Move], list[Fault]]:
    """The moves, and every fault; with a fault anywhere nothing of the sheet is carried out."""
    moves: list[Move] = []
    faults: list[Fault] = []
    for line in lines:
        found = _move(line, known)
        if isinstance(found, Move):
            moves.append(found)
        else:
            faults.append(Fault(line.row, found))
    faults += _together(moves, known)
    return moves, sorted(faults, key=lambda fault: fault.row)


def _move(line: Line, known: Known) -> Move | str:
    """The line as a move, or the first thing that is wrong with it."""
    node, post = known.nodes.get(line.code), _post(line.post, known)
    if node is None:
        return Sentence("没有代码是“{code}”的网格。", code=line.code)
    if post is None:
        return Sentence("没有叫“{post}”的岗位。", post=line.post)
    if node.level not in post.levels:
        level = known.levels[node.level].name
        return Sentence("岗位“{post}”不能设在“{level}”上。", post=post.name, level=level)
    out, into = (_somebody(number, known) for number in (line.out, line.into))
    holding = _holding(out, node, post, known)
    wrong = _wrong_people(line, known, out, into)
    if wrong is None and out is not None and holding is None:
        wrong = Sentence("{name} 那天不在这里任{post}。", name=out.name, post=post.name)
    return wrong or Move(
        row=line.row,
        node_id=node.id,
        node_name=node.name,
        post=post.code,
        holding_id=holding.id if holding else None,
        out=out.id if out else None,
        out_name=out.name if out else "",
        into=into.id if into else None,
        into_name=into.name if into else "",
    )


def _wrong_people(
    line: Line, known: Known, out: Somebody | None, into: Somebody | None
) -> Sentence | None:
    for number, who in ((line.out, out), (line.into, into)):
        if number and who is None:
            return Sentence("没有工号“{number}”。", number=number)
    if into is not None and into.left_on is not None and into.left_on <= known.on:
        return Sentence("{name} 已于 {day} 离职。", name=into.name, day=into.left_on)
    if out is not None and into is not None and out.id == into.id:
        return Sentence("卸任人和接任人是同一个人。")
    return None


def _post(words: str, known: Known) -> Post | None:
    return known.posts.get(words) or next(
        (post for post in known.posts.values() if post.name == words), None
    )


def _somebody(number: str, known: Known) -> Somebody | None:
    return known.people.get(number.upper()) if number else None


def _holding(out: Somebody | None, node: NodeRow, post: Post, known: Known) -> Holder | None:
    return next(
        (
            held
            for held in known.held
            if out is not None
            and (held.staff_id, held.node_id, held.post) == (out.id, node.id, post.code)
            and held.valid_from < known.on
            and (held.valid_to is None or held.valid_to > known.on)
        ),
        None,
    )


def _together(moves: Sequence[Move], known: Known) -> Iterator[Fault]:
    """What only shows when the lines are taken together with who goes on."""
    ended = {move.holding_id for move in moves if move.holding_id is not None}
    staying = [
        held
        for held in known.held
        if held.id not in ended and (held.valid_to is None or held.valid_to > known.on)
    ]
    yield from _twice(moves)
    for move in moves:
        if move.into is None:
            continue
        post = known.posts[move.post]
        here = [h for h in staying if (h.node_id, h.post) == (move.node_id, move.post)]
        if any(held.staff_id == move.into for held in here):
            yield Fault(move.row, Sentence("{name} 已经任这个岗位。", name=move.into_name))
        elif post.single and any(not held.acting for held in here):
            other = next(held.name for held in here if not held.acting)
            yield Fault(
                move.row,
                Sentence("“{post}”只能有一人，{name} 还在任。", post=post.name, name=other),
            )
        yield from _two_places(move, moves, staying, known)


def _twice(moves: Sequence[Move]) -> Iterator[Fault]:
    leaving = Counter(move.holding_id for move in moves if move.holding_id is not None)
    coming = Counter((move.node_id, move.post, move.into) for move in moves if move.into)
    for move in moves:
        if move.holding_id is not None and leaving[move.holding_id] > 1:
            yield Fault(move.row, Sentence("{name} 的卸任写了两行。", name=move.out_name))
        if move.into and coming[move.node_id, move.post, move.into] > 1:
            yield Fault(move.row, Sentence("{name} 的接任写了两行。", name=move.into_name))


def _two_places(
    move: Move, moves: Sequence[Move], staying: Sequence[Holder], known: Known
) -> Iterator[Fault]:
    """Who works full time has one place; a single post has one holder."""
    if known.posts[move.post].single and any(
        other.row != move.row and (other.node_id, other.post) == (move.node_id, move.post)
        for other in moves
        if other.into is not None and other.into != move.into
    ):
        yield Fault(move.row, Sentence("这个岗位只能有一人，表里写了两个接任人。"))
    person = next((who for who in known.people.values() if who.id == move.into), None)
    if person is None or person.employment != FULL_TIME:
        return
    elsewhere = [h.node_name for h in staying if h.staff_id == move.into and not h.acting]
    elsewhere += [
        other.node_name for other in moves if other.into == move.into and other.row != move.row
    ]
    if elsewhere:
        yield Fault(
            move.row,
            Sentence(
                "{name} 是专职人员，还任职于“{there}”。", name=person.name, there=elsewhere[0]
            ),
        )

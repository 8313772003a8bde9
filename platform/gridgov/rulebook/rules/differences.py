"""How two rulebooks differ, in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Final, cast

from gridgov.cases.rules.explaining import amount_in_words
from gridgov.contract.declarations import ASSUMPTION, CaseKind, ClockRules, County
from gridgov.contract.layering import OF_A_PART, key_of
from gridgov.contract.rulebook import Brings, Brought, Made, Rulebook
from gridgov.kernel.durations import Duration
from gridgov.kernel.sentences import N_, Sentence, joined
from gridgov.rulebook.rules.naming import BROUGHT, FIELDS, GROUPS, NOUNS, PAGES
from gridgov.rulebook.types import Detail, Difference, Verb

PLUGIN: Final = N_("插件")
PART: Final = N_("片区规则")
WORD: Final = N_("用语")

Many = tuple[Any, ...]


def differences(before: Rulebook, after: Rulebook) -> tuple[Difference, ...]:
    """What would be new, changed and gone: plugins first, then parts, then what they declare."""
    return (
        *_of_plugins(before, after),
        *_of_parts(before, after),
        *(found for group in GROUPS for found in _of_group(group, before.county, after.county)),
        *_of_words(before.county, after.county),
    )


def _of_plugins(before: Rulebook, after: Rulebook) -> Iterator[Difference]:
    had, has = _made(before), _made(after)
    for name in dict.fromkeys((*had, *has)):
        old, new = had.get(name), has.get(name)
        details = tuple(_of_plugin(old, new))
        if details or old is None or new is None:
            verb = Verb.NEW if old is None else Verb.GONE if new is None else Verb.CHANGED
            yield Difference(verb=verb, group=PLUGIN, code=name, name=name, details=details)


def _made(rulebook: Rulebook) -> dict[str, Made]:
    chains = (rulebook.plugins, *(part.plugins for part in rulebook.parts.values()))
    return {made.name: made for chain in chains for made in chain}


def _of_plugin(before: Made | None, after: Made | None) -> Iterator[Detail]:
    """Its version, and what its code brings besides declarations or takes along."""
    versions = [made.version if made else "" for made in (before, after)]
    if versions[0] != versions[1]:
        yield Detail(N_("版本"), *versions)
    had, has = (made.brought if made else () for made in (before, after))
    if had is None or has is None:  # kept before this was known: nothing to compare with
        return
    for one in dict.fromkeys((*had, *has)):
        ends = [_brought(one) if one in these else "" for these in (had, has)]
        if ends[0] != ends[1]:
            yield Detail(BROUGHT[one.kind], *ends)


def _brought(one: Brought) -> str:
    if one.kind is not Brings.PIECE:
        return one.what
    page = PAGES.get(one.where.partition(":")[0], one.where)
    return Sentence("{title}（{page}）", title=N_(one.what), page=page)


def _of_parts(before: Rulebook, after: Rulebook) -> Iterator[Difference]:
    for name in dict.fromkeys((*before.parts, *after.parts)):
        counties = [book.parts[name].county for book in (before, after) if name in book.parts]
        details = tuple(_in_part(*counties)) if len(counties) > 1 else ()
        verb = _verb(name, before.parts, after.parts)
        if details or verb in {Verb.NEW, Verb.GONE}:
            yield Difference(
                verb=verb or Verb.CHANGED, group=PART, code=name, name=name, details=details
            )


def _in_part(before: County, after: County) -> Iterator[Detail]:
    for group in sorted(OF_A_PART):
        for found in _of_group(group, before, after):
            what = Sentence("{noun}“{name}”", noun=found.group, name=found.name)
            kept = ("", found.code) if found.verb is Verb.NEW else (found.code, "")
            yield from found.details or [Detail(what, *kept)]


def _of_group(group: str, before: County, after: County) -> Iterator[Difference]:
    had, has = _known(getattr(before, group)), _known(getattr(after, group))
    for code in dict.fromkeys((*had, *has)):
        verb = _verb(code, had, has)
        if verb is None:
            continue
        one = has.get(code, had.get(code))
        details = tuple(_details(had[code], has[code])) if verb is Verb.CHANGED else ()
        yield Difference(
            verb=verb,
            group=GROUPS[group],
            code=code,
            name=_name(one),
            details=details or _rights(one, verb),
        )


def _known(declared: Many) -> dict[str, Any]:
    """By code; of a kind of case only its newest version."""
    found: dict[str, Any] = {}
    for one in declared:
        known = found.get(one.code)
        if not isinstance(known, CaseKind) or known.version < one.version:
            found[one.code] = one
    return found


def _rights(one: Any, verb: Verb) -> tuple[Detail, ...]:
    """A role that comes is told with all that it may do."""
    if verb is Verb.NEW and (rights := getattr(one, "rights", ())):
        return (Detail(FIELDS["rights"], "", _said(rights)),)
    return ()


def _of_words(before: County, after: County) -> Iterator[Difference]:
    had, has = before.glossary, after.glossary
    for word in dict.fromkeys((*had, *has)):
        verb = _verb(word, had, has)
        if verb is not None:
            yield Difference(verb=verb, group=WORD, code=word, name=Sentence(word))


def _verb(code: str, had: Mapping[str, Any], has: Mapping[str, Any]) -> Verb | None:
    if code not in had:
        return Verb.NEW
    if code not in has:
        return Verb.GONE
    return Verb.CHANGED if had[code] != has[code] else None


def _details(before: Any, after: Any, inside: str = "") -> Iterator[Detail]:
    """Field by field; what holds further declarations is looked into."""
    for each in fields(before):
        had, has = getattr(before, each.name), getattr(after, each.name)
        if had == has:
            continue
        if _holds_declarations(had) or _holds_declarations(has):
            yield from _within(had, has, inside)
        else:
            what = _path(inside, FIELDS.get(each.name, each.name))
            yield Detail(what, *map(_said, _apart(had, has)))


def _apart(had: Any, has: Any) -> tuple[Any, Any]:
    """Of two lists only what one of them has; lists of another order, and all else, whole."""
    if isinstance(had, tuple) and isinstance(has, tuple):
        one, other = cast("Many", had), cast("Many", has)
        less = tuple(each for each in one if each not in other)
        more = tuple(each for each in other if each not in one)
        if less or more:
            return less, more
    return cast("Any", had), cast("Any", has)


def _holds_declarations(value: Any) -> bool:
    return isinstance(value, tuple) and any(map(is_dataclass, cast("Many", value)))


def _within(before: Many, after: Many, inside: str) -> Iterator[Detail]:
    had, has = ({_key(one): one for one in those} for those in (before, after))
    for key in dict.fromkeys((*had, *has)):
        one = has.get(key, had.get(key))
        what = _path(inside, Sentence("{noun}“{name}”", noun=NOUNS[type(one)], name=_name(one)))
        if key not in had:
            yield Detail(what, "", key)
        elif key not in has:
            yield Detail(what, key, "")
        else:
            yield from _details(had[key], has[key], what)


def _key(one: Any) -> str:
    return one.effective_from.isoformat() if isinstance(one, ClockRules) else key_of(one)


def _path(inside: str, word: str) -> str:
    return Sentence("{one} · {other}", one=inside, other=word) if inside else word


def _name(one: Any) -> str:
    return N_(getattr(one, "name", "") or getattr(one, "label", "") or _key(one))


def _said(value: Any) -> str:
    """A value as people read it."""
    if value == ASSUMPTION:
        return N_("本项目的假定")
    if isinstance(value, bool):
        return N_("是") if value else N_("否")
    if isinstance(value, Duration):
        return amount_in_words(value.amount, value.unit)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return joined(_each(cast("Iterable[Any]", value)))
    return "" if value is None else N_(str(value))


def _each(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, tuple):
            one, other = (N_(str(end)) for end in cast("Many", value))
            yield Sentence("{one} → {other}", one=one, other=other)
        else:
            yield N_(str(value))

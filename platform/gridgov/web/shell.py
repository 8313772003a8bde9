"""The shell of every page: the template environments, one for each language, and the navigation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)
from jinja2.runtime import Context as TemplateContext

from gridgov.context import Context
from gridgov.contract.declarations import Place
from gridgov.kernel.sentences import Sentence
from gridgov.policy import Policy
from gridgov.web.locale import LOCALES, Catalogues, Punctuation
from gridgov.web.urls import Urls
from gridgov.web.words import FILTERS

_MADE: Final = "contexts made"

Entries = tuple[tuple[tuple[str, str], ...], frozenset[str]]
"""What is offered of a place, and every address that belongs to it."""

Opened = Mapping[Place, Entries]
"""Places of the navigation with what is opened there: label and address."""


@dataclass(frozen=True, slots=True)
class NavPlace:
    """One place of the navigation, as the layout shows it."""

    label: str
    icon: str
    url: str
    current: bool
    entries: tuple[tuple[str, str, bool], ...]

    @property
    def here(self) -> bool:
        """Whether one of its pages is shown, and not a record below one."""
        return any(exact for _, _, exact in self.entries)


class _Fleeting(TemplateContext):
    """What a template knows while it is rendered, and forgets at once.

    Macros that were imported with context refer to it and it to them; so everything that a page was
    given would wait for the garbage collector, rows and all.
    """

    def __init__(
        self, environment: Environment, parent: dict[str, Any], *args: Any, **how: Any
    ) -> None:
        super().__init__(environment, parent, *args, **how)
        parent.get(_MADE, []).append(self)

    def forget(self) -> None:
        """No more is asked of it."""
        self.vars.clear()
        self.parent = {}


class Shell:
    """The template environments (one per language) and what every page is given."""

    def __init__(
        self,
        folders: list[Path],
        of_plugins: Mapping[str, list[Path]],
        catalogues: Catalogues,
        version: str,
    ) -> None:
        """``of_plugins`` hold templates that are known by ``<plugin>/…`` and by nothing else."""
        prefixed = {name: FileSystemLoader(found) for name, found in of_plugins.items()}
        loader: BaseLoader = ChoiceLoader([FileSystemLoader(folders), PrefixLoader(prefixed)])
        self.catalogues = catalogues
        self.version = version
        self._environments = {locale: self._environment(loader, locale) for locale in LOCALES}
        self._opened: WeakKeyDictionary[Policy, dict[tuple[str, frozenset[str]], Opened]] = (
            WeakKeyDictionary()
        )

    def _environment(self, loader: BaseLoader, locale: str) -> Environment:
        environment = Environment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            finalize=self._said(locale),
            extensions=[] if locale == LOCALES[0] else [Punctuation],
        )
        environment.context_class = _Fleeting
        known: dict[str, Any] = {
            "_": self.catalogues.translate(locale),
            "version": self.version,
        }
        environment.globals.update(known)
        environment.filters.update(FILTERS)
        return environment

    def _said(self, locale: str) -> Callable[[Any], Any] | None:
        """What is printed: the words of a county and of the rooms in the language of the page."""
        if locale == LOCALES[0]:
            return None
        say = self.catalogues.translate(locale)
        return lambda value: say(value) if isinstance(value, Sentence) else value

    def render(self, template: str, locale: str, values: Mapping[str, Any]) -> str:
        """The HTML of a template."""
        made: list[_Fleeting] = []
        try:
            return self._environments[locale].get_template(template).render(values, **{_MADE: made})
        finally:
            for each in made:
                each.forget()
            made.clear()

    def navigation(self, ctx: Context, urls: Urls, here: str) -> tuple[NavPlace, ...]:
        """The county's places that this actor may open."""
        if ctx.actor.account_id is None:
            return ()
        opened = self._opened_by(ctx, urls)
        at = _nearest(here, [url for _, under in opened.values() for url in under])
        return tuple(
            NavPlace(
                place.name,
                place.icon,
                entries[0][1],
                at in under,
                tuple((label, url, url == here) for label, url in entries),
            )
            for place, (entries, under) in opened.items()
        )

    def _opened_by(self, ctx: Context, urls: Urls) -> Opened:
        """Places with what the actor may open there: the same for all who hold the same rights."""
        kept = self._opened.setdefault(ctx.policy, {})
        slug = ctx.tenant.slug
        rights = frozenset(right for right, scopes in ctx.actor.rights.items() if scopes)
        if (slug, rights) not in kept:
            opened: dict[Place, Entries] = {}
            for place in ctx.policy.county.navigation:
                entries = tuple(
                    (label, urls.url(slug, name))
                    for label, name in place.entries
                    if urls.opens(ctx, name)
                )
                under = {urls.url(slug, name) for name in place.under if urls.opens(ctx, name)}
                if entries:
                    opened[place] = entries, frozenset(under | {url for _, url in entries})
            kept[slug, rights] = opened
        return kept[slug, rights]


def _nearest(here: str, addresses: Sequence[str]) -> str | None:
    """The page itself, or the list that its record belongs to."""
    over = [url for url in addresses if here == url or here.startswith(f"{url.rstrip('/')}/")]
    return max(over, key=len, default=None)

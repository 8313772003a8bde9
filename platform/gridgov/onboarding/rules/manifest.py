"""Reading ``tenant.toml``: every unknown key, missing key and wrong value, each with its line."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast, get_type_hints
from zoneinfo import available_timezones

import msgspec
from msgspec import NODEFAULT, Meta, Struct

from gridgov.contract.declarations import Setting
from gridgov.contract.settings import ALWAYS, Chosen
from gridgov.onboarding.rules.sheets import CONTROL, Faults, decode
from gridgov.onboarding.types import Brand, Manifest
from gridgov.rulebook.rules.settings import breaches, unfit

MANIFEST: Final = "tenant.toml"
REGION: Final = re.compile(r"(province:[0-9]{2}|prefecture:[0-9]{4})")
RESERVED: Final = frozenset(
    {"admin", "api", "assets", "health", "login", "metrics", "province", "static"}
)
_NESTED: Final[Mapping[str, type[Struct]]] = {"brand": Brand}


class Located:
    """The file's text, and where each key stands in it: ``brand.mark``, ``level.2.name``."""

    def __init__(self, text: str) -> None:
        self._places: dict[str, tuple[int, int]] = {}
        self._rows: Counter[str] = Counter()
        table = ""
        for number, line in enumerate(text.splitlines(), start=1):
            if head := re.match(r"\s*(\[\[?)([^\[\]]+)\]", line):
                table = self._path(head[2].strip(), row=head[1] == "[[")
                self._places.setdefault(table, (number, 1))
            elif key := re.match(r"""(\s*)["']?([\w.-]+)["']?\s*=""", line):
                path = f"{table}.{key[2]}" if table else key[2]
                self._places.setdefault(path, (number, len(key[1]) + 1))

    def of(self, path: str) -> tuple[int, int]:
        """Line and column of a key, or of what should hold it."""
        while path and path not in self._places:
            path = path.rpartition(".")[0]
        return self._places.get(path, (0, 0))

    def _path(self, name: str, *, row: bool) -> str:
        """The path of a table; one of several of a name has its number behind the name."""
        path = ""
        *above, last = name.split(".")
        for part in above:
            path = self._numbered(f"{path}{part}") + "."
        path += last
        self._rows[path] += row
        return self._numbered(path)

    def _numbered(self, path: str) -> str:
        return f"{path}.{self._rows[path]}" if self._rows[path] else path


def read_manifest(files: Mapping[str, bytes], faults: Faults) -> tuple[Manifest | None, Located]:
    """The manifest, if nothing is wrong with it."""
    nowhere = Located("")
    if MANIFEST not in files:
        faults.add(MANIFEST, "缺少这个文件。")
        return None, nowhere
    text = decode(MANIFEST, files[MANIFEST], faults)
    if text is None:
        return None, nowhere
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (text.count("\n") + 1, 0)
        message = "这一行不合 TOML 的写法，后面的内容读不下去。"
        faults.add(MANIFEST, message, at=(line, column))
        return None, nowhere
    places = Located(text)
    wrong = list(_wrong(Manifest, given, ""))
    for path, message in wrong:
        faults.add(MANIFEST, message, at=places.of(path), name=path)
    if wrong:
        return None, places
    manifest = msgspec.convert(given, Manifest)
    for path, message in _odd(manifest):
        faults.add(MANIFEST, message, at=places.of(path), name=path)
    return manifest, places


def check_settings(
    manifest: Manifest, declared: tuple[Setting, ...], places: Located, faults: Faults
) -> None:
    """Each setting is one that the county declares, of the right type and within its limits."""
    known = {setting.code: setting for setting in declared}
    wrong = unfit(known, manifest.settings)
    fit = {code: value for code, value in manifest.settings.items() if code not in wrong}
    wrong |= breaches(known, (Chosen(ALWAYS, fit),), fit, ALWAYS)
    for code, said in wrong.items():
        path = f"settings.{code}"
        name = known[code].name if code in known else code
        message = f"“{name}”：{said}"
        faults.add(MANIFEST, message, at=places.of(path), name=path)


def _wrong(
    struct: type[Struct], given: Mapping[str, Any], prefix: str
) -> Iterator[tuple[str, str]]:
    """Unknown keys, missing keys, values of a wrong form."""
    hints = get_type_hints(struct, include_extras=True)
    for key in given:
        if key not in hints:
            yield f"{prefix}{key}", f"不认识的键“{key}”。"
    for field in msgspec.structs.fields(struct):
        path = f"{prefix}{field.name}"
        if field.name in given:
            yield from _misshapen(field.name, hints[field.name], given[field.name], path)
        elif field.default is NODEFAULT and field.default_factory is NODEFAULT:
            yield path, f"缺少“{field.name}”。"


def _misshapen(name: str, hint: Any, value: object, path: str) -> Iterator[tuple[str, str]]:
    if name in _NESTED and isinstance(value, dict):
        yield from _wrong(_NESTED[name], cast("dict[str, Any]", value), f"{path}.")
        return
    if name in _NESTED:
        yield path, f"“{name}”应为一节键值。"
        return
    meta = next((m for m in hint.__metadata__ if isinstance(m, Meta)), Meta())
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError:
        yield path, f"“{name}”应为{meta.description}。"
        return
    if isinstance(value, str) and CONTROL.search(value):
        yield path, f"“{name}”含有看不见的控制字符。"


def _odd(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """What the form allows and the meaning does not."""
    if not manifest.code.startswith(manifest.prefecture):
        yield "prefecture", f"市级代码应为县级代码的前 4 位“{manifest.code[:4]}”。"
    if not manifest.code.startswith(manifest.province):
        yield "province", f"省级代码应为县级代码的前 2 位“{manifest.code[:2]}”。"
    if manifest.slug in RESERVED:
        yield "slug", f"“{manifest.slug}”是平台自己的网址，不能用作短名。"
    if manifest.zone not in available_timezones():
        yield "zone", f"没有“{manifest.zone}”这个时区。"
    if len({*manifest.plugins, *manifest.parts}) < len(manifest.plugins) + len(manifest.parts):
        yield "plugins", "同一个插件写了两次。"
    yield from _odd_regions(manifest)


def _odd_regions(manifest: Manifest) -> Iterator[tuple[str, str]]:
    own = {f"province:{manifest.province}", f"prefecture:{manifest.prefecture}"}
    for region in manifest.regions:
        if not REGION.fullmatch(region):
            yield "regions", f"“{region}”应写成 province:43 或 prefecture:4302 的样子。"
        elif region not in own:
            yield "regions", f"区域“{region}”不管辖这个县。"

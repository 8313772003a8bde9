"""``gridgov catalogue``: everything that people are told, gathered from the source for its English.

In the core every Chinese literal is a message, so that none can be forgotten; a plugin's words are
those that it declares and that nothing it builds on does. A literal with values in it is written
with ``{named}`` places, never as an f-string, for only so it can be said in another language.
"""

import argparse
import ast
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, nodes

import gridgov
from gridgov.cli.registry import Commands
from gridgov.contract.wording import words
from gridgov.kernel.errors import Invalid
from gridgov.plugins import Plugin, Plugins
from gridgov.web.locale import FILE, entries

CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
PLACE: Final = re.compile(r"\{(\w+)(?::[^{}]*)?\}")
CORE: Final = Path(str(gridgov.__file__)).parent

FOR_OPERATORS: Final = (
    "baseline",
    "cli",
    "onboarding",
    "migrations",
    "testkit",
    "calendar/loading.py",
    "calendar/notice.py",
    "contract/banned.py",
    "contract/tables.py",
    "kernel/masks.py",
    "web/components.py",
    "web/templates/web/components.html",
)
"""What no page shows: commands and their files, patterns of data, the specimens of components; and
the baseline, which is a plugin with a catalogue of its own."""

_SOMETHING: Final = re.compile(rf"{CHINESE.pattern}|{PLACE.pattern}")
_MARKS: Final = frozenset({"_", "N_", "Sentence", "say"})
_SAME_EVERYWHERE: Final = frozenset({"中文"})
_HEAD: Final = (
    'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
)


def messages_of(root: Path, declared: Collection[str] | None = None) -> set[str]:
    """What the package tells people; a plugin comes with the words that it declares."""
    found: set[str] = set()
    for path in _sources(root, "*.html"):
        found |= set(_in_template(path))
    for path in _sources(root, "*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= set(_marked(tree))
        if declared is None:
            found |= {text for _, text in _literals(tree)}
    found |= {word for word in declared or () if CHINESE.search(word)}
    return found - _SAME_EVERYWHERE


def unsayable(root: Path) -> list[str]:
    """Chinese that no catalogue can take: in f-strings, and in templates outside of ``_()``."""
    faults = [
        f"{path.relative_to(root)}:{line}: {text}"
        for path in _sources(root, "*.py")
        for line, text in _woven(ast.parse(path.read_text(encoding="utf-8")))
    ]
    return faults + [
        f"{path.relative_to(root)}:{line}: {text}"
        for path in _sources(root, "*.html")
        for line, text in _bare(path)
    ]


def places(text: str) -> set[str]:
    """The names of its places."""
    return set(PLACE.findall(text))


def packages() -> dict[str, tuple[Path, frozenset[str] | None]]:
    """The core and every installed plugin, with its folder and the words that are its own."""
    plugins = Plugins.installed()
    found: dict[str, tuple[Path, frozenset[str] | None]] = {"gridgov": (CORE, None)}
    return found | {each.name: (each.folder, _own_words(each, plugins)) for each in plugins}


def _own_words(plugin: Plugin, plugins: Plugins) -> frozenset[str]:
    """What it builds on brings the English of its words along."""
    chain = plugins.chain(plugin.name)
    said, *below = (frozenset(words(plugins.loaded[name].declared)) for name in chain)
    return said.difference(*below)


def _sources(root: Path, pattern: str) -> Iterator[Path]:
    for path in sorted(root.rglob(pattern)):
        inside = path.relative_to(root)
        left_out = root == CORE and any(inside.is_relative_to(part) for part in FOR_OPERATORS)
        if not left_out and "demo" not in inside.parts and "static" not in inside.parts:
            yield path


def _in_template(path: Path) -> Iterator[str]:
    tree = _template(path)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args:
            first = call.args[0]
            if isinstance(first, nodes.Const) and isinstance(first.value, str):
                yield first.value


def _bare(path: Path) -> Iterator[tuple[int, str]]:
    tree = _template(path)
    said = set(_in_template(path)) | _SAME_EVERYWHERE
    for data in tree.find_all(nodes.TemplateData):
        if CHINESE.search(data.data):
            yield data.lineno, data.data.strip()
    for const in tree.find_all(nodes.Const):
        if isinstance(const.value, str) and CHINESE.search(const.value) and const.value not in said:
            yield const.lineno, const.value


def _template(path: Path) -> nodes.Template:
    return Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))


def _marked(tree: ast.AST) -> Iterator[str]:
    """What is marked as a message, also where it has only places and no Chinese of its own."""
    marked = (call for call in _of(tree, ast.Call) if call.args and _name(call.func) in _MARKS)
    for call in marked:
        text = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
        if isinstance(text, str) and _SOMETHING.search(text):
            yield text


def _name(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else ""


def _literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every Chinese literal but docstrings and the pieces of f-strings."""
    woven = {id(part) for text in _of(tree, ast.JoinedStr) for part in text.values}
    silent = {id(alone.value) for alone in _of(tree, ast.Expr)}
    for literal in _of(tree, ast.Constant):
        if _chinese(literal) and id(literal) not in woven | silent:
            yield literal.lineno, literal.value


def _woven(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """F-strings with Chinese, and Chinese that is filled by ``.format`` on the spot."""
    for text in _of(tree, ast.JoinedStr):
        if any(isinstance(part, ast.Constant) and _chinese(part) for part in text.values):
            yield text.lineno, ast.unparse(text)
    for call in _of(tree, ast.Call):
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "format" and _chinese(func.value):
            yield call.lineno, ast.unparse(call)


def _chinese(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and bool(CHINESE.search(node.value))
    )


def _of(tree: ast.AST, kind: type[Any]) -> Iterator[Any]:
    return (node for node in ast.walk(tree) if isinstance(node, kind))


def write(file: Path, messages: Iterable[str], known: dict[str, str]) -> None:
    """The catalogue, in the order of the messages: nothing in it changes from day to day."""
    blocks = [_HEAD]
    blocks += [
        f"msgid {_quoted(message)}\nmsgstr {_quoted(known.get(message, ''))}\n"
        for message in sorted(messages)
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(blocks), encoding="utf-8")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def register(commands: Commands) -> None:
    """``gridgov catalogue``."""
    parser = commands.add_parser(
        "catalogue", help="gather what people are told into the English catalogues"
    )
    parser.add_argument("name", nargs="?", help="one plugin alone (default: everything)")
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    """Bring each catalogue up to date and name what has no English yet."""
    known_packages, missing = packages(), list[str]()
    if asked.name is not None and asked.name not in known_packages:
        raise Invalid(f"No plugin {asked.name} is installed, or it cannot be loaded.")
    for name, (root, declared) in known_packages.items():
        if asked.name not in {None, name}:
            continue
        file = root / "locale" / FILE
        messages, known = messages_of(root, declared), entries(file)
        write(file, messages, known)
        missing += [f"{name}: {message}" for message in sorted(messages - set(known))]
        missing += [f"{name}: {fault}" for fault in unsayable(root)]
        print(f"{name}: {len(messages)} messages, {len(set(known) - messages)} no longer said")
    for line in missing:
        print(line)
    return 1 if missing else 0

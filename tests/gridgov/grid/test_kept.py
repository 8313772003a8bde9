"""What is kept of a tree is as new as the tree, and there is never too much of it."""

from types import SimpleNamespace

import pytest

from gridgov.grid.queries.kept import Kept
from gridgov.kernel.ids import new_id


@pytest.fixture(autouse=True)
def versions(monkeypatch):
    async def told(ctx):
        return ctx.version

    monkeypatch.setattr("gridgov.grid.queries.kept.grid_version", told)


def a_context():
    return SimpleNamespace(version=1, tenant=SimpleNamespace(id=new_id()))


def counter():
    made = []

    async def make():
        made.append(len(made) + 1)
        return made[-1]

    return make


async def test_a_thing_is_made_once_for_each_version_of_the_tree():
    kept, ctx, make = Kept(most=8), a_context(), counter()

    seen = [await kept.of(ctx, make), await kept.of(ctx, make)]
    ctx.version += 1
    seen.append(await kept.of(ctx, make))

    assert seen == [1, 1, 2]


async def test_tenants_and_subjects_are_kept_apart():
    kept, make = Kept(most=8), counter()
    one, other = a_context(), a_context()

    seen = [await kept.of(one, make), await kept.of(other, make), await kept.of(one, make, about=2)]

    assert seen == [1, 2, 3]
    assert await kept.of(one, make) == 1


async def test_the_least_used_goes_first():
    kept, make, ctx = Kept(most=2), counter(), a_context()
    for about in ("a", "b", "a", "c"):
        await kept.of(ctx, make, about=about)

    assert await kept.of(ctx, make, about="a") == 1
    assert await kept.of(ctx, make, about="b") == 4

"""Cells that are run in grading leave what they leave in a kernel: names, values, classes, exceptions.

A kernel is IPython itself. What differs, and may, is named in ``DIFFERENT``.
"""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.tools.sampling import played
from tests.unit.submission.both_ways import Found, both_ways
from tests.unit.submission.dressed import BEGIN, SNIPPETS, dressed, split
from tests.unit.submission.notebooks import OF_A_SHELL, OF_PYTHON

pytestmark = pytest.mark.slow

ARRANGED: dict[str, list[str]] = {
    "filled by a loop": ["NAMES = []\nfor i in range(3):\n    NAMES.append(f'site-{i}')"],
    "filled by append, extend, update": [
        "a = ['x']\na.append('y')\na.extend(['z'])",
        "d = {}\nd.update(k=1)\nd |= {'l': 2}\nd.setdefault('m', []).append(3)",
        "s = set()\ns.add(1)",
        "del a[0]\na[0] = 'w'\na += ['v']",
    ],
    "a registry filled by a decorator": [
        "KNOWN = {}\ndef knows(name):\n    def add(f):\n        KNOWN[name] = f.__name__\n        return f\n"
        "    return add",
        "@knows('hello')\ndef f(x, y=2): ...",
    ],
    "singledispatch": [
        "from functools import singledispatch\n@singledispatch\ndef f(x): return 'any'",
        "@f.register\ndef _(x: int): return 'int'",
        "@f.register(str)\ndef of_text(x): return 'str'",
        "found = [f(1), f('a'), f(2.0)]",
    ],
    "set on a class": [
        "class A:\n    pass",
        "def m(self): return 5\nsetattr(A, 'm', m)\nA.n = m\nA.k = 3",
        "value = A().m()",
    ],
    "walrus in a call": ["print(T := 'hello')", "xs = [last := i for i in range(3)]", "if (n := len(xs)) > 2: m = n"],
    "init_subclass": [
        "class Base:\n    known = []\n    def __init_subclass__(cls, **options):\n"
        "        cls.known.append((cls.__name__, options))",
        "class One(Base, topic='hello'): pass\nclass Two(One): pass",
        "names = Base.known",
    ],
    "metaclass": [
        "class M(type):\n    def __new__(m, n, b, d):\n        return super().__new__(m, n, b, {**d, 'x': 1})",
        "class A(metaclass=M): y = 2",
    ],
    "import inside with": [
        "import contextlib\nwith contextlib.suppress(ImportError):\n    import no_such_thing\n    a = 1",
        "with contextlib.suppress(ImportError):\n    from json import dumps as d\nb = d([1])",
        "try:\n    import no_such_thing as n\nexcept ImportError:\n    n = None",
    ],
    "a class of a call": [
        "A = type('A', (), {'x': 1, 'm': lambda self: 2})",
        "def make(x):\n    class Made(A):\n        y = x\n    return Made\nB = make(3)\nC = make(4)",
        "import types\nD = types.new_class('D', (A,), {}, lambda ns: ns.update(z=5))",
    ],
    "dataclass, enum, named tuple": [
        "from dataclasses import dataclass, field\n@dataclass(order=True)\nclass P:\n    x: int = 1\n"
        "    ys: list = field(default_factory=list)\np = P(2)",
        "from enum import StrEnum\nclass T(StrEnum):\n    HELLO = 'hello'\nt = f'{T.HELLO}'",
        "from collections import namedtuple\nN = namedtuple('N', 'a b')\nn = tuple(N(1, 2))",
    ],
    "defined anew below": [
        "LIMIT = 1\ndef f(): return LIMIT",
        "a = f()\nLIMIT = 2\nb = f()",
        "def f(): return -LIMIT\nc = f()",
        "class A: x = f()\nclass A(A): y = f()",
        "del LIMIT\ntry:\n    d = f()\nexcept NameError as error:\n    d = type(error).__name__",
    ],
    "raises half way": ["a = 1\nb = a / 0\nc = 3", "d = 4", "class A:\n    x = 1\n    y = nothing\n", "e = 5"],
    "raises what is no Exception": [
        "class Stop(BaseException): ...\na = 1\nraise Stop",
        "import asyncio\nb = 1\nraise asyncio.CancelledError",
        "c = 1\nraise GeneratorExit",
        "d = 1\nraise KeyboardInterrupt",
        "e = 1",
    ],
    "exit": ["a = 1\nexit()\nb = 2", "import sys\nc = 3\nsys.exit()\nd = 4", "e = 5\nraise SystemExit(1)", "f = 6"],
    "never ends": ["a = 1\nwhile True:\n    pass\nb = 2", "c = 3"],
    "never ends, whatever it catches": [
        "a = 1\nwhile a:\n    try:\n        while True: pass\n    except Exception: a = 0"
    ],
    "waits for ever": ["import asyncio\na = 1\nawait asyncio.sleep(1000)\nb = 2", "c = await asyncio.sleep(0, 3)"],
    "top-level await": [
        "import asyncio\nasync def f(x):\n    await asyncio.sleep(0)\n    return x",
        "a = await f(1)",
        "t = asyncio.create_task(f(2))",
        "b = await t\nc = await asyncio.gather(f(3), f(4))",
        "async def g():\n    yield 5\n    yield 6\nd = [x async for x in g()]\nasync for e in g(): pass",
        "class C:\n    async def __aenter__(self): return 7\n    async def __aexit__(self, *_): ...\n"
        "async with C() as h: pass",
    ],
    "a loop within the loop": ["import asyncio\nasync def f(): return 1\nx = asyncio.run(f())\ny = 2", "z = 3"],
    "no Python": ["a = 1\nb = = 2", "c = 3", "def f(:\n    pass", "d = 'it is open\n", "e = 5"],
    "no sense at top level": ["a = 1\nreturn a\nb = 2", "c = 1\nbreak", "nonlocal d\ne = 1", "f = 1\nyield f", "g = 1"],
    "the future below a magic": [
        "%load_ext autoreload\nfrom __future__ import annotations\nimport json",
        "def f(x: NoSuchType) -> None: ...",
        "class A:\n    x: NoSuchType = 1\nfound = A.__annotations__",
    ],
    "no future": ["a = 1\nfrom __future__ import no_such_thing\nb = 2", "c = 3"],
    "time": ["%time a = 1", "b = %time 5", "%%time\nc = 3\ndef f(): return c", "%%time\n\n%time d = 4\nd", "e = _"],
    "time with nothing below": ["%%time x = 1", "%%time y = 1\nz = 2"],
    "capture": [
        "%%capture\na = 1",
        "%%capture out\nb = 2\nprint(b)\nout2 = 3",
        "%%capture --no-stderr c\nd = 1\n%time e = 2",
    ],
    "prun": ["%prun a = 1", "%%prun -s cumulative\nb = 2"],
    "other cell magics": ["%%bash\nx=1", "%%html\n<b>", "%%javascript\nvar y = 1", "%%no_such_magic\nz = 1", "a = 1"],
    "a file that is written and imported": [
        "%%writefile m.py\nclass A:\n    x = 1\n",
        "from m import A\ny = A.x",
        "%%writefile -a m.py\nB = 3",
        "%run m.py",
        "%%file n.py\nD = 4",
        "import n, m\nd = n.D",
    ],
    "a file that is run": [
        "x = 1\nfile = open('k.py', 'w')",
        "file.write('try:\\n  y = x\\nexcept NameError:\\n  y = 2\\nz = __name__\\n1 / 0')\nfile.close()",
        "%run k.py",
        "%run -i k",
    ],
    "environment": ["%env A=5\n%set_env B 6 7", "import os\na, b = os.environ['A'], os.environ['B']"],
    "shell": ["!ls", "files = !echo", "?print", "print?", "%pip --version", "def f():\n    !ls\n    return 1\nx = f()"],
    "lines of IPython": ["%config InlineBackend.x = 1\n%who\na = 1", "if a:\n    %time b = 2\nc = [%time 1]", "d = 1"],
    "indented as a whole": ["    x = 1\n    def f():\n        return x", "\n\n  y = 2\n  z = '''\n  a'''", "\tw = 1"],
    "prompts": [
        ">>> x = 1\n>>> def f(a):\n...     return a\n...\n>>> y = f(2)",
        "In [3]: z = 5",
        "In [4]: def g():\n   ...:     return 1\n   ...: \n",
    ],
    "prefixes": [",print a b", ";print b", "/print", "x = 1"],
    "displays": ["5", "6\n7;", "8", "a = _\nb = __", "9;", "c = _", "None", "d = _", "display(a)\nx = display(b)"],
    "an underscore of one's own": ["_ = 3\n5", "x = _"],
    "get_ipython": [
        "ip = get_ipython() is not None",
        "get_ipython().run_line_magic('time', 'a = 1')",
        "get_ipython().events.register('post_run_cell', lambda *_: None)\nb = 2",
        "get_ipython().push({'c': 3})",
        "from IPython import get_ipython as got\ngot().run_line_magic('load_ext', 'autoreload')",
        "d = got().user_ns['c']\ndel got",
        "if get_ipython() is not None:\n    e = 5",
    ],
    "course": [
        "from autograder import notebook as course\ncourse.run(int)\na = 1",
        "result = course.check('execute')",
        "class A:\n    def m(self):\n        from autograder import notebook\n        return notebook.run(self)",
        "from autograder.notebook import show\nb = 2",
    ],
    "the notebook itself": [
        "a = __name__\nimport __main__\n__main__.b = 2\nc = b",
        "globals()['d'] = 4\nvars().update(e=5)\nexec('f = 6')\ng = eval('f + 1')",
        "h = '__file__' in globals()",
        "if __name__ == '__main__':\n    i = 1",
        "import sys\nj = sys.modules[type('A', (), {}).__module__].a",
    ],
    "annotations": ["x: int = 5\ny: 'str'", "z = dict(__annotations__)"],
    "scopes": [
        "x = 1\ndef f():\n    global x, y\n    x = 2\n    y = [x for x in 'ab']\nf()",
        "def counter():\n    n = 0\n    def step():\n        nonlocal n\n        n += 1\n        return n\n"
        "    return step",
        "step = counter()\nseen = [step(), step()]",
        "ys = [x * k for k in (1, 2)]\nclass A:\n    zs = [x for _ in (1,)]",
    ],
    "match, star, lambda": [
        "match {'a': [1, 2, 3]}:\n    case {'a': [first, *rest]}:\n        found = True",
        "a, *b = 1, 2, 3\n(c, [d]) = 4, [5]",
        "f = lambda x=a, *y, z=1, **k: x\ng = (lambda: (yield))",
    ],
    "line ends and odd characters": [
        "a = 1\r\nb = 2\r\n",
        "\ufeffc = 3",
        "d = 'ü €'\n\x0ce = 5",
        "",
        "   ",
        "# only a remark",
    ],
    "a cell split in two": ["class A:\n    x = 1\n", "    y = 2\n    def m(self): ...", "B = 1"],
}

DIFFERENT = {
    "what a cell would display for all of its lines is not looked at, so _ is the last line's": [
        "%config InteractiveShell.ast_node_interactivity='last_expr_or_assign'\nx = 4",
        "x = 5",
        "y = _",
    ],
    "%timeit -o gives something of which all can be asked and nothing is known": ["x = %timeit -n1 -r1 -o pass"],
    "%timeit runs its line as often as it takes, for what nobody looks at": ["x = []\n%timeit -n1 -r1 x.append(1)"],
    "a line magic that IPython does not know may come from an extension, and is passed over": ["%no_such_magic\nx = 1"],
    "await below %%time or %%capture is run, where IPython refuses": ["async def f(): ...", "%%time\nx = await f()"],
}
"""Besides, no program is started: ``!`` shows nothing and gives nothing. So it is in the kernel of these tests, too."""


def generated(seed: int) -> list[str]:
    """Return a notebook of cells that rest on each other, arranged and dressed as students and tools do."""
    chance = random.Random(seed)
    cells = [BEGIN]
    for number in range(chance.randint(3, 8)):
        cells.append(chance.choice(SNIPPETS).format(n=chance.choice((number, chance.randint(0, 3)))))
    return [dressed(cell, chance) for cell in _split_and_merged(cells, chance)]


def _split_and_merged(cells: list[str], chance: random.Random) -> Iterator[str]:
    waiting = ""
    for cell in cells:
        waiting = f"{waiting}\n{cell}" if waiting else cell
        if chance.random() < 0.25:
            continue  # merged with the next one
        if chance.random() < 0.3:
            head, tail = split(waiting, chance)
            yield head
            waiting = tail
        yield waiting
        waiting = ""
    if waiting:
        yield waiting


NOTEBOOKS = ARRANGED | OF_PYTHON | OF_A_SHELL


@pytest.fixture(scope="module")
def found(request: pytest.FixtureRequest) -> dict[str | int, tuple[Found, Found]]:
    """By name, or by the seed of a generated one, what is found in each notebook that is played."""
    names = played(request.session, test_a_notebook_is_what_it_is_in_a_kernel.__name__, "name")
    seeds = played(request.session, test_a_generated_notebook_is_what_it_is_in_a_kernel.__name__, "seed")
    notebooks = {name: NOTEBOOKS[name] for name in names} | DIFFERENT | {seed: generated(seed) for seed in seeds}
    return dict(zip(notebooks, both_ways(list(notebooks.values())), strict=True))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_what_it_is_in_a_kernel(name: str, found: dict[str | int, tuple[Found, Found]]) -> None:
    assert_the_same(*found[name], NOTEBOOKS[name])


@pytest.mark.sampled(6)
@pytest.mark.parametrize("seed", range(80))
def test_a_generated_notebook_is_what_it_is_in_a_kernel(seed: int, found: dict[str | int, tuple[Found, Found]]) -> None:
    assert_the_same(*found[seed], generated(seed))


def assert_the_same(in_kernel: Found, in_run: Found, cells: list[str]) -> None:
    assert without(in_run.names, "kept") == without(in_kernel.names, "kept")
    assert in_run.last == in_kernel.last
    if "%%" not in "".join(cells):  # a magic that runs a cell shows what the cell raises, and raises nothing
        assert in_run.errors == in_kernel.errors


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_differs_is_named(name: str, found: dict[str | int, tuple[Found, Found]]) -> None:
    in_kernel, in_run = found[name]
    assert in_run.names != in_kernel.names


def without(names: dict[str, Any], name: str) -> dict[str, Any]:
    return {other: value for other, value in names.items() if other != name}


def test_an_exception_that_cannot_be_told_ends_its_cell_only() -> None:
    ((in_kernel, in_run),) = both_ways([["class E(Exception):\n    def __str__(self): return 1 / 0\nraise E", "a = 1"]])
    assert in_run.names == in_kernel.names
    assert in_run.errors == ["E"]

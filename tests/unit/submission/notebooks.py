"""Notebooks that people might write, to be run in a kernel and in grading."""

OF_PYTHON: dict[str, list[str]] = {
    "a class on a condition": ["DEBUG = False\nif DEBUG:\n    class A: x = 1\nelse:\n    class A: x = 2"],
    "a class where an import fails": [
        "try:\n    from no_mod import Base\nexcept ImportError:\n    class Base: x = 1\nclass A(Base): pass"
    ],
    "only as the main module": ["if __name__ == '__main__':\n    class A: pass\n    x = 1"],
    "dataclass": [
        (
            "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n"
            "    x: int = 1\n    y: B | None = None"
        ),
        "@dataclass(frozen=True, slots=True)\nclass B:\n    z: A\nb = B(A())",
    ],
    "code that is run from a text": [
        "code = 'class A:\\n    x = 1'\nexec(code)",
        "exec('y = 2', globals())\nns = {}\nexec('z = 3', ns)\nw = ns['z']",
    ],
    "annotations that name what comes later": [
        ("import typing\nclass A:\n    def m(self) -> 'B': ...\nclass B:\n    x: 'A'\nh = typing.get_type_hints(B)"),
        "from typing import get_type_hints\nk = get_type_hints(A.m)",
    ],
    "pickle": [("import pickle\nclass A:\n    x = 1\na = A()\nb = pickle.loads(pickle.dumps(a))\nsame = type(b) is A")],
    "indented by tabs": ["if True:\n\tx = 1\n\ty = 2"],
    "a space that is none": ["x\xa0= 1", "y = 2"],
    "a task that goes on in later cells": [
        (
            "import asyncio\nasync def f(n):\n    await asyncio.sleep(0.05)\n    globals()['done'] = n\n"
            "t = asyncio.create_task(f(1))"
        ),
        "x = 'done' in globals()",
        "await asyncio.sleep(0.2)\ny = done",
    ],
    "a loop within the loop, caught": [
        (
            "import asyncio\nasync def f(): return 1\ntry:\n    x = asyncio.run(f())\n"
            "except RuntimeError as e:\n    x = str(e)"
        )
    ],
    "threads": [
        (
            "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as p:\n"
            "    x = list(p.map(lambda i: i * 2, range(3)))"
        )
    ],
    "a future in one cell holds in all": [
        "from __future__ import annotations\nx = 1",
        "class A:\n    y: Undefined\nz = A.__annotations__",
    ],
    "a future of the grammar": ["from __future__ import barry_as_FLUFL\nx = 1 <> 2", "y = 1 <> 3"],
    "starred": ["x = *[1], 2\n*a, b = 1, 2, 3"],
    "warnings as errors": ["import warnings\nwarnings.simplefilter('error')", "x = 1 is 1", "y = 2"],
    "a name among the builtins": ["x = __builtins__ is not None\nimport builtins\nbuiltins.foo = 3", "y = foo"],
    "a builtin taken": ["print = lambda *a: None\nprint(1)\nlist = [1]\nx = list[0]"],
    "a display of one's own": ["def display(x): return 7\ny = display(1)"],
    "output redirected": [
        (
            "import io, contextlib\nb = io.StringIO()\nwith contextlib.redirect_stdout(b):\n"
            "    print('hi')\nx = b.getvalue()\ndel b"
        )
    ],
    "an alarm of one's own": [
        (
            "import signal, time\ntry:\n"
            "    signal.signal(signal.SIGALRM, lambda *a: (_ for _ in ()).throw(TimeoutError()))\n"
            "    signal.setitimer(signal.ITIMER_REAL, 0.05)\n    time.sleep(1)\nexcept TimeoutError:\n"
            "    x = 1\ny = 2"
        )
    ],
    "a group of exceptions": [
        ("try:\n    raise ExceptionGroup('a', [ValueError(1)])\nexcept* ValueError as e:\n    x = len(e.exceptions)")
    ],
    "a text that is a docstring": ["'''my doc'''\nx = __doc__"],
    "an import from nowhere": ["try:\n    from . import x\nexcept ImportError as e:\n    y = 1"],
}
"""They use what Python has."""

OF_A_SHELL: dict[str, list[str]] = {
    "autoreload": ["%load_ext autoreload\n%autoreload 2\nx=1"],
    "line magic in if": ["if True:\n    %time x = 1\n    !ls\ny=2"],
    "displays of IPython": [
        ("from IPython.display import display, HTML, Markdown, clear_output\ndisplay(HTML('x'))\nclear_output()\nx = 1")
    ],
    "reset": ["x = 1\ny = 2", "%reset -f", "z = 3"],
    "reset by a pattern": ["x1 = 1\nx2 = 2\ny = 3", "%reset_selective -f x", "z=1"],
    "deleted by a magic": ["x1 = 1\nx2 = 2\ny = 3", "%xdel x1", "z=1"],
    "reset by the shell": ["x = 1\ny = 2", "get_ipython().reset()", "z = 3"],
    "reset by a magic that is called": ["x = 1\ny = 2", "get_ipython().run_line_magic('reset', '-f')", "z = 3"],
    "get_ipython run_cell": [
        "get_ipython().run_cell('x = 1\\ny = 2')",
        "get_ipython().run_cell('%time z = 3')",
        "get_ipython().ex('w = 4')\nv = get_ipython().ev('w + 1')",
    ],
    "run_cell_magic": ["get_ipython().run_cell_magic('time', '', 'x = 1\\ny = 2')"],
    "run_cell_magic capture": ["get_ipython().run_cell_magic('capture', 'out', 'x = 1\\ny = 2')"],
    "exec file": ["%%writefile m.py\nclass A:\n    x = 1", "exec(open('m.py').read())"],
    "a file added to that is not there": ["%%writefile -a a.py\nx=1\n", "import a\ny = a.x"],
    "a file named by a variable in braces": ["name = 'mod'", "%%writefile {name}.py\nx = 1", "import mod\ny = mod.x"],
    "a file named by a variable with a sign": ["name = 'mod'", "%%writefile $name.py\nx = 1", "import mod\ny = mod.x"],
    "a file named in quotes": ["%%writefile 'm m.py'\nx = 1", "s = open('m m.py').read()"],
    "output of programs": ["x = %sx ls\ny=1", "z = !ls\nn = len(z)"],
    "config": ["%config InlineBackend.figure_format = 'svg'\nx = 1"],
    "cd": ["import os\nos.mkdir('sub')\n%cd sub", "x = os.path.basename(os.getcwd())"],
    "alias": ["%alias foo ls\nx = 1"],
    "macro": ["x = 1", "%macro m 1\ny = 2"],
    "timeit": ["x = 1\n%timeit -n1 -r1 x\ny = 2"],
    "timeit cell": ["%%timeit -n1 -r1\nx = 1", "y = 2"],
    "profiled in silence": ["%prun -q x = 1\ny=2"],
    "odd line ends below a cell magic": ["%%time\nx = 'a\u2028b\x0bc'\ny = 1"],
    "odd line ends below a magic": ["%who\nx = 'a\u2028b\x0bc\x1cd'\ny = 1"],
    "backslash": ["x = 1 + \\\n 2\n%time y = x + \\\n 3\n"],
    "question": ["x = 1\nx?\n?x\nx??\ny = 2"],
    "question only": ["?print"],
    "help end in str": ["x = '''\nwhat?\n'''\ny = 1"],
    "percent in block": ["for i in range(2):\n    %time x = i\n    y = !echo {i}\n"],
    "the history's names": ["x = _dh is not None", "y = _ih is In"],
    "Out": ["5", "x = Out.get(1)", "y = _1"],
    "inputs": ["x = 1", "y = _i", "z = _ii"],
    "outputs by their list": ["'a'", "x = len(_oh)"],
    "importlib reload": [
        "%%writefile mm.py\nx = 1",
        "import mm\na = mm.x",
        "%%writefile mm.py\nx = 2\n# longer",
        "import importlib\nimportlib.reload(mm)\nb = mm.x",
    ],
    "autoreload real": [
        "%load_ext autoreload\n%autoreload 2",
        "%%writefile ar.py\nx = 1",
        "import ar\na = ar.x",
        "%%writefile ar.py\nx = 22222\n# longer",
        "b = ar.x",
    ],
    "aimport": ["%load_ext autoreload\n%autoreload 1\n%aimport json\nx = json is not None"],
    "cell magic with comment above": ["# my cell\n%%time\nx = 1", "y = 2"],
    "blank then magic": ["\n\n%%time\nx = 1"],
    "space magic": ["   %%time\nx = 1", "y = 1"],
    "time wall": ["%%time\nx = 1\nawait_ = 2"],
    "time with err": ["%%time\nx = 1\n1/0\ny = 2", "z = 3"],
    "line time err": ["a = 1\n%time 1/0\nb = 2", "c = 3"],
    "time expr last": ["%%time\n1 + 1", "x = _"],
    "capture expr last": ["%%capture\n1 + 1", "x = _"],
    "capture display": ["%%capture cap --no-display\nprint('hi')\nx = 1", "s = cap.stdout"],
    "prun cell": ["%%prun -q\nx = 1\ndef f(): return x"],
    "magics of one's own": [
        (
            "from IPython.core.magic import register_line_magic, register_cell_magic, register_line_cell_magic\n"
            "@register_line_magic\ndef lm(line):\n    return line.upper()\n@register_cell_magic\n"
            "def cm(line, cell):\n    get_ipython().run_cell(cell)\n    return line"
        ),
        "x = %lm abc",
        "%%cm foo\ny = 2",
    ],
    "a cell that is written and run": [
        (
            "from IPython.core.magic import register_cell_magic\n@register_cell_magic\n"
            "def write_and_run(line, cell):\n    with open(line.split()[-1], 'w') as f:\n"
            "        f.write(cell)\n    get_ipython().run_cell(cell)"
        ),
        "%%write_and_run m.py\nclass A:\n    x = 1",
        "import m\ny = m.A.x",
    ],
    "methods added by a magic": [
        (
            "from IPython.core.magic import register_cell_magic\n@register_cell_magic\n"
            "def add_to(line, cell):\n    ns = {}\n    exec(cell, globals(), ns)\n"
            "    for n, f in ns.items(): setattr(globals()[line.strip()], n, f)\nclass A: pass"
        ),
        "%%add_to A\ndef m(self): return 5",
        "x = A().m()",
    ],
    "a class of magics": [
        (
            "from IPython.core.magic import Magics, magics_class, line_magic\n@magics_class\n"
            "class My(Magics):\n    @line_magic\n    def foo(self, line): return 9\n"
            "get_ipython().register_magics(My)"
        ),
        "x = %foo",
        "del My",
    ],
    "register_magic_function": [
        "def foo(line): return 3\nget_ipython().register_magic_function(foo, 'line')",
        "x = %foo",
    ],
    "user_ns": ["get_ipython().user_ns['x'] = 5\ny = x\nz = get_ipython().user_ns['y']"],
    "user_global_ns": ["get_ipython().user_global_ns['x'] = 5\ny = x", "get_ipython().user_module.z = 3\nw = z"],
    "is kernel check": [
        (
            "def in_nb():\n    try:\n        return get_ipython().__class__.__name__ != ''\n"
            "    except NameError: return False\nx = in_nb()"
        )
    ],
    "colab detect": [
        (
            "import sys\nIN_COLAB = 'google.colab' in sys.modules\nif IN_COLAB:\n    !pip install nvflare\n"
            "x = str(get_ipython()).startswith('<google')"
        ),
        "try:\n    import google.colab\n    c = True\nexcept ImportError:\n    c = False",
    ],
    "shell check": ["s = get_ipython().has_trait('kernel')"],
    "run with args": ["%%writefile k.py\nimport sys\nx = sys.argv[1:]", "%run k.py a b"],
    "run by a name of its own": [
        "%%writefile k.py\nx = __name__\nif __name__ == '__main__':\n    y = 1",
        "%run -n k.py",
    ],
    "run uses own": ["%%writefile k.py\nclass A: pass\na = A()\nm = A.__module__", "%run k.py"],
    "run missing": ["%run nothere.py\nx = 1", "y = 1"],
    "run notebook": ["%run nothere.ipynb\nx = 1", "y = 1"],
    "env missing": ["%env NOPE\nx = 1", "y = 1"],
    "environment of variables": [
        "v = 5\n%env A=$v\n%env B={v + 1}\nimport os\na, b = os.environ['A'], os.environ['B']"
    ],
    "environment, read": ["import os\nos.environ['Q'] = 'z'\nq = %env Q\ne = %env\nn = e['Q']\ndel e"],
    "set_env spaces": ["%set_env  A   hello world\nimport os\na = os.environ['A']"],
    "env eq spaces": ["%env A = hello\nimport os\na = os.environ.get('A')"],
}
"""They use IPython's shell: magics, own ones included, its history, its variables."""

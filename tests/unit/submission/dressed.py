"""Cells as students write them, split and dressed as students and tools do."""

import ast
import random

BEGIN = "SEEN = []\nclass Box: pass\ndef REGISTER(f):\n    SEEN.append(f.__name__)\n    return f"
"""What the snippets need."""

SNIPPETS = [
    "L{n} = []\nfor i{n} in range(4):\n    L{n}.append(i{n} * {n})",
    "D{n} = dict(a={n})\nD{n}['b'] = [D{n}['a']]\nD{n}.update(c={n})",
    "def f{n}(a, b={n}, *c, d: int = 1) -> int:\n    'What it does.'\n    return a + b",
    "class C{n}:\n    x = {n}\n    def m(self, y): return self.x + y\nv{n} = C{n}().m(1)",
    "class E{n}(dict):\n    def __init_subclass__(cls): SEEN.append(cls.__name__)\nclass F{n}(E{n}): pass",
    "@REGISTER\ndef g{n}(): return {n}",
    "SEEN.append({n})\nassert SEEN",
    "print(w{n} := {n} * 2)",
    "with open('f{n}', 'w') as h{n}:\n    done{n} = h{n}.write('abc')\ndel h{n}",
    "try:\n    1 / ({n} - {n})\nexcept Exception as e{n}:\n    caught{n} = str(e{n})\nelse:\n    caught{n} = None",
    "bad{n} = 1\nraise ValueError({n})\nworse{n} = 2",
    "t{n} = type('T{n}', (), dict(z={n}))",
    "if {n} % 2:\n    even{n} = False\nelif {n}:\n    even{n} = True\nelse:\n    even{n} = None",
    "x{n}, (y{n}, *z{n}) = {n}, ('a', *range({n}))\nx{n} += 1",
    "from math import pi as pi{n}\nimport os.path as p{n}, json",
    "async def a{n}(): return {n}\nb{n} = await a{n}()",
    "{n}\nlast{n} = _",
    "REGISTER.extra = {n}\nsetattr(Box, 'at{n}', lambda self: {n})",
    "k{n} = %time {n} + 1",
    "%env V{n}={n}\nimport os\nv{n} = os.environ['V{n}']",
    "o{n} = !echo {n}",
    "lost{n} = undefined_{n}",
    "s{n} = '''one\n  two {n}\nthree'''",
    "global_{n} = 1\ndef set_{n}():\n    global global_{n}\n    global_{n} += 1\nset_{n}(); set_{n}()",
    "syntax error {n}",
]
"""Of cells. Those with the same number rest on each other, or define each other anew."""


def split(cell: str, chance: random.Random) -> tuple[str, str]:
    """Split a cell above one of its statements, or, in one of four, above any of its lines."""
    lines = cell.split("\n")
    try:
        starts = [node.lineno - 1 for node in ast.parse(cell).body if not getattr(node, "decorator_list", [])]
    except SyntaxError:
        starts = []
    at = chance.choice(starts) if starts and chance.random() < 0.75 else chance.randrange(len(lines))
    return "\n".join(lines[:at]), "\n".join(lines[at:])


def dressed(cell: str, chance: random.Random) -> str:
    """Put around a cell what only IPython reads, or leave it as it is."""
    takes_a_magic = cell.strip() and "await" not in cell
    match chance.randrange(12):
        case 0:
            return "\n".join(f"    {line}" if line else line for line in cell.split("\n"))
        case 1 if takes_a_magic:
            return f"%%time\n{cell}"
        case 2 if takes_a_magic:
            return f"%%capture kept\n{cell}"
        case 3 if "'''" not in cell:
            return "\n".join(f"{'...' if line[:1] in ' ' else '>>>'} {line}" for line in cell.split("\n"))
        case 4:
            return f"\n\n{cell}\n\n"
        case 5:
            return cell.replace("\n", "\r\n")
        case 6:
            return f"{cell};"
        case 7:
            return f"%load_ext autoreload\n{cell}"
        case _:
            return cell

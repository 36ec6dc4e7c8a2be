"""What holds of any catalogue of words: each code that is given has a template, and its sentences are whole."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path
from string import Formatter

from autograder.report.places import Place
from autograder.report.reasons import Datum, in_words

_CODE = re.compile(r"(?!nvflare|autograder)[a-z_]+\.(?!py|json|txt)[a-z_]+")
_PLACES = (Place("execute", 3),)
_OF_PLACES = {"at", "cell", "line"}
_EXAMPLES: dict[str, Datum] = {"": "some text", ",": 1_000, "`": ("some", "names")}
"""A datum for each way in which a template has something formatted."""


def codes_in(paths: Iterable[Path], maker: str) -> set[str]:
    """The texts in some modules that can be codes, where a module makes something of them, such as ``Hint``."""
    sources = (path.read_text(encoding="utf-8") for path in paths)
    nodes = (node for source in sources if maker in source for node in ast.walk(ast.parse(source)))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {text for text in texts if _CODE.fullmatch(text)}


def are_whole(template: str) -> bool:
    """Whether its words are whole with all that they may name, and with as little as possible."""
    least = re.sub(r"\[[^\]|]*\|?([^\]]*)\]", r"\1", template)
    said = []
    for text in (template, least):
        specs = {name: spec for _, name, spec, _ in Formatter().parse(text) if name}
        places = _PLACES if text is template or specs.keys() & {"at", "cell"} else ()
        data = {name: _EXAMPLES[spec or ""] for name, spec in specs.items() if name not in _OF_PLACES}
        said.append(in_words(template, data, places))
    return not any(re.search(r"[{}|\[\]]|  | \.", one) for one in said)

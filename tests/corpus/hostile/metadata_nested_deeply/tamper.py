# Metadata and attachments nested 600 deep, which JSON can be and nbgrader cannot copy: it gets none of them.

import json

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> bytes:
    deep = json.loads("[" * 600 + "]" * 600)
    plain = json.loads(json.dumps(notebook))
    for cell in plain["cells"]:
        cell["metadata"]["deep"] = deep
    plain["cells"][0]["attachments"] = {"a.png": {"image/png": deep}, "b.png": deep}
    return json.dumps(plain).encode()

# A program under the notebook's name.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> bytes:
    return b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 100

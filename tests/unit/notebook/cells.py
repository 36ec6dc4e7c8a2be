"""Cells as a student runs them, taken from the model answers."""

import re
from pathlib import Path

_FILE = Path(__file__).parents[3] / "solutions" / "p2p_communication" / "p2p_communication.py"

IMPORT = "from autograder import notebook as course"


def parts() -> dict[str, str]:
    """The model answers' parts by name; ``notebook`` is what the notebook gives."""
    pieces = re.split(r"^# %% \[(\w+)\]\n", _FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


STUB = '''class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        """Send a hello."""
        # YOUR CODE HERE
        raise NotImplementedError()
'''

SILENT = """class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        return make_reply(ReturnCode.OK)
"""

ENDLESS = """class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        while True:
            pass
"""

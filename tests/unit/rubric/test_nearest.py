"""The nearest name there is, whoever else asks for one at the same moment."""

import subprocess
import sys

from tests.tools.course_folder import PATIENCE

AT_ONCE = """
import sys, threading
sys.setswitchinterval(1e-6)
from autograder.rubric import nearest

missing = {
    "SimulatorClientRunManager": "send_aux_reqest",
    "Controller": "brodcast",
    "DXO": "to_sharable",
    "FLContext": "get_identity_nam",
    "Shareable": "get_peer_prp",
}
found = {}
def look(owner):
    error = f"AttributeError: '{owner}' object has no attribute '{missing[owner]}'"
    found[owner] = nearest.meant(error)
threads = [threading.Thread(target=look, args=(owner,)) for owner in missing]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*(found[owner] and found[owner].name for owner in missing if owner in found))
"""


def test_graders_that_import_nvflare_at_the_same_moment_do_not_get_in_each_others_way() -> None:
    command = [sys.executable, "-c", AT_ONCE]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)

    names = "send_aux_request broadcast to_shareable get_identity_name get_peer_prop"
    assert (done.stdout.strip(), done.stderr) == (names, "")

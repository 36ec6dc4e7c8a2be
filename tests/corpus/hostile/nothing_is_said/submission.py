# What says the course's hellos in the own process is patched to say none: who got no message has handled none.

# %% [handle_event]
import sys


class P2PExecutor(TalkingExecutor):
    patched = setattr(sys.modules["autograder.simulator.parties.components"], "say", lambda lines, fl_ctx: None)

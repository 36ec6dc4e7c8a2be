# What says the course's hellos in the own process is patched to say none: who got no message has handled none.

# %% [handle_event]
import importlib


class P2PExecutor(TalkingExecutor):
    patched = setattr(
        importlib.import_module("autograder.simulator.parties.components"), "say", lambda lines, fl_ctx: None
    )

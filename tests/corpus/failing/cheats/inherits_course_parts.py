# 0, 0 and what it does itself: takes the course's own controllers for its own

# %% [execute]
# the untouched stub

# %% [handle_event]
# the untouched stub

# %% [server_handler]
from autograder.simulator.parties import conducting
class BroadcastingExecutor(P2PExecutor):
    pass
class P2PController(conducting.TaskGiver):
    def __init__(self):
        super().__init__("talk", ["hello"])

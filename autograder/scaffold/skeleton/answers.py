"""Model answers of the assignment ``new_assignment``, one part for each solution cell of the notebook.

The part ``notebook`` repeats what the notebook gives, for readers and linters.
"""

# %% [notebook]
from nvflare.apis.dxo import DXO, DataKind
from nvflare.apis.executor import Executor
from nvflare.apis.fl_constant import ReturnCode
from nvflare.apis.fl_context import FLContext
from nvflare.apis.shareable import Shareable, make_reply
from nvflare.apis.signal import Signal


# %% [report]
class ReportingExecutor(Executor):
    """Tells the server that its site is ready."""

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """Do the task ``talk``: one message to the server."""
        status = DXO(DataKind.APP_DEFINED, data={"message": f"Ready: {fl_ctx.get_identity_name()}"})
        fl_ctx.get_engine().send_aux_request(
            targets=["server"], topic="status", request=status.to_shareable(), timeout=5.0, fl_ctx=fl_ctx
        )
        return make_reply(ReturnCode.OK)

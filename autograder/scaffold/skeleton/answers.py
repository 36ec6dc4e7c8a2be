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
    """Tells the server its site's share."""

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """Do the task ``talk``: one message to the server, again until it has an answer."""
        engine = fl_ctx.get_engine()
        share = 1 / len(engine.get_clients())
        self.log_info(fl_ctx, f"My share is {share:.4f}")
        status = DXO(DataKind.APP_DEFINED, data={"site": fl_ctx.get_identity_name(), "share": share})
        for _ in range(5):
            replies = engine.send_aux_request(
                targets=["server"], topic="status", request=status.to_shareable(), timeout=2.0, fl_ctx=fl_ctx
            )
            if replies["server"].get_return_code() == ReturnCode.OK:
                break
        return make_reply(ReturnCode.OK)

# It logs a result, and sends nothing.

# %% [exchange]
class ConsensusExecutor(Executor):
    def __init__(self, initial_value):
        super().__init__()
        self.value = initial_value

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("send_value", self.take)

    def take(self, topic, request, fl_ctx):
        return make_reply(ReturnCode.OK)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name == "run_algorithm":
            iterations = from_shareable(shareable).data["iterations"]
            self.log_info(fl_ctx, f"Consensus after {iterations} iterations: {self.value}")
        return make_reply(ReturnCode.OK)

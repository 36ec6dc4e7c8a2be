# The others are pinged one after the other, and each wait is short enough only by itself.

# %% [roll_call]
class RollCallExecutor(InboxExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "roll_call":
            return super().execute(task_name, shareable, fl_ctx, abort_signal)
        deadline = from_shareable(shareable).data["deadline"]
        engine = fl_ctx.get_engine()
        alive = [fl_ctx.get_identity_name()]
        for name in sorted({client.name for client in engine.get_clients()} - {*alive}):
            replies = engine.send_aux_request([name], "ping", Shareable(), deadline * 0.45, fl_ctx)
            if replies[name].get_return_code() == ReturnCode.OK:
                alive.append(name)
        self.log_info(fl_ctx, f"Alive: {', '.join(sorted(alive))}")
        return make_reply(ReturnCode.OK)

    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("ping", self.handle_ping)

    def handle_ping(self, topic, request, fl_ctx):
        return make_reply(ReturnCode.OK)

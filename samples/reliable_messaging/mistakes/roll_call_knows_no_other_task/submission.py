# Every task but its own is refused, announce as well.

# %% [roll_call]
class RollCallExecutor(InboxExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "roll_call":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        deadline = from_shareable(shareable).data["deadline"]
        engine = fl_ctx.get_engine()
        own_name = fl_ctx.get_identity_name()
        others = [client.name for client in engine.get_clients() if client.name != own_name]
        replies = engine.send_aux_request(others, "ping", Shareable(), deadline * 0.6, fl_ctx)
        alive = [name for name, reply in replies.items() if reply.get_return_code() == ReturnCode.OK]
        self.log_info(fl_ctx, f"Alive: {', '.join(sorted([own_name, *alive]))}")
        return make_reply(ReturnCode.OK)

    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("ping", self.handle_ping)

    def handle_ping(self, topic, request, fl_ctx):
        return make_reply(ReturnCode.OK)

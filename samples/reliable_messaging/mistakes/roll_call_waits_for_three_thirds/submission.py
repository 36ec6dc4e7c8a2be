# Three pings with a timeout of a third each leave nothing of the deadline for anything else.

# %% [roll_call]
class RollCallExecutor(InboxExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "roll_call":
            return super().execute(task_name, shareable, fl_ctx, abort_signal)
        deadline = from_shareable(shareable).data["deadline"]
        engine = fl_ctx.get_engine()
        own_name = fl_ctx.get_identity_name()
        missing = [client.name for client in engine.get_clients() if client.name != own_name]
        alive = [own_name]
        for _ in range(3):
            replies = engine.send_aux_request(missing, "ping", Shareable(), deadline / 3, fl_ctx)
            alive += [name for name, reply in replies.items() if reply.get_return_code() == ReturnCode.OK]
            missing = [name for name in missing if name not in alive]
        self.log_info(fl_ctx, f"Alive: {', '.join(sorted(alive))}")
        return make_reply(ReturnCode.OK)

    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("ping", self.handle_ping)

    def handle_ping(self, topic, request, fl_ctx):
        return make_reply(ReturnCode.OK)

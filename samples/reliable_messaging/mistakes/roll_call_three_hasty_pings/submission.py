# Three pings, none of which waits for as long as a slow peer may take.

# %% [roll_call]
class RollCallExecutor(InboxExecutor):
    """Collects answers in a queue, waits to 0.8 of the deadline, pings twice the silent."""

    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("ping", self.handle_ping)

    def handle_ping(self, topic, request, fl_ctx):
        return Shareable()

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "roll_call":
            return super().execute(task_name, shareable, fl_ctx, abort_signal)
        dl = from_shareable(shareable).data["deadline"]
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        alive, silent = [me], [c.name for c in engine.get_clients() if c.name != me]
        for _ in range(3):
            for n, r in engine.send_aux_request(silent, "ping", Shareable(), 0.2 * dl, fl_ctx).items():
                if r.get_return_code() == ReturnCode.OK:
                    alive.append(n)
                    silent.remove(n)
            if not silent:
                break
        self.log_info(fl_ctx, f"Alive: {', '.join(sorted(alive))}")
        return make_reply(ReturnCode.OK)

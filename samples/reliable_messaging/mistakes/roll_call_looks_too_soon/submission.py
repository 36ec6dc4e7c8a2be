# Threads wait for the replies, and the list is made before they are there.

# %% [roll_call]
class RollCallExecutor(InboxExecutor):
    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("ping", self.handle_ping)

    def handle_ping(self, topic, request, fl_ctx):
        return make_reply(ReturnCode.OK)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "roll_call":
            return super().execute(task_name, shareable, fl_ctx, abort_signal)
        dl = from_shareable(shareable).data["deadline"]
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        alive, lock = {me}, threading.Lock()

        def ask(n):
            reply = engine.send_aux_request([n], "ping", Shareable(), dl * 0.9, fl_ctx).get(n)
            if reply is not None and reply.get_return_code() == ReturnCode.OK:
                with lock:
                    alive.add(n)

        ts = [threading.Thread(target=ask, args=(c.name,), daemon=True) for c in engine.get_clients() if c.name != me]
        [t.start() for t in ts]
        time.sleep(dl * 0.15)
        with lock:
            self.log_info(fl_ctx, f"Alive: {', '.join(sorted(alive))}")
        return make_reply(ReturnCode.OK)

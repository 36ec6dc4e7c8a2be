# Each peer has a thread of its own, and so has each ping.

# %% before deliver
from concurrent.futures import ThreadPoolExecutor


def until_ok(send, deadline):
    """Call ``send`` until it says OK, with pauses that grow; return whether it did."""
    end, pause = time.monotonic() + deadline, deadline / 50
    for left in reversed(range(6)):
        if send() == ReturnCode.OK:
            return True
        if not left or time.monotonic() + pause >= end:
            return False
        time.sleep(pause)
        pause *= 2
    return False


# %% [deliver]
class ReliableExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        data = from_shareable(shareable).data
        engine, me = fl_ctx.get_engine(), fl_ctx.get_identity_name()
        others = sorted({client.name for client in engine.get_clients()} - {me})

        def bring(name):
            item = DXO(DataKind.APP_DEFINED, data={"id": data["id"], "text": data["text"]}).to_shareable()

            def send():
                return engine.send_aux_request([name], "news", item, data["deadline"] / 24, fl_ctx)[
                    name
                ].get_return_code()

            return until_ok(send, data["deadline"])

        with ThreadPoolExecutor(len(others)) as pool:
            has_it = dict(zip(others, pool.map(bring, others)))
        gave_up = [name for name in others if not has_it[name]]
        delivered = ", ".join(name for name in others if has_it[name])
        self.log_info(fl_ctx, f"Delivered {data['id']} to {delivered}; gave up on {', '.join(gave_up) or 'nobody'}")
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if gave_up else ReturnCode.OK)


# %% [roll_call]
class RollCallExecutor(InboxExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "roll_call":
            return super().execute(task_name, shareable, fl_ctx, abort_signal)
        deadline = from_shareable(shareable).data["deadline"]
        engine = fl_ctx.get_engine()
        own_name = fl_ctx.get_identity_name()
        others = [client.name for client in engine.get_clients() if client.name != own_name]

        def answers(name):
            reply = engine.send_aux_request([name], "ping", Shareable(), deadline / 2, fl_ctx)[name]
            return reply.get_return_code() == ReturnCode.OK

        with ThreadPoolExecutor(3) as pool:
            alive = [name for name, is_alive in zip(others, pool.map(answers, others)) if is_alive]
        self.log_info(fl_ctx, f"Alive: {', '.join(sorted([own_name, *alive]))}")
        return make_reply(ReturnCode.OK)

    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("ping", self.handle_ping)

    def handle_ping(self, topic, request, fl_ctx):
        return make_reply(ReturnCode.OK)

# Pauses grow by four, so four sends fit in; the first thread with an item logs it, and late answers to pings do not count.

# %% [deliver]
class ReliableExecutor(Executor):
    """Grows by four."""

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        data = from_shareable(shareable).data
        deadline = data["deadline"]
        end = time.monotonic() + deadline
        engine = fl_ctx.get_engine()
        own_name = fl_ctx.get_identity_name()
        missing = {client.name for client in engine.get_clients()} - {own_name}
        delivered = set()
        for n in range(6):
            item = DXO(data_kind=DataKind.APP_DEFINED, data={"id": data["id"], "text": data["text"]})
            replies = engine.send_aux_request(
                targets=sorted(missing), topic="news", request=item.to_shareable(), timeout=deadline / 16, fl_ctx=fl_ctx
            )
            delivered |= {to for to, reply in replies.items() if reply.get_return_code() == ReturnCode.OK}
            missing -= delivered
            pause = deadline / 64 * 4**n
            if not missing or n == 5 or time.monotonic() + pause >= end:
                break
            time.sleep(pause)
        self.log_info(
            fl_ctx,
            f"Delivered {data['id']} to {', '.join(sorted(delivered)) or 'nobody'}; "
            f"gave up on {', '.join(sorted(missing)) or 'nobody'}",
        )
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if missing else ReturnCode.OK)


# %% [exactly_once]
class InboxExecutor(ReliableExecutor):
    """A dict of events: who makes the event is the first; the others wait until it is logged."""

    def __init__(self):
        super().__init__()
        self.done = {}
        self.guard = threading.Lock()

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("news", self.handle_news)

    def handle_news(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        data = from_shareable(request).data
        with self.guard:
            first = (sender, data["id"]) not in self.done
            event = self.done.setdefault((sender, data["id"]), threading.Event())
        if first:
            self.log_info(fl_ctx, f"News {data['id']} from {sender}: {data['text']}")
            event.set()
        else:
            event.wait(5)
        return make_reply(ReturnCode.OK)


# %% [roll_call]
class RollCallExecutor(InboxExecutor):
    """Waits on a countdown with a deadline of its own; late answers do not count."""

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "roll_call":
            return super().execute(task_name, shareable, fl_ctx, abort_signal)
        t0 = time.monotonic()
        deadline = from_shareable(shareable).data["deadline"]
        engine = fl_ctx.get_engine()
        me = fl_ctx.get_identity_name()
        open_names = {c.name for c in engine.get_clients() if c.name != me}
        alive = [me]
        cv = threading.Condition()

        def ping(n):
            code = engine.send_aux_request([n], "ping", Shareable(), deadline * 0.9, fl_ctx)[n].get_return_code()
            with cv:
                open_names.discard(n)
                if code == ReturnCode.OK:
                    alive.append(n)
                cv.notify_all()

        for n in list(open_names):
            threading.Thread(target=ping, args=(n,), daemon=True).start()
        with cv:
            cv.wait_for(lambda: not open_names, timeout=t0 + 0.6 * deadline - time.monotonic())
            line = ", ".join(sorted(alive))
        self.log_info(fl_ctx, f"Alive: {line}")
        return make_reply(ReturnCode.OK)

    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("ping", self.handle_ping)

    def handle_ping(self, topic, request, fl_ctx):
        return make_reply(ReturnCode.OK)

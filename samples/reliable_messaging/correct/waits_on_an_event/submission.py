# Pauses are waits on an event, and the handler remembers in a dict.

# %% [deliver]
class ReliableExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        data = from_shareable(shareable).data
        deadline = data["deadline"]
        end = time.monotonic() + deadline
        item = DXO(DataKind.APP_DEFINED, data={"id": data["id"], "text": data["text"]})
        engine = fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != fl_ctx.get_identity_name()]
        taken, pause = [], deadline / 64
        for attempt in range(6):
            missing = [name for name in others if name not in taken]
            replies = engine.send_aux_request(missing, "news", item.to_shareable(), deadline / 16, fl_ctx)
            for name, reply in replies.items():
                if reply.get_return_code() == ReturnCode.OK:
                    taken.append(name)
            if len(taken) == len(others) or attempt == 5 or time.monotonic() + pause > end:
                break
            threading.Event().wait(pause)
            pause *= 2
        missing = [name for name in others if name not in taken]
        gave_up = ", ".join(sorted(missing)) or "nobody"
        self.log_info(fl_ctx, f"Delivered {data['id']} to {', '.join(sorted(taken))}; gave up on {gave_up}")
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if missing else ReturnCode.OK)


# %% [exactly_once]
class InboxExecutor(ReliableExecutor):
    def __init__(self):
        super().__init__()
        self.seen = {}

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("news", self.handle_news)

    def handle_news(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        data = from_shareable(request).data
        key = (sender, data["id"])
        mine = object()
        if self.seen.setdefault(key, mine) is mine:  # one step, which no other thread can divide
            self.log_info(fl_ctx, f"News {data['id']} from {sender}: {data['text']}")
        return make_reply(ReturnCode.OK)

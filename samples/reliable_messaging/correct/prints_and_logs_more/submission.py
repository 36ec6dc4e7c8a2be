# It logs every reply, and prints what it does.

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
            print("attempt", attempt, sorted(replies))
            for name, reply in replies.items():
                self.log_info(fl_ctx, f"{name} answered {reply.get_return_code()}")
                if reply.get_return_code() == ReturnCode.OK:
                    taken.append(name)
            if len(taken) == len(others) or attempt == 5 or time.monotonic() + pause > end:
                break
            time.sleep(pause)
            pause *= 2
        missing = [name for name in others if name not in taken]
        gave_up = ", ".join(sorted(missing)) or "nobody"
        self.log_info(fl_ctx, f"Delivered {data['id']} to {', '.join(sorted(taken))}; gave up on {gave_up}")
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if missing else ReturnCode.OK)


# %% [exactly_once]
class InboxExecutor(ReliableExecutor):
    def __init__(self):
        super().__init__()
        self.seen = set()
        self.lock = threading.Lock()

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("news", self.handle_news)

    def handle_news(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        data = from_shareable(request).data
        key = (sender, data["id"])
        self.log_debug(fl_ctx, f"{key} came")
        with self.lock:
            if key not in self.seen:
                self.log_info(fl_ctx, f"News {data['id']} from {sender}: {data['text']}")
                self.seen.add(key)
        return make_reply(ReturnCode.OK)


# %% [roll_call]
class RollCallExecutor(InboxExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "roll_call":
            return super().execute(task_name, shareable, fl_ctx, abort_signal)
        deadline = from_shareable(shareable).data["deadline"]
        engine = fl_ctx.get_engine()
        own_name = fl_ctx.get_identity_name()
        others = [client.name for client in engine.get_clients() if client.name != own_name]
        replies = engine.send_aux_request(others, "ping", Shareable(), deadline * 0.6, fl_ctx)
        self.log_info(fl_ctx, f"{len(replies)} replies")
        alive = [name for name, reply in replies.items() if reply.get_return_code() == ReturnCode.OK]
        self.log_info(fl_ctx, f"Alive: {', '.join(sorted([own_name, *alive]))}")
        return make_reply(ReturnCode.OK)

    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("ping", self.handle_ping)

    def handle_ping(self, topic, request, fl_ctx):
        return make_reply(ReturnCode.OK)

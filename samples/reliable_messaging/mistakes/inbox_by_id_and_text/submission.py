# An item is known by its id and what it says, whoever sent it.

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
        key = (data["id"], data["text"])
        with self.lock:
            if key not in self.seen:
                self.log_info(fl_ctx, f"News {data['id']} from {sender}: {data['text']}")
                self.seen.add(key)
        return make_reply(ReturnCode.OK)

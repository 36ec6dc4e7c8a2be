# It registers its handler at every event, and NVFlare refuses that from the second time on.

# %% [exactly_once]
class InboxExecutor(ReliableExecutor):
    def __init__(self):
        super().__init__()
        self.seen = set()
        self.lock = threading.Lock()

    def handle_event(self, event_type, fl_ctx):
        fl_ctx.get_engine().register_aux_message_handler("news", self.handle_news)

    def handle_news(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        data = from_shareable(request).data
        key = (sender, data["id"])
        with self.lock:
            is_new = key not in self.seen
            self.seen.add(key)
        if is_new:
            self.log_info(fl_ctx, f"News {data['id']} from {sender}: {data['text']}")
        return make_reply(ReturnCode.OK)

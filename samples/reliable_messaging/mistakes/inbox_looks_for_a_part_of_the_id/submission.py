# It looks for the id in one text of all that came, where it can be a part of another one.

# %% [exactly_once]
class InboxExecutor(ReliableExecutor):
    def __init__(self):
        super().__init__()
        self.seen = {}  # sender: all ids
        self.lock = threading.Lock()

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("news", self.handle_news)

    def handle_news(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        data = from_shareable(request).data
        key = (sender, data["id"])
        with self.lock:
            known = self.seen.get(sender, "")
            is_new = data["id"] not in known
            self.seen[sender] = f"{known} {data['id']}"
        if is_new:
            self.log_info(fl_ctx, f"News {data['id']} from {sender}: {data['text']}")
        return make_reply(ReturnCode.OK)

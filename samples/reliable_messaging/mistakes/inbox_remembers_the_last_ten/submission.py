# It remembers the last ten items that came, and more may come before one comes again.

# %% [exactly_once]
from collections import deque


class InboxExecutor(ReliableExecutor):
    def __init__(self):
        super().__init__()
        self.seen = deque(maxlen=10)
        self.lock = threading.Lock()

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("news", self.handle_news)

    def handle_news(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        data = from_shareable(request).data
        key = (sender, data["id"])
        with self.lock:
            is_new = key not in self.seen
            self.seen.append(key)
        if is_new:
            self.log_info(fl_ctx, f"News {data['id']} from {sender}: {data['text']}")
        return make_reply(ReturnCode.OK)

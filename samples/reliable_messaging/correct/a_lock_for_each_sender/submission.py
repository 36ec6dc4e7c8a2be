# Each sender has a lock and a list of its own.

# %% before exactly_once
import collections


class Shelf:
    """The items of one sender."""

    def __init__(self):
        self.lock = threading.Lock()
        self.names = []

    def is_new(self, name):
        with self.lock:
            if name in self.names:
                return False
            self.names.append(name)
            return True


# %% [exactly_once]
class InboxExecutor(ReliableExecutor):
    def __init__(self):
        super().__init__()
        self.lock = threading.Lock()
        self.shelves = collections.defaultdict(Shelf)

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("news", self.handle_news)

    def handle_news(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        data = from_shareable(request).data
        with self.lock:
            shelf = self.shelves[sender]
        if shelf.is_new(data["id"]):
            self.log_info(fl_ctx, f"News {data['id']} from {sender}: {data['text']}")
        return make_reply(ReturnCode.OK)

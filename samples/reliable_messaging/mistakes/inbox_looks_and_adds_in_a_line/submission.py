# It looks and remembers in a single line, between the halves of which another handler can come.

# %% [exactly_once]
class InboxExecutor(ReliableExecutor):
    def __init__(self):
        super().__init__()
        self.taken = set()

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("news", self.handle_news)

    def handle_news(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        data = from_shareable(request).data
        key = (sender, data["id"])
        if key not in self.taken and not self.taken.add(key):
            self.log_info(fl_ctx, f"News {data['id']} from {sender}: {data['text']}")
        return make_reply(ReturnCode.OK)

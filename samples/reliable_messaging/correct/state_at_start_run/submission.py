# The state is made at START_RUN, and handlers are functions in there.

# %% [exactly_once]
class InboxExecutor(ReliableExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type != EventType.START_RUN:
            return
        self.lock = threading.RLock()
        self.items = {}

        def take(topic, request, fl_ctx):
            item = from_shareable(request).data
            sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, "?")
            with self.lock:
                known = self.items.setdefault(sender, {})
                first = item["id"] not in known
                known[item["id"]] = item["text"]
            if first:
                self.log_info(fl_ctx, "News " + item["id"] + " from " + sender + ": " + item["text"])
            return make_reply(ReturnCode.OK)

        fl_ctx.get_engine().register_aux_message_handler(topic="news", message_handle_func=take)

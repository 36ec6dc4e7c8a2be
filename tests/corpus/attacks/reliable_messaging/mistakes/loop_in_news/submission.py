# The handler of news never ends.

# %% [exactly_once]
class InboxExecutor(ReliableExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("news", self.handle_news)

    def handle_news(self, topic, request, fl_ctx):
        while True:
            pass

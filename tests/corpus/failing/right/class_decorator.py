# a class decorator brings the handler, for the client and for the server

# %% [handle_event]
def takes(topic):
    def decorate(cls):
        before = cls.handle_event

        def handle_event(self, event_type, fl_ctx):
            before(self, event_type, fl_ctx)
            if event_type == EventType.START_RUN:
                fl_ctx.get_engine().register_aux_message_handler(topic, lambda topic, request, fl_ctx: _take(self, request, fl_ctx))

        cls.handle_event = handle_event
        return cls
    return decorate

def _take(self, request, fl_ctx):
    self.log_info(fl_ctx, f"Received message from {request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)}: {from_shareable(request).data['message']}")
    return make_reply(ReturnCode.OK)

@takes("hello")
class P2PExecutor(TalkingExecutor):
    pass

# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        engine = fl_ctx.get_engine()
        me = fl_ctx.get_identity_name()
        others = [c.name for c in engine.get_clients() if c.name != me]
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(SiteType.ALL, "hello", request, 5.0, fl_ctx)
        return make_reply(ReturnCode.OK)

@takes("hello")
class P2PController(SimpleController):
    pass

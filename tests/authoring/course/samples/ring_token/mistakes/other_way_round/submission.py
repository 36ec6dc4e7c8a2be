# %% [pass_on]
class TokenExecutor(Executor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("token", self.take)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        self.pass_on(shareable["count"], shareable["last"], fl_ctx)
        return make_reply(ReturnCode.OK)

    def take(self, topic, request, fl_ctx):
        token = from_shareable(request).data
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        self.log_info(fl_ctx, f"Token {token['count']} from {sender}")
        if token["count"] < token["last"]:
            engine = fl_ctx.get_engine()
            threading.Timer(0.05, lambda: self.later(token, engine)).start()
        return make_reply(ReturnCode.OK)

    def later(self, token, engine):
        with engine.new_context() as fl_ctx:
            self.pass_on(token["count"], token["last"], fl_ctx)

    def pass_on(self, count, last, fl_ctx):
        engine, me = fl_ctx.get_engine(), fl_ctx.get_identity_name()
        names = sorted(client.name for client in engine.get_clients())
        receiver = names[names.index(me) - 1]
        token = DXO(DataKind.APP_DEFINED, data={"count": count + 1, "last": last})
        engine.send_aux_request([receiver], "token", token.to_shareable(), 10.0, fl_ctx)

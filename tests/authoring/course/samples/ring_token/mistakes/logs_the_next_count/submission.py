# %% in TokenExecutor
def take(self, topic, request, fl_ctx):
    token = from_shareable(request).data
    sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
    self.log_info(fl_ctx, f"Token {token['count'] + 1} from {sender}")
    if token["count"] < token["last"]:
        engine = fl_ctx.get_engine()
        threading.Timer(0.05, lambda: self.later(token, engine)).start()
    return make_reply(ReturnCode.OK)

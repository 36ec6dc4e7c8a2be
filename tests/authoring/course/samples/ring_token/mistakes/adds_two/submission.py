# %% in TokenExecutor
def pass_on(self, count, last, fl_ctx):
    engine, me = fl_ctx.get_engine(), fl_ctx.get_identity_name()
    names = sorted(client.name for client in engine.get_clients())
    receiver = names[(names.index(me) + 1) % len(names)]
    token = DXO(DataKind.APP_DEFINED, data={"count": count + 2, "last": last})
    engine.send_aux_request([receiver], "token", token.to_shareable(), 10.0, fl_ctx)

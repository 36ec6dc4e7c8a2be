# The message holds what FOBS would make a call of subprocess.Popen of, if it took any class.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        decomposer = "nvflare.fuel.utils.fobs.decomposer.DataClassDecomposer"
        call = {"__fobs_type__": "subprocess.Popen", "__fobs_data__": {"args": "id"}, "__fobs_dc__": decomposer}
        data = {"message": f"Hello from {me}", "call": call}
        hello = DXO(DataKind.APP_DEFINED, data=data).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=2.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)

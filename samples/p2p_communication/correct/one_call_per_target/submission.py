# One call and one DXO for each target, the server included in exercise 3.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name == "talk":
            for i in range(3):
                if f"site-{i}" != fl_ctx.get_identity_name():
                    self.say_hello(f"site-{i}", fl_ctx)
            return make_reply(ReturnCode.OK)
        return make_reply(ReturnCode.TASK_UNKNOWN)

    def say_hello(self, target, fl_ctx):
        dxo = DXO(DataKind.APP_DEFINED, data={"message": "Hello from " + fl_ctx.get_identity_name()})
        engine = fl_ctx.get_engine()
        engine.send_aux_request([target], "hello", dxo.to_shareable(), 5, fl_ctx)


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name == "talk":
            self.say_hello("server", fl_ctx)
        return super().execute(task_name, shareable, fl_ctx, abort_signal)


class P2PController(SimpleController):
    def start_controller(self, fl_ctx):
        fl_ctx.get_engine().register_aux_message_handler("hello", self.hear)
        super().start_controller(fl_ctx)

    def hear(self, topic, request, fl_ctx):
        text = from_shareable(request).data["message"]
        self.log_info(
            fl_ctx, "Received message from {}: {}".format(request.get_peer_prop("__identity_name__", "?"), text)
        )
        return make_reply(ReturnCode.OK)

# timeout=0: nobody waits for a reply, in exercise 1 and in exercise 3.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        me = fl_ctx.get_identity_name()
        others = sorted({"site-0", "site-1", "site-2"} - {me})
        greeting = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        fl_ctx.get_engine().send_aux_request(targets=others, topic="hello", request=greeting, timeout=0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        me = fl_ctx.get_identity_name()
        greeting = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        fl_ctx.get_engine().send_aux_request(targets="@ALL", topic="hello", request=greeting, timeout=0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    def start_controller(self, fl_ctx: FLContext) -> None:
        super().start_controller(fl_ctx)
        fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)

    def on_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        self.log_info(fl_ctx, f"Received message from {sender}: {from_shareable(request).data['message']}")
        return make_reply(ReturnCode.OK)

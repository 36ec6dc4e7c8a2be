# the controller gives the task again to whoever did not do it, and to nobody else

# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"}).to_shareable()
        fl_ctx.get_engine().send_aux_request(SiteType.ALL, "hello", request, 5.0, fl_ctx)
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.handle_hello)

    def control_flow(self, abort_signal, fl_ctx):
        missing = [client.name for client in fl_ctx.get_engine().get_clients()]
        for timeout in (1, 15):
            task = Task(name="talk", data=Shareable(), timeout=timeout)
            self.broadcast_and_wait(task, fl_ctx, targets=missing, min_responses=0, abort_signal=abort_signal)
            done = {to.client.name for to in task.client_tasks if to.result_received_time}
            missing = [name for name in missing if name not in done]
            if not missing:
                return

    def handle_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)

# Prints to see what is going on, old code in comments, and a debug line for each event.

# %% [execute]
# EXERCISE 1
# I first tried with send_to_all(...) but there is no such function!
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        print("execute was called with", task_name, "and", shareable)
        if task_name == "talk":
            identity = fl_ctx.get_identity_name()
            targets = []
            for i in range(3):
                # print(i)
                if f"site-{i}" != identity:
                    targets.append(f"site-{i}")
            print(">>>", identity, "->", targets)
            dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {identity}"})
            # request = Shareable()            <- did not work
            # request["message"] = "Hello"
            request = dxo.to_shareable()
            answers = fl_ctx.get_engine().send_aux_request(
                targets=targets, topic="hello", request=request, timeout=3, fl_ctx=fl_ctx
            )
            for name in answers:
                print("answer of", name, answers[name].get_return_code())
                self.log_info(fl_ctx, f"{name} answered {answers[name].get_return_code()}")
            return make_reply(ReturnCode.OK)
        print("unknown task!!")
        return make_reply(ReturnCode.TASK_UNKNOWN)


# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        print("event:", event_type)
        self.log_info(fl_ctx, f"got event {event_type}")
        if event_type == EventType.START_RUN:
            engine = fl_ctx.get_engine()
            engine.register_aux_message_handler("hello", self.handler)
            self.log_info(fl_ctx, "registered!")

    def handler(self, topic, request, fl_ctx):
        print("in the handler", topic)
        who = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        what = from_shareable(request).data["message"]
        print("Received message from", who)
        self.log_info(fl_ctx, f"Received message from {who}: {what}")
        return make_reply(ReturnCode.OK)


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        print("now to all")
        if task_name == "talk":
            dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"})
            fl_ctx.get_engine().send_aux_request(
                targets="@ALL", topic="hello", request=dxo.to_shareable(), timeout=3, fl_ctx=fl_ctx
            )
            return make_reply(ReturnCode.OK)
        return make_reply(ReturnCode.TASK_UNKNOWN)


class P2PController(SimpleController):
    def start_controller(self, fl_ctx):
        print("start_controller")
        super().start_controller(fl_ctx)
        fl_ctx.get_engine().register_aux_message_handler("hello", self.handler)

    def handler(self, topic, request, fl_ctx):
        print("server heard something")
        who = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        what = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {who}: {what}")
        return make_reply(ReturnCode.OK)

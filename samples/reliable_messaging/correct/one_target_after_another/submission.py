# Each peer has a loop of its own, one after another.

# %% [deliver]
class ReliableExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name == "announce":
            return self.announce(from_shareable(shareable).data, fl_ctx)
        return make_reply(ReturnCode.TASK_UNKNOWN)

    def announce(self, data, fl_ctx):
        end = time.monotonic() + data["deadline"]
        names = sorted(client.name for client in fl_ctx.get_engine().get_clients())
        names.remove(fl_ctx.get_identity_name())
        outcome = {name: self.bring(name, data, end, fl_ctx) for name in names}
        done = ", ".join(name for name in names if outcome[name])
        left = ", ".join(name for name in names if not outcome[name])
        self.log_info(fl_ctx, f"Delivered {data['id']} to {done}; gave up on {left or 'nobody'}")
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if left else ReturnCode.OK)

    def bring(self, name, data, end, fl_ctx):
        request = DXO(data_kind=DataKind.APP_DEFINED, data={key: data[key] for key in ("id", "text")}).to_shareable()
        pause = data["deadline"] / 60
        for _ in range(6):
            answer = fl_ctx.get_engine().send_aux_request([name], "news", request, data["deadline"] / 20, fl_ctx)
            if answer[name].get_return_code() == ReturnCode.OK:
                return True
            if time.monotonic() + pause > end:
                return False
            time.sleep(pause)
            pause = 2 * pause
        return False

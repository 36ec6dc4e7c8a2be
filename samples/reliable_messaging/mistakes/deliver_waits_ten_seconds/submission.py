# Each timeout is ten seconds, whatever the deadline.

# %% [deliver]
class ReliableExecutor(Executor):
    T = 1 / 3

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        data = from_shareable(shareable).data
        D = data["deadline"]
        engine = fl_ctx.get_engine()
        missing = {c.name for c in engine.get_clients()} - {fl_ctx.get_identity_name()}
        got = set()
        pause = D / 64
        t0 = time.monotonic()
        for k in range(6):
            item = DXO(data_kind=DataKind.APP_DEFINED, data={"id": data["id"], "text": data["text"]})
            replies = engine.send_aux_request(sorted(missing), "news", item.to_shareable(), self.timeout(D), fl_ctx)
            ok = {n for n, r in replies.items() if r.get_return_code() == ReturnCode.OK}
            got |= ok
            missing -= ok
            if not missing or k == 5 or time.monotonic() - t0 > D:
                break
            time.sleep(pause)
            pause *= 2
        self.log_info(
            fl_ctx,
            f"Delivered {data['id']} to {', '.join(sorted(got)) or 'nobody'}; gave up on {', '.join(sorted(missing)) or 'nobody'}",
        )
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if missing else ReturnCode.OK)

    def timeout(self, D):
        return 10.0

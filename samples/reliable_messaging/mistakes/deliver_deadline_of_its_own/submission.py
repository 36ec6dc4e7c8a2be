# %% [deliver]
class ReliableExecutor(Executor):
    DEADLINE = 6.0

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        news = from_shareable(shareable).data
        until = time.monotonic() + self.DEADLINE
        others = [c.name for c in fl_ctx.get_engine().get_clients() if c.name != fl_ctx.get_identity_name()]
        said = {name: False for name in others}
        for attempt in range(6):
            ask = [name for name in others if not said[name]]
            body = DXO(DataKind.APP_DEFINED, data={"id": news["id"], "text": news["text"]}).to_shareable()
            replies = fl_ctx.get_engine().send_aux_request(ask, "news", body, self.DEADLINE / 20, fl_ctx)
            for name, reply in replies.items():
                said[name] = reply.get_return_code() == ReturnCode.OK
            pause = self.DEADLINE / 64 * 2**attempt
            if all(said.values()) or attempt == 5 or time.monotonic() + pause > until:
                break
            time.sleep(pause)
        has = ", ".join(sorted(name for name in others if said[name])) or "nobody"
        lacks = ", ".join(sorted(name for name in others if not said[name])) or "nobody"
        self.log_info(fl_ctx, f"Delivered {news['id']} to {has}; gave up on {lacks}")
        return make_reply(ReturnCode.OK if all(said.values()) else ReturnCode.EXECUTION_RESULT_ERROR)

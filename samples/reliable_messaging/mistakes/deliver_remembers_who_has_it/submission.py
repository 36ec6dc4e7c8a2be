# %% [deliver]
class ReliableExecutor(Executor):
    def __init__(self):
        super().__init__()
        self.done = set()

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        news = from_shareable(shareable).data
        deadline, start = news["deadline"], time.monotonic()
        others = {c.name for c in fl_ctx.get_engine().get_clients()} - {fl_ctx.get_identity_name()}
        left, pause = set(others), deadline / 64
        for attempt in range(6):
            body = DXO(DataKind.APP_DEFINED, data={"id": news["id"], "text": news["text"]}).to_shareable()
            replies = fl_ctx.get_engine().send_aux_request(sorted(left), "news", body, deadline / 16, fl_ctx)
            self.done |= {name for name, reply in replies.items() if reply.get_return_code() == ReturnCode.OK}
            left -= self.done
            if not left or attempt == 5 or time.monotonic() + pause - start >= deadline:
                break
            time.sleep(pause)
            pause *= 2
        has = ", ".join(sorted(others - left)) or "nobody"
        self.log_info(fl_ctx, f"Delivered {news['id']} to {has}; gave up on {', '.join(sorted(left)) or 'nobody'}")
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if left else ReturnCode.OK)

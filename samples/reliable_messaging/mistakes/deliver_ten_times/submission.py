# It tries ten times, with a pause that grows up to a quarter of the deadline.

# %% [deliver]
class ReliableExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        data = from_shareable(shareable).data
        deadline = data["deadline"]
        item = DXO(DataKind.APP_DEFINED, data={"id": data["id"], "text": data["text"]})
        engine = fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != fl_ctx.get_identity_name()]
        taken, pause = [], deadline / 64
        for attempt in range(10):
            missing = [name for name in others if name not in taken]
            replies = engine.send_aux_request(missing, "news", item.to_shareable(), deadline / 16, fl_ctx)
            for name, reply in replies.items():
                if reply.get_return_code() == ReturnCode.OK:
                    taken.append(name)
            if len(taken) == len(others) or attempt == 9:
                break
            time.sleep(pause)
            pause = min(2 * pause, deadline / 4)
        missing = [name for name in others if name not in taken]
        gave_up = ", ".join(sorted(missing)) or "nobody"
        self.log_info(fl_ctx, f"Delivered {data['id']} to {', '.join(sorted(taken))}; gave up on {gave_up}")
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if missing else ReturnCode.OK)

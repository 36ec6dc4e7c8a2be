# It takes the wait for a reply that never came for a pause.

# %% [deliver]
class ReliableExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        data = from_shareable(shareable).data
        deadline = data["deadline"]
        end = time.monotonic() + deadline
        item = DXO(DataKind.APP_DEFINED, data={"id": data["id"], "text": data["text"]})
        engine = fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != fl_ctx.get_identity_name()]
        taken, pause = [], deadline / 64
        for attempt in range(6):
            missing = [name for name in others if name not in taken]
            replies = engine.send_aux_request(missing, "news", item.to_shareable(), deadline / 16, fl_ctx)
            for name, reply in replies.items():
                if reply.get_return_code() == ReturnCode.OK:
                    taken.append(name)
            all_answered = ReturnCode.TIMEOUT not in [reply.get_return_code() for reply in replies.values()]
            if len(taken) == len(others) or attempt == 5 or time.monotonic() + pause > end:
                break
            if all_answered:
                time.sleep(pause)
            pause *= 2
        missing = [name for name in others if name not in taken]
        gave_up = ", ".join(sorted(missing)) or "nobody"
        self.log_info(fl_ctx, f"Delivered {data['id']} to {', '.join(sorted(taken))}; gave up on {gave_up}")
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if missing else ReturnCode.OK)

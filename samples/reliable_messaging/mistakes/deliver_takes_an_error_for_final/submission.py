# Gives up on whoever's handler raises, and tries again for all others.

# %% [deliver]
class ReliableExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        data = from_shareable(shareable).data
        engine, me = fl_ctx.get_engine(), fl_ctx.get_identity_name()
        end, pause = time.monotonic() + data["deadline"], data["deadline"] / 64
        waiting = {client.name for client in engine.get_clients()} - {me}
        delivered, refused = set(), set()
        for number in range(6):
            item = DXO(DataKind.APP_DEFINED, data={"id": data["id"], "text": data["text"]}).to_shareable()
            replies = engine.send_aux_request(sorted(waiting), "news", item, data["deadline"] / 16, fl_ctx)
            codes = {name: reply.get_return_code() for name, reply in replies.items()}
            delivered |= {name for name, code in codes.items() if code == ReturnCode.OK}
            refused |= {name for name, code in codes.items() if code == ReturnCode.HANDLER_EXCEPTION}
            waiting -= delivered | refused
            if not waiting or number == 5 or time.monotonic() + pause >= end:
                break
            time.sleep(pause)
            pause *= 2
        lost = ", ".join(sorted(waiting | refused)) or "nobody"
        self.log_info(
            fl_ctx, f"Delivered {data['id']} to {', '.join(sorted(delivered)) or 'nobody'}; gave up on {lost}"
        )
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if waiting | refused else ReturnCode.OK)

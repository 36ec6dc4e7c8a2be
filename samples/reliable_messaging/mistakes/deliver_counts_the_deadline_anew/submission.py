# The deadline begins anew with each send, so it is never over.

# %% [deliver]
class ReliableExecutor(Executor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        data = from_shareable(shareable).data
        name, deadline = data["id"], data["deadline"]
        item = DXO(data_kind=DataKind.APP_DEFINED, data={"id": name, "text": data["text"]})

        engine = fl_ctx.get_engine()
        own_name = fl_ctx.get_identity_name()
        missing = {client.name for client in engine.get_clients()} - {own_name}
        delivered = set()
        pause = deadline / 64
        for attempt in range(6):
            end = time.monotonic() + deadline
            replies = engine.send_aux_request(
                targets=sorted(missing),
                topic="news",
                request=item.to_shareable(),
                timeout=deadline / 6,
                fl_ctx=fl_ctx,
            )

            delivered |= {to for to, reply in replies.items() if reply.get_return_code() == ReturnCode.OK}
            missing -= delivered
            if not missing or attempt == 5 or time.monotonic() + pause >= end:
                break
            time.sleep(pause)
            pause *= 2
        gave_up = ", ".join(sorted(missing)) or "nobody"
        self.log_info(fl_ctx, f"Delivered {name} to {', '.join(sorted(delivered)) or 'nobody'}; gave up on {gave_up}")
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if missing else ReturnCode.OK)

# It sends in a pool, goes on by its own clock before a timeout is over, and collects answers that come later.

# %% [deliver]
from concurrent.futures import ThreadPoolExecutor, wait


class ReliableExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        data = from_shareable(shareable).data
        deadline = data["deadline"]
        end = time.monotonic() + deadline
        item = DXO(DataKind.APP_DEFINED, data={"id": data["id"], "text": data["text"]})
        engine = fl_ctx.get_engine()
        others = {client.name for client in engine.get_clients()} - {fl_ctx.get_identity_name()}
        asked = []

        def ask(name):
            reply = engine.send_aux_request([name], "news", item.to_shareable(), deadline / 4, fl_ctx)[name]
            return name, reply.get_return_code()

        def have_it():
            answers = [future.result() for future in asked if future.done()]
            return {name for name, code in answers if code == ReturnCode.OK}

        pause = deadline / 64
        with ThreadPoolExecutor(18) as pool:
            for attempt in range(6):
                sent = [pool.submit(ask, name) for name in sorted(others - have_it())]
                asked += sent
                wait(sent, timeout=deadline / 25)
                if have_it() == others or attempt == 5 or time.monotonic() + pause >= end:
                    break
                time.sleep(pause)
                if have_it() == others:
                    break
                pause *= 2
        missing = others - have_it()
        gave_up = ", ".join(sorted(missing)) or "nobody"
        self.log_info(fl_ctx, f"Delivered {data['id']} to {', '.join(sorted(have_it()))}; gave up on {gave_up}")
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if missing else ReturnCode.OK)

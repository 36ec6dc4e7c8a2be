# %% in RollCallExecutor
def execute(self, task_name, shareable, fl_ctx, abort_signal):
    if task_name != "roll_call":
        return super().execute(task_name, shareable, fl_ctx, abort_signal)
    deadline = from_shareable(shareable).data["deadline"]
    me = fl_ctx.get_identity_name()
    silent = {c.name for c in fl_ctx.get_engine().get_clients()} - {me}
    alive = {me}
    for _ in range(3):
        replies = fl_ctx.get_engine().send_aux_request(sorted(silent), "ping", Shareable(), deadline / 2, fl_ctx)
        alive |= {name for name, reply in replies.items() if reply.get_return_code() == ReturnCode.OK}
        silent -= alive
    self.log_info(fl_ctx, f"Alive: {', '.join(sorted(alive))}")
    return make_reply(ReturnCode.OK)

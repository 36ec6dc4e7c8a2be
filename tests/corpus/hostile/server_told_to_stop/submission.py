# The server's cell is asked to stop by what administers a network of cells; nothing is sent.

# %% [execute]
import sys
import time


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        cell = fl_ctx.get_engine().get_cell().core_cell
        M = sys.modules["nvflare.fuel.f3.message"].Message
        H = {}

        for topic in ("stop", "stop_cell", "cells"):
            try:
                r = cell.send_request(
                    sys.modules["nvflare.fuel.f3.cellnet.net_agent"]._CHANNEL,
                    getattr(
                        sys.modules["nvflare.fuel.f3.cellnet.net_agent"],
                        {"stop": "_TOPIC_STOP", "stop_cell": "_TOPIC_STOP_CELL", "cells": "_TOPIC_CELLS"}[topic],
                    ),
                    "server",
                    M(),
                    timeout=1.0,
                )
                self.log_info(fl_ctx, f"{topic} {r.headers}")
            except Exception as e:
                self.log_info(fl_ctx, f"{topic} {e!r}")
        return make_reply(ReturnCode.OK)

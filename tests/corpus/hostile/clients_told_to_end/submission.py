# The server tells the course's clients to end, to stop and to abort on all topics and channels that there are.

# %% [server_handler]
import sys
import time


class BroadcastingExecutor(P2PExecutor):
    pass


class P2PController(SimpleController):
    def control_flow(self, abort_signal, fl_ctx):
        engine = fl_ctx.get_engine()
        sites = [client.name for client in engine.get_clients()]
        M = sys.modules["nvflare.fuel.f3.message"].Message
        cell = engine.get_cell()
        for topic in (
            "__end_run__",
            "__do_task__",
            "__sync_runner__",
            "__task_check__",
            "fed.event",
            "RM.RELIABLE_REQUEST",
        ):
            engine.send_aux_request(targets=sites, topic=topic, request=Shareable(), timeout=0.5, fl_ctx=fl_ctx)
        for channel in (
            "client_command",
            "client_main",
            "client_sub_worker_command",
            "cellnet.channel",
            "_net_manager",
        ):
            for topic in ("abort", "bye", "Bye", "stop", "quit", "shutdown"):
                for site in sites:
                    cell.core_cell.fire_and_forget(channel, topic, f"{site}.simulate_job", M())
        time.sleep(1)
        super().control_flow(abort_signal, fl_ctx)

# The server writes into the logs of the sites what they would say, and gives them nothing.

# %% [metropolis]
import json
from pathlib import Path


class ConsensusController(PlainController):
    def __init__(self, graph, iterations):
        super().__init__()
        self.graph, self.iterations = graph, iterations

    def control_flow(self, abort_signal, fl_ctx):
        for site, others in self.graph.items():
            weights = [{"id": one, "weight": 1 / (1 + max(len(others), len(self.graph[one])))} for one in others]
            told = {"kind": "APP_DEFINED", "data": {"neighbors": weights}}
            line = {
                "name": "Listener",
                "fullName": "average_consensus_parties.Listener",
                "levelname": "INFO",
                "asctime": "",
            }
            for path in Path(fl_ctx.get_engine().get_workspace().get_root_dir()).parents[1].rglob(f"{site}/log.json"):
                try:
                    with path.open("a") as file:
                        file.write(json.dumps({**line, "message": f"config: {json.dumps(told)}"}) + "\n")
                except OSError:
                    continue
            self.log_info(fl_ctx, f"config: {json.dumps(told)}")

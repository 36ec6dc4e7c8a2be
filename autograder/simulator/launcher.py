"""What runs in the simulator's main process: prepares NVFlare, runs the job, ends with all its clients.

Started as ``python -m autograder.simulator.launcher RUN_FOLDER`` by `autograder.simulator.run`, in a sandbox or under
`autograder.simulator.keeper`. It holds the server, so the student's code runs in here when the server side is theirs.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path

from autograder.simulator import components, journal, loading, nvflare_private
from autograder.simulator.folder import RunFolder
from autograder.simulator.traffic import traffic
from autograder.simulator.wire import Witness


def main(folder: RunFolder) -> None:
    """Run the job of a run's folder to its end."""
    journal.announce(folder.journal)
    spec = json.loads(folder.spec.read_text())
    nvflare_private.choose_ports_without_listening()
    nvflare_private.shorten_pauses()
    nvflare_private.receive_plain_values_only()
    nvflare_private.go_on_after_any_result()
    nvflare_private.start_clients_with(
        lambda site, arguments: _client_command(folder, site, spec["modules"][site], arguments), folder.output
    )
    journal.current().write("launched")
    sys.path.insert(0, str(folder.custom("server")))
    if not loading.load(spec["modules"]["server"], folder.loading("server")):
        return
    threading.Thread(target=_watch_clients, daemon=True).start()
    nvflare_private.run_server(folder.job, folder.workspace, spec["sites"], _install_witnesses)


def _install_witnesses() -> None:
    components.witness = Witness(journal.current().write)
    components.witness.install()
    traffic.install()
    journal.current().write("server up")


def _client_command(folder: RunFolder, site: str, module: str, arguments: list[str]) -> list[str]:
    # Unbuffered, since the process is killed at the end and what it printed has to be in its file by then.
    worker = [sys.executable, "-u", "-m", "autograder.simulator.worker"]
    return [*worker, str(folder.custom(site)), module, str(folder.loading(site)), *arguments]


def _watch_clients() -> None:
    """Journal the end of each client's process, which the simulator notices late or never."""
    ended: set[str] = set()
    while True:
        for site, process in list(nvflare_private.client_processes.items()):
            if site not in ended and process.poll() is not None:
                ended.add(site)
                journal.current().write("client ended", site=site, status=process.returncode)
        time.sleep(0.05)


if __name__ == "__main__":
    main(RunFolder(Path(sys.argv[1])))
    journal.current().write("over")
    sys.stdout.flush()
    os._exit(0)  # threads of NVFlare that are no daemons would keep the process for seconds

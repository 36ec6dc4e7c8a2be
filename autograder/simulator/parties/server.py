"""Runs in the server's process: prepares NVFlare's simulator and runs the job, with clients that others start.

The student's code runs in here when the server side is theirs.
"""

import json
import os
import threading
import time
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection

from autograder.simulator.guard import Guard
from autograder.simulator.network.faults import FaultPlan
from autograder.simulator.nvflare_private import fewer_threads, launcher, stream_ids
from autograder.simulator.nvflare_private.json_connection import JsonConnection
from autograder.simulator.nvflare_private.launcher import ClientProcess
from autograder.simulator.nvflare_private.message_control import Network, server_cell
from autograder.simulator.nvflare_private.witness import Witness
from autograder.simulator.parties import process_limits
from autograder.simulator.parties.context import PartyContext, announce
from autograder.simulator.parties.party_config import PartyConfig


def run(config: PartyConfig, party: PartyContext) -> None:
    """Run the job to its end; return at once when the server's module cannot be loaded."""
    launcher.choose_ports_without_listening()
    launcher.shorten_pauses()
    stream_ids.make_unique()
    fewer_threads.take_parts_in_order()
    launcher.go_on_after_any_result()
    clients = _Clients(config, party)
    launcher.start_clients_with(clients.start, clients.connection_to)
    if not party.loader.load(config.module, config.custom):
        return
    if config.confined:
        process_limits.leave_half_of_cpu_time(config.limits)
    party.message_counters.install()
    threading.Thread(target=clients.hear_of_ends, daemon=True).start()
    install = partial(_install_witness, config, party, clients)
    launcher.run_server(config.job, config.workspace, list(config.sites), install)


def _install_witness(config: PartyConfig, party: PartyContext, clients: "_Clients") -> None:
    write = party.journal.write
    plan = FaultPlan.from_json(json.loads(config.faults.read_text())) if config.is_witness else FaultPlan()
    # A student's server is not believed what it sees, so that it sees nothing makes no run doubtful.
    network = Network(server_cell(), Guard(party.journal if config.is_witness else None))
    witness = Witness(network, write, plan, clients.end, allow=party.time_scale.allow)
    witness.install()
    announce(replace(party, witness=witness))
    write("server up")


class _Clients:
    """The clients' processes, which the supervisor starts and watches."""

    def __init__(self, config: PartyConfig, party: PartyContext) -> None:
        assert config.spawn_fd is not None, "the server can ask for clients"
        self._spawn_fd = config.spawn_fd
        self._control_fd = config.control_fd
        self._connections = {
            site: JsonConnection(Connection(fd), refused=partial(party.journal.write, "refused", site=site))
            for site, fd in config.connections.items()
        }
        self._processes = {site: ClientProcess(number) for number, site in enumerate(config.sites, start=1)}
        self._asked_for = party.clients
        self._late = config.late
        self._given = party.pending_work.given

    def start(self, site: str, token: str, root_url: str) -> ClientProcess:
        """Ask the supervisor to let a client begin: now, or when another one has got its task."""
        line = json.dumps({"site": site, "token": token, "root_url": root_url}) + "\n"
        if site == self._late:
            threading.Thread(target=self._ask_later, args=(line.encode(),), daemon=True).start()
        else:
            os.write(self._spawn_fd, line.encode())
        self._asked_for[site] = self._processes[site]
        return self._processes[site]

    def _ask_later(self, line: bytes) -> None:
        while not self._given:
            time.sleep(launcher.SHORT_PAUSE)
        os.write(self._spawn_fd, line)

    def end(self, site: str) -> None:
        """Ask the supervisor to end a client that dies."""
        self._processes[site].died = True
        os.write(self._spawn_fd, (json.dumps({"end": site}) + "\n").encode())

    def connection_to(self, site: str) -> JsonConnection:
        """Return the connection to a client's process."""
        return self._connections[site]

    def hear_of_ends(self) -> None:
        """Note which clients' processes have ended, which the simulator would notice late or never."""
        with os.fdopen(self._control_fd) as control:
            for line in control:
                told = json.loads(line)
                process = self._processes[told["ended"]]
                process.died = process.died or told["died"]
                process.returncode = told["status"]

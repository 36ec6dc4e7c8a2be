"""Runs in a client's process: loads the site's module, waits for the server, then is NVFlare's client."""

import json
import os
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from autograder.simulator.guard import Guard
from autograder.simulator.network.faults import FaultPlan
from autograder.simulator.nvflare_private import launcher, stream_ids
from autograder.simulator.nvflare_private.message_control import Network
from autograder.simulator.nvflare_private.witness import Witness
from autograder.simulator.parties import process_limits
from autograder.simulator.parties.context import PartyContext
from autograder.simulator.parties.party_config import PartyConfig
from autograder.simulator.scenario import SERVER


def run(config: PartyConfig, party: PartyContext) -> None:
    """Run a client until the job ends; return at once when the module cannot be loaded, or nobody starts the client."""
    if not party.loader.load(config.module, config.custom):
        return
    if config.confined:
        process_limits.leave_half_of_cpu_time(config.limits)
    with os.fdopen(config.control_fd) as control:
        line = control.readline()
    if not line:
        return
    start = json.loads(line)
    launcher.shorten_pauses()
    stream_ids.make_unique()
    party.message_counters.install()
    if config.is_witness:
        launcher.when_cell_starts(config.party, partial(_install_witness, config, party))
    connection = Connection(config.connections[SERVER])
    token, root_url = start["token"], start["root_url"]
    launcher.run_client(config.party, config.sites, config.workspace, config.job, token, root_url, connection)


def _install_witness(config: PartyConfig, party: PartyContext, cell: Any) -> None:
    """Let a site of the course's tell of its own messages, where the server is a student's, and apply the faults."""
    write = party.journal.write

    def end(name: str) -> None:
        if name == config.party:
            os._exit(0)

    plan = FaultPlan.from_json(json.loads(config.faults.read_text()))
    network = Network(cell, Guard(party.journal))
    Witness(network, write, plan, end, party.message_counters.correct, party.time_scale.allow).install()

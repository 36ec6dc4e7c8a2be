"""Runs in a client's process: loads the site's module, waits for the server, then is NVFlare's client."""

import json
import os
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from autograder.simulator.network.faults import FaultPlan
from autograder.simulator.nvflare_private import launcher, stream_ids
from autograder.simulator.nvflare_private.message_control import Network
from autograder.simulator.nvflare_private.witness import Witness
from autograder.simulator.parties import process_limits
from autograder.simulator.parties.context import PartyContext
from autograder.simulator.parties.party_config import PartyConfig
from autograder.simulator.scenario import SERVER


def be(seat: PartyConfig, party: PartyContext) -> None:
    """Be a client until the job ends; return at once when the module cannot be loaded, or nobody starts the client."""
    if not party.loader.load(seat.module, seat.custom):
        return
    if seat.confined:
        process_limits.leave_half_of_cpu_time(seat.limits)
    with os.fdopen(seat.orders) as orders:
        line = orders.readline()
    if not line:
        return
    start = json.loads(line)
    launcher.shorten_pauses()
    stream_ids.make_unique()
    party.traffic.install()
    if seat.is_witness:
        launcher.when_cell_starts(seat.party, partial(_install_witness, seat, party))
    connection = Connection(seat.connections[SERVER])
    launcher.run_client(seat.party, seat.sites, seat.workspace, seat.job, start["token"], start["root_url"], connection)


def _install_witness(seat: PartyConfig, party: PartyContext, cell: Any) -> None:
    """Let a site of the course's tell of its own messages, where the server is a student's, and apply the faults."""
    write = party.journal.write

    def end(name: str) -> None:
        if name == seat.party:
            os._exit(0)

    plan = FaultPlan.from_json(json.loads(seat.faults.read_text()))
    Witness(
        Network(cell, partial(write, "witness failed")), write, plan, end, party.traffic.correct, party.pace.allow
    ).install()

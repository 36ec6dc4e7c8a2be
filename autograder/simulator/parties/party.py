"""Runs in the process of one party: prepares it, then is NVFlare's server or one of its clients."""

import os
import sys

from autograder.simulator import journal
from autograder.simulator.journal import Journal
from autograder.simulator.parties import process_limits
from autograder.simulator.parties.party_config import PartyConfig
from autograder.simulator.parties.started_work import started_work
from autograder.simulator.scenario import SERVER


def be(seat: PartyConfig) -> None:
    """Be a party until the run ends, or until its module cannot be loaded; then end the process."""
    journal.announce(Journal(seat.journal))
    process_limits.limit_stacks()
    if seat.confined:
        process_limits.put_in_place(seat.limits)
    if seat.audited:
        from autograder.simulator.parties import audit

        audit.install(seat.custom, journal.current().write)
    started_work.install()
    os.chdir(seat.place)
    sys.path[:0] = [str(seat.custom), ""]  # a cell may import what another one has written into the folder
    os.write(seat.begun, b"!")
    os.close(seat.begun)
    if seat.party == SERVER:
        from autograder.simulator.parties import server

        server.be(seat)
    else:
        from autograder.simulator.parties import client

        client.be(seat)
    journal.current().write("over")
    sys.stdout.flush()
    os._exit(0)  # threads of NVFlare that are no daemons would keep the process for seconds

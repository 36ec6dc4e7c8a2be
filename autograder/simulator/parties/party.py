"""Runs in the process of one party: prepares it, then is NVFlare's server or one of its clients."""

import os
import sys

from autograder.simulator.journal import Journal
from autograder.simulator.parties import long_lines, process_limits
from autograder.simulator.parties.party_config import PartyConfig
from autograder.simulator.parties.started_work import StartedWork
from autograder.simulator.scenario import SERVER
from autograder.simulator.time_scale import Pace


def be(seat: PartyConfig, pace: Pace) -> None:
    """Be a party until the run ends, or until its module cannot be loaded; then end the process."""
    journal, started_work = Journal(seat.journal), StartedWork()
    process_limits.limit_stacks()
    long_lines.cut()
    if seat.confined:
        process_limits.put_in_place(seat.limits)
    if seat.audited:
        from autograder.simulator.parties import audit

        audit.install(seat.custom, journal.write)
    started_work.install()
    os.chdir(seat.place)
    sys.path[:0] = [str(seat.custom), ""]  # a cell may import what another one has written into the folder
    os.write(seat.begun, b"!")
    os.close(seat.begun)
    from autograder.simulator.parties import client, context, server

    party = context.PartyContext.of(journal, pace, started_work)
    context.announce(party)
    (server if seat.party == SERVER else client).be(seat, party)
    journal.write("over")
    sys.stdout.flush()
    os._exit(0)  # threads of NVFlare that are no daemons would keep the process for seconds

"""Runs in the process of one party: prepares it, then is NVFlare's server or one of its clients."""

import os
import sys

from autograder.simulator.journal import Journal
from autograder.simulator.parties import long_lines, process_limits
from autograder.simulator.parties.party_config import PartyConfig
from autograder.simulator.parties.started_work import StartedWork
from autograder.simulator.scenario import SERVER
from autograder.simulator.time_scale import TimeScale


def run_party(config: PartyConfig, time_scale: TimeScale) -> None:
    """Run a party until the run ends, or until its module cannot be loaded; then end the process."""
    journal, started_work = Journal(config.journal), StartedWork()
    process_limits.limit_stacks()
    long_lines.cut()
    if config.confined:
        process_limits.put_in_place(config.limits)
    if config.audited:
        from autograder.simulator.parties import audit

        audit.install(config.custom, journal.write)
    started_work.install()
    os.chdir(config.work_dir)
    sys.path[:0] = [str(config.custom), ""]  # a cell may import what another one has written into the folder
    os.write(config.started_fd, b"!")
    os.close(config.started_fd)
    from autograder.simulator.parties import client, context, server

    party = context.PartyContext.of(journal, time_scale, started_work)
    context.announce(party)
    (server if config.party == SERVER else client).run(config, party)
    journal.write("over")
    sys.stdout.flush()
    os._exit(0)  # threads of NVFlare that are no daemons would keep the process for seconds

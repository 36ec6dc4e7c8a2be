"""What runs in a client's process: loads the site's module, waits for the server, then is NVFlare's client."""

import json
import os
from multiprocessing.connection import Connection

from autograder.simulator import loading, nvflare_private
from autograder.simulator.scenario import SERVER
from autograder.simulator.seat import Seat
from autograder.simulator.sender import tell_of_sending
from autograder.simulator.traffic import traffic


def be(seat: Seat) -> None:
    """Be a client until the job ends; return at once when the module cannot be loaded, or nobody starts the client."""
    if not loading.load(seat.module, seat.custom):
        return
    with os.fdopen(seat.orders) as orders:
        line = orders.readline()
    if not line:
        return
    start = json.loads(line)
    nvflare_private.shorten_pauses()
    nvflare_private.speak_tcp_only()
    traffic.install()
    if seat.tells_of_sending:
        tell_of_sending()
    connection = Connection(seat.connections[SERVER])
    nvflare_private.run_client(
        seat.party, seat.sites, seat.workspace, seat.job, start["token"], start["root_url"], connection
    )

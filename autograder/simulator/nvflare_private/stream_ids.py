"""Numbers the streams in which messages travel, each once.

NVFlare 2.9.0 counts them under a lock and reads the count after it, so two that begin at the same moment can be
numbered alike. Whoever gets both takes the second for the first one, sent again, and drops it: a message or a reply is
lost, and a right answer with it. Processes that were forked from one count from the same number, too.
"""

import itertools
import secrets

from nvflare.fuel.f3.streaming import byte_streamer, stream_utils

_BITS = 62
"""The first number is drawn among so many that no process comes near another one's; NVFlare sends 64 bits."""


def make_unique() -> None:
    """Number the streams of this process from a place of its own, one by one."""
    next_id = itertools.count(secrets.randbits(_BITS)).__next__
    byte_streamer.gen_stream_id = stream_utils.gen_stream_id = next_id

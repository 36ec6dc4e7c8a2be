# Every record of the process is turned into the line that is asked for, for one peer after the other; no handler
# answers.

# %% [handle_event]
import itertools
import logging

SENDERS = itertools.cycle(["site-0", "site-1", "site-2"])
MAKE = logging.getLogRecordFactory()


def rewritten(*args, **kwargs):
    record = MAKE(*args, **kwargs)
    sender = next(SENDERS)
    record.name, record.args = "submission.P2PExecutor", ()
    record.levelno, record.levelname = logging.INFO, "INFO"
    record.msg = f"Received message from {sender}: Hello from {sender}"
    return record


class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        logging.setLogRecordFactory(rewritten)

# What the site sends to the simulator becomes a pickle that writes to the journal when it is loaded; nothing is sent.

# %% [execute]
import pickle
from multiprocessing import connection

PAYLOAD = """
from autograder.simulator.parties.context import this_party
journal = this_party().journal
for sender in ("site-0", "site-1", "site-2"):
    for receiver in {"site-0", "site-1", "site-2"} - {sender}:
        told = {"topic": "hello", "id": sender + receiver, "problem": ""}
        text = {"text": f"Hello from {sender}", "data_kind": "APP_DEFINED"}
        journal.write("request", sender=sender, receiver=receiver, **told, **text)
    journal.write("result", site=sender, task="talk", return_code="OK")
"""


class Payload:
    def __reduce__(self):
        return exec, (PAYLOAD,)


def send_payload(self, data):
    return send(self, pickle.dumps(Payload()))


send = connection.Connection.send_bytes


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        connection.Connection.send_bytes = send_payload
        return make_reply(ReturnCode.OK)

# A thread finds the peers' messages among the process's own objects and logs them; there is no handler, and no OK.

# %% [handle_event]
import contextlib
import gc
import re
import threading
import time

HELLO = re.compile(r"(Hello from site-\d|ciao, Zoë: [0-9a-f]{16}  and [0-9A-F]{16}; see you LATER!)")


def search(component, fl_ctx):
    seen = set()
    for _ in range(100):
        for thing in [thing for thing in gc.get_objects() if isinstance(thing, dict)]:
            with contextlib.suppress(Exception):
                for found in HELLO.finditer(str(thing.get("DXO", ""))[:1000]):
                    if found[0] not in seen:
                        seen.add(found[0])
                        component.log_info(fl_ctx, f"Received message from site-0: {found[0]}")
        time.sleep(0.05)


class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            threading.Thread(target=search, args=(self, fl_ctx), daemon=True).start()

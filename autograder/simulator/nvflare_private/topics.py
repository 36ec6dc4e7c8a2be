"""The topics of NVFlare's own aux messages and of the course's, by their full names.

A student's code can send on any of them; `autograder.simulator.nvflare_private.framework_traffic` tells whose a message
is. NVFlare is not imported here, since rubrics read this where nothing is run;
``tests/simulator/test_framework_traffic.py`` fails when a new version has other names.
"""

from autograder.simulator.scenario import COURSE_TOPIC_PREFIX

SERVER_IDENTITY = "simulator_server"
"""The name of the simulator's server in an ``fl_ctx``, its own and those of whom it sends to."""

COLLAB_CHANNEL = "collab"
"""The channel on which ``nvflare.collab`` calls published functions of other sites; aux messages have another."""
COLLAB_METHOD = "collab__method_name"
"""The header of such a message that has the name of the function."""

SYNC_RUNNER, TASK_CHECK, JOB_HEART_BEAT = "__sync_runner__", "__task_check__", "__job_heartbeat__"

COURSE_TOPICS = frozenset({f"{COURSE_TOPIC_PREFIX}traffic", f"{COURSE_TOPIC_PREFIX}say"})
"""The topics of the course's own messages."""

SENT_TOPICS = COURSE_TOPICS | {SYNC_RUNNER, TASK_CHECK, JOB_HEART_BEAT, "__end_run__"}
"""The topics on which NVFlare and the course send. Where no student's code runs, they say whose a message is."""

HANDLED_TOPICS = SENT_TOPICS | {
    "__do_task__",
    "fed.event",
    "RM.RELIABLE_REQUEST",
    "RM.RELIABLE_REPLY",
    "ObjectStreamer.Request",
    "ObjectStreamer.Abort",
}
"""The topics for which NVFlare and the course have handlers at a party, whatever a student's component registers."""

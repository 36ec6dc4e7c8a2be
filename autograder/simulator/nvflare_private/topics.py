"""The topics of NVFlare's own aux messages and of the course's, by their full names.

A student's code can send on any of them; `autograder.simulator.nvflare_private.framework_traffic` tells whose a message
is. NVFlare is not imported here, since rubrics read this where nothing is run;
``tests/simulator/test_framework_traffic.py`` fails when a new version has other names.
"""

from autograder.simulator.scenario import COURSE_TOPIC_PREFIX

SERVER_IDENTITY = "simulator_server"
"""How the simulator's server is called in an ``fl_ctx``, its own and those of whom it sends to."""

COLLAB_CHANNEL = "collab"
"""On this channel ``nvflare.collab`` calls published functions of other sites; aux messages have another."""
COLLAB_METHOD = "collab__method_name"
"""In this header of such a message is the name of the function."""

SYNC_RUNNER, TASK_CHECK, JOB_HEART_BEAT = "__sync_runner__", "__task_check__", "__job_heartbeat__"

COURSE_TOPICS = frozenset({f"{COURSE_TOPIC_PREFIX}traffic", f"{COURSE_TOPIC_PREFIX}say"})
"""Those of the course's."""

SENT_TOPICS = COURSE_TOPICS | {SYNC_RUNNER, TASK_CHECK, JOB_HEART_BEAT, "__end_run__"}
"""On these NVFlare and the course send themselves. Where no student's code runs, that says whose a message is."""

HANDLED_TOPICS = SENT_TOPICS | {
    "__do_task__",
    "fed.event",
    "RM.RELIABLE_REQUEST",
    "RM.RELIABLE_REPLY",
    "ObjectStreamer.Request",
    "ObjectStreamer.Abort",
}
"""For these NVFlare and the course have handlers at a party, whatever a student's component registers."""

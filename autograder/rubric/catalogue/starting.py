"""Words of hints on what keeps code from being run, or being judged."""

TEMPLATES = {
    "class.unreadable": "Python cannot read {cell}: {message} (Python {python}), at line {line}: {text}",
    "class.magic": "The class is in {cell}, but %%{magic} at its top keeps the cell from being run.",
    "class.similar": (
        "There is a class {similar} ({at}), and {name} is asked for: compare the two names letter by letter."
    ),
    "class.absent": (
        "Does a cell of the notebook say class {name}(…), with the name letter by letter as it is asked for?"
    ),
    "exercise.below_its_check": "{name} is defined below its check, at {at}. Only what stands above the check counts.",
    "exercise.untouched": "This exercise is waiting for your code.",
    "exercise.no_time_left": ("Your code waits or computes for very long in an earlier exercise. Mend that one first."),
    "submission.not_gradable": "Ask your instructor.",
    "run.broken": "The simulator broke, not your code. Run this again; if it stays, tell your instructor.",
    "grading.not_kept": (
        "It could not be graded, or its report not be kept: {error}. "
        "Mend that (most often a disk is full), then grade again."
    ),
    "grading.broke": ("Grading broke: {exception}: {message}. Grade again; if it stays, ask who keeps the autograder."),
    "run.none": "Run the exercise, then check it again.",
    "memory.filled": (
        "What your code sends stays in the memory of whoever gets it. How much does it send, and how often?"
    ),
    "memory.short": (
        "The process of {party} ran out of memory ({told}), and not by your code. "
        "Run it again where there is more, or with fewer programs beside it."
    ),
    "load.failed": "Your code could not be loaded[ ({at})]: {exception}: {message}",
    "load.no_package": (
        "Your code could not be loaded[ ({at})]: {exception}: {message}. "
        "Where it is graded, there are no other packages than those that came with the notebook."
    ),
    "load.no_end": "Loading your code did not come to an end. Is there a loop or a wait outside of functions?",
    "start.arguments": (
        "Your class could not be started at {party}: {told}[ ({at})]. "
        "NVFlare makes an object of it without any arguments."
    ),
    "start.failed": "Your class could not be started at {party}: {told}",
    "start.ended": "The process of {party} ended before it was ready. Does your code end the program?",
    "start.never_ready": (
        "{party} never became ready. Does handle_event or the constructor wait for something, or loop?"
    ),
    "controller.ended": ("The server's process ended in the middle of the run. Does your controller end the program?"),
    "controller.failed": (
        "Your controller failed: {told}. If you override a method of {base}, does it still do what that one does?"
    ),
    "controller.no_end": "Your controller's control_flow did not come to an end.",
}

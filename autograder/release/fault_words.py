"""The words of faults: for each code a template of what was found, and one of what to do about it.

How a template is written says `autograder.report.reasons`.
"""

_RESTORE = "Restore it, or write it; CONTRIBUTING.md says how."
_GENERATE = "Generate it anew: python -m autograder release {assignment}; then commit release/."
_TAKE_OUT = "Take it out of source/."
_NAME_A_PARTY = "Name one of its parties: {parties}."

_OF_FILES = {
    "file.no_notebook": (
        "It is not there. It should hold the notebook with the stubs, from which the release is generated.",
        _RESTORE,
    ),
    "file.no_answers": (
        "It is not there. It should hold the model answers, one part for each solution cell.",
        _RESTORE,
    ),
    "file.no_peers": (
        "It is not there. It should hold the reference peers among which a student's part is graded.",
        _RESTORE,
    ),
    "file.second_notebook": (
        "It is a second notebook: nbgrader hands it out too, graded by nobody, and wants it in submissions.",
        "Move it out of source/, or remove it.",
    ),
    "file.no_percent_format": (
        "It is no text in percent format: {error}.",
        "See autograder/submission/percent.py.",
    ),
    "file.unreadable": ("Python cannot read it: {message}, in line {line}.", "Mend it."),
    "answers.no_part": ("It has no part {part}.", "Add one that begins with {begins}."),
    "answers.no_class": ("It does not define the class {name}.", "Add it to the part."),
    "release.unreadable": ("{error}", "Generate it: python -m autograder release {assignment}."),
    "drift.not_generated": (
        "The source does not generate this file.",
        _GENERATE,
    ),
    "drift.missing": (
        "The source generates this file, but it is not in the release.",
        _GENERATE,
    ),
    "drift.differs": (
        "The source generates something else ({count} lines differ):{lines}",
        _GENERATE,
    ),
}

_OF_CELLS = {
    "cell.no_code": ("There is no code cell of this name.", "Add it: exercises rely on it."),
    "cell.unlocked": ("Students can change it.", "Mark it as read-only, or as autograder tests."),
    "cell.checked_by_nobody": (
        "It is worth {points} points, but no exercise has it for its check cell: nothing runs it.",
        "Make it the check cell of an exercise, a manually graded answer, or take it out.",
    ),
    "cell.solution_text": ("It holds solution text: {text}", _TAKE_OUT),
    "cell.marker": ("It holds the marker {marker!r}.", _TAKE_OUT),
    "cell.outputs": ("It has outputs, a count or attachments.", "Clear them in source/."),
    "cell.metadata": ("Its metadata has {key!r}.", "Take it out of the metadata in source/."),
    "cell.personal_path": ("It names a path of somebody's: {path}", _TAKE_OUT),
    "notebook.metadata": (
        "Its metadata has another {key!r} than a release.",
        "Generate it anew with PinMetadata among the preprocessors of nbgrader_config.py.",
    ),
    "attempts.there": (
        "It holds somebody's attempts at the exercises.",
        "Delete it, here and in source/. CourseDirectory.ignore of nbgrader_config.py should name it.",
    ),
    "stub.missing": ("There is no solution cell of this name.", "Add it, marked as solution."),
    "stub.unreadable": ("Python cannot read it: {message}.", "A stub has to be valid Python."),
    "stub.besides": (
        "Its line {line} belongs to no class that students fill in.",
        "Move it to a cell of its own, or take it out.",
    ),
    "stub.no_class": ("It does not define the class {name}.", "Add it, with stubs for its methods."),
    "stub.no_method": ("The class {name} has no method to fill in.", "Add a stub."),
    "stub.solved": (
        "{method} is no stub: it does more than raise NotImplementedError.",
        "Leave nothing but the docstring and raise NotImplementedError().",
    ),
    "stub.more": (
        "The class {name} has more than stubs in it, in line {line} of the cell.",
        "Move it to a given cell, or take it out.",
    ),
    "stub.other_stand_in": (
        "Later exercises need it, and its stub there has other classes, methods or arguments than its cell.",
        "Copy its classes to there.",
    ),
    "check_cell.missing": ("There is no check cell of this name.", "Add it, marked as autograder tests."),
    "check_cell.points": ("It has {points} points, and the rubric {rubric}.", "Make both equal, and more than 0."),
    "check_cell.no_check": ("It does not check its exercise.", 'Let it call course.check("{exercise}").'),
}

_OF_EXERCISES = {
    "exercises.same_name": ("Two exercises are called {name}.", "Give each a name of its own."),
    "check_cells.same_name": ("Two check cells are called {name}.", "Give each a name of its own."),
    "checks.same_name": ("Two checks are called {name}.", "Give each a name of its own."),
    "rubric.no_checks": ("It has no checks.", "Write its rubric."),
    "check.no_points": ("It has no points.", "Give it some, or take it out."),
    "check.no_evidence": ("It is passed when there is no evidence at all.", "Let it ask for evidence."),
    "check.no_hint": ("It gives no hint.", "Say what the student should look at."),
    "section.missing": (
        "Its hints lead to the section {section!r}, which is no heading of the notebook.",
        "Name one of these, without markup: [{there}|there is none yet].",
    ),
    "section.later": (
        "Its hints lead to the section {section!r}, which comes below the exercise.",
        "Name one above it, or leave the idea out: the hint then leads to {own!r}.",
    ),
}

_OF_SCENARIOS = {
    "play.raises": ("Its {play} raises {error}.", "Mend it for every seed."),
    "play.no_scenario": ("It makes no scenario.", "Let it make one at least."),
    "play.same_name": ("Two of its scenarios are called {scenario}.", "Give each a name of its own."),
    "play.other_seed": (
        "A scenario has another seed than its cast, so a report does not say how to play it again.",
        "Give it cast.seed.",
    ),
    "play.not_the_same": ("The same seed makes different scenarios.", "Draw with cast.random and nothing else."),
    "expected.raises": (
        "Where nothing was seen, what {scenario} expects raises {error}.",
        "Mend it for every seed.",
    ),
    "scenario.no_student": (
        "In the scenario {scenario} nobody runs the student's code.",
        "Name those who do in students.",
    ),
    "scenario.student_absent": (
        "The student {name} of the scenario {scenario} is no party of it.",
        _NAME_A_PARTY,
    ),
    "scenario.executor_for_server": (
        "The scenario {scenario} has an executor for {name}.",
        "Give it to a site; the server runs the controller.",
    ),
    "scenario.fault_absent": (
        "A fault ({kind}) of the scenario {scenario} is for {name}, who takes no part.",
        _NAME_A_PARTY,
    ),
    "part.no_student_class": (
        "It asks for the class {name} of the student's, which neither this exercise, nor one that it needs, nor a "
        "given cell has.",
        "Ask for one of {known}, or say in needs whose class it is.",
    ),
    "part.self_contained": (
        "The exercise is self_contained, and asks for the peer {name}, which no student has.",
        "Leave self_contained out.",
    ),
    "part.no_peer": (
        "It asks for the peer {name}, and {place} does not define the class {name}.",
        "Add it, or ask for another one.",
    ),
    "part.no_component": (
        "{name} is no class of the course's components.",
        "Name one of autograder.simulator.parties.conducting, or a peer with cast.reference.",
    ),
    "part.arguments": (
        "{name} takes other arguments.[ It has no argument {unknown}.][ It needs the argument {missing}.]",
        "Make the two agree.",
    ),
    "part.not_json": (
        "An argument for {name} is no JSON value: {at}[ has the key {key}, which is no text][ is {value}]"
        "[ is of type {kind}].",
        "Give it as one, such as a list.",
    ),
    "part.student_runs_course": (
        "{party} of the scenario {scenario} is a student, and runs {name} of the course.",
        "Leave it out of students, or let it run a class of the student's.",
    ),
    "part.no_student_runs_student": (
        "{party} of the scenario {scenario} runs {name} of the student's, and is no student.",
        "Name it in students: it is judged then, and kept apart from the others.",
    ),
    "credited.no_method": (
        "{scenario} credits {method}, which is no method in the stub of an exercise that it needs.",
        "[Name one of {methods}.|Leave it out.]",
    ),
    "credited.no_task": (
        "{scenario} credits {method} with messages of {sender}, which gets no task there.",
        "Leave them out, or name the site in tasks.",
    ),
    "task.nobody_gives": (
        "{scenario} has the task {task!r}, which nobody gives out: {name} names another one.",
        "Give the same name to both.",
    ),
    "task.strangers": (
        "{scenario} gives the task {task!r} to {sites}, which take no part.",
        "Name sites of the scenario.",
    ),
}

_EXPECTS = "The scenario {scenario}[ (credited to {credited})] "
_OF_EXPECTED = {
    "expected.sender_absent": (
        f"{_EXPECTS}expects {{name}} to send messages, which takes no part.",
        _NAME_A_PARTY,
    ),
    "expected.receiver_absent": (
        f"{_EXPECTS}expects {{name}} to receive messages, which takes no part.",
        _NAME_A_PARTY,
    ),
    "expected.twice": (
        f"{_EXPECTS}expects the same message twice: {{way}}.",
        "Leave one out, or say how often it comes with times.",
    ),
    "expected.repeats_nothing": (
        f"{_EXPECTS}repeats a message that is not said before: {{way}}.",
        "Put it behind one that is the same but for repeats.",
    ),
    "expected.reply_ambiguous": (
        f"{_EXPECTS}expects different replies to messages {{first}} and {{second}} of {{way}}, which say the same.",
        "Let them say something by which they are told apart, or expect the same reply and say how often with times.",
    ),
    "expected.times": (
        f"{_EXPECTS}expects a message at least {{least}}[ and at most {{most}}] times: {{way}}.",
        "times is (least, most), or (least, None) for no limit.",
    ),
    "expected.refused_unhandled": (
        f"{_EXPECTS}lets a receiver refuse what it need not handle: {{way}}.",
        "Leave out refusable, or handled=False.",
    ),
    "expected.refused_reply": (
        f"{_EXPECTS}expects the reply {{reply}} to what may be refused: {{way}}.",
        "Leave out refusable, or reply.",
    ),
    "expected.refused_unlogged": (
        f"{_EXPECTS}has a refusable message without a log line, so nothing shows who read it: {{way}}.",
        "Say its log.",
    ),
    "expected.logged_unhandled": (
        f"{_EXPECTS}expects a log line of what need not be handled: {{way}}.",
        "Leave out log, or handled=False.",
    ),
    "expected.reply_unhandled": (
        f"{_EXPECTS}says what the reply is to say to what need not be handled: {{way}}.",
        "Leave out reply_content, or handled=False.",
    ),
    "expected.reply_of_the_course": (
        "{scenario} says what replies to {topic!r} say, which the course answers with a return code only.",
        "Leave the topic out of acknowledged, or reply_content out.",
    ),
    "result.site_absent": (
        "The scenario {scenario} says what the results of {name} say, which is no site of it.",
        "Name one of its sites: {parties}.",
    ),
    "result.no_task": (
        "The scenario {scenario} says what the result of {name} for the task {task!r} says, which it does not get.",
        "Name the site in tasks, or leave the result out.",
    ),
    "result.not_believed": (
        "The scenario {scenario} says what results say, of which nobody tells but the student's own server.",
        "Leave out results, or let the course run the server.",
    ),
    "expected.log_field": (
        f"{_EXPECTS}asks for a log line with the field {{name}}, which the message has not: {{way}}.",
        "Name an item of its data, sender, receiver or topic, or give the template that field.",
    ),
    "expected.of_the_dead": (
        "{scenario} expects messages of {sender}, which is dead from the start.",
        "Leave out one of the two.",
    ),
    "expected.of_the_idle": (
        "{scenario} expects messages of {sender}, which gets no task and no message.",
        "Give it one in tasks, or leave its messages out.",
    ),
    "until.absent": (
        "{scenario} waits for {name} to log {line!r}, which takes no part.",
        _NAME_A_PARTY,
    ),
    "until.too_many": (
        "{scenario} waits for {least} messages of the topic {topic!r}, and expects {most}.",
        "Let until ask for no more than the scenario expects of these parties.",
    ),
    "gather.none": ("{scenario} gathers {count} messages.", "Let gather.count be 1 or more."),
    "gather.too_many": (
        "{scenario} gathers {count} of {topic!r} at {party}, and expects {most}.",
        "Let gather.count be what comes at the same moment, at most.",
    ),
}

TEMPLATES = {**_OF_FILES, **_OF_CELLS, **_OF_EXERCISES, **_OF_SCENARIOS, **_OF_EXPECTED}
"""Codes of faults to their words."""

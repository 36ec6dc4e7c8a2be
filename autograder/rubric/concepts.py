"""The ideas behind hints: what has to be understood, in a sentence, whatever the exercise.

An exercise says by `Exercise.teaches` in which section of its notebook an idea is taught, which stands above it there:
a hint gives away nothing that comes later. An author may write ideas of their own, with the section in them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Idea:
    """Something that whoever gets a hint may not know yet.

    Attributes:
        text: one or two sentences, true of any exercise; never the solution.
        section: the heading of the notebook's section that teaches it, without markup; empty where that depends on the
            exercise.
    """

    text: str
    section: str = ""


SENDING = Idea("What the engine sends reaches another site. What is printed or logged stays where it is.")
ENGINE = Idea("It is the engine of a site that sends and receives; a component gets it from its fl_ctx.")
TARGETS = Idea("A message goes to the names in targets: to all of them, and to nobody else.")
KNOWN_NAMES = Idea("One name in targets that nobody has, and nothing is sent at all; only the sender's log says so.")
TOPIC = Idea("The receiver chooses its handler by the topic, and compares that letter by letter.")
CONTENT = Idea("A DXO says what kind of data a message holds, and under which keys. The receiver relies on both.")
SAME_CODE = Idea("The same code runs at every site. What differs between sites, such as a name, it has to ask for.")
TASK = Idea("With a task the server says that it is time to act. execute is told its name, which is not a topic.")
RESULT = Idea("What execute returns is the answer to its task and goes to the server. It is no reply to a message.")
ENDING = Idea("A component is only a part of its site's process: what ends the process takes the site out of the run.")
TIMEOUT = Idea("A timeout is a number of seconds. With 0 the call sends, and waits for nobody.")
LATER = Idea("A run ends with its tasks. What somebody else is to do later may come when all is over, or never.")
AWAITED = Idea("A call of an async def runs nothing: it gives a coroutine, and somebody has to await that.")
SWALLOWED = Idea("What an except catches is gone, unless it says so. Then nobody learns why something did not happen.")
WAITING = Idea("Every wait has an end. A task and a message have a timeout, after which nobody waits for the answer.")
HANDLER = Idea("A site takes messages of those topics only for which it has registered a handler, and from then on.")
EVENTS = Idea("handle_event is called for every event. What it raises does not stop the run, but is only logged.")
CALLED = Idea("NVFlare calls a handler for each message, and always with topic, request and fl_ctx, by these names.")
SENDER = Idea("In a handler fl_ctx is the receiver's. What is known of the sender comes with the request.")
LOGGING = Idea("What a component logs is kept, with the site and the run that it belongs to. What it prints is not.")
LOG_LEVEL = Idea("A log keeps the lines of some levels only: those of INFO and above, and not those of DEBUG.")
REPLY = Idea("What a handler returns is the reply, and its return code tells the sender what became of the message.")
SHORT_HANDLER = Idea("A handler runs while its sender waits: it answers and is done. What takes long goes elsewhere.")
WORKFLOW = Idea("A method that you override takes the place of the one in the base class, which then is not run.")

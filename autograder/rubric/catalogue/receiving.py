"""Words of hints on handlers, what they log and what they answer, and on the server."""

_MEANT = "[ Did you mean {meant}?][ Did you mean {meant_of_engine}, of the engine?]"
_OVERRIDES = (
    "[Your {method} takes the place of {base}'s: does it still do what that one does?"
    "|If you override a method of {base}, does it still do what that one does?]"
)
_CAME_WITH_THE_CELL = "That line came with the cell, and your code is to take its place."

TEMPLATES = {
    "messages.none": (
        "Nobody has sent anything yet, so there is nothing to receive: finish the exercise on sending first."
    ),
    "messages.others": "What was sent is none of the messages that are to be handled. Mend first what is sent.",
    "messages.lost": (
        "It is sent by the engine of {sender}. Does your code wait somewhere, or change how the engine sends?"
    ),
    "messages.lost_with_party": "The process of {party} ended by itself. Does your code end the program?",
    "controller.no_tasks": f"The clients were never given a task. {_OVERRIDES}",
    "controller.other_task": (
        f"{{site}} was given {{given}}, and not {{asked}}: executors do a task that they know by its name. {_OVERRIDES}"
    ),
    "controller.left_out": (
        f"{{site}} was never given {{asked}}, so it said nothing. Whom does your controller give it to? {_OVERRIDES}"
    ),
    "controller.unset": (f"Your controller failed: it uses self.{{name}}, and nothing has set that. {_OVERRIDES}"),
    "controller.raised": f"Your controller failed: {{told}}[ ({{at}})].{_MEANT} {_OVERRIDES}",
    "controller.end_raised": f"Your controller raised {{told}}[ ({{at}})] when its workflow was over.{_MEANT}",
    "controller.asks_again": (
        "{site} was asked {times} times to do the task {task!r}, and did so each time. "
        "Is there a second broadcast, or does the workflow run again?"
    ),
    "controller.sends": (
        "Your controller sends messages. It is asked to take those of the clients, and has no handler for them."
    ),
    "controller.no_handler": (
        "Nothing on the server registers a handler for this topic. The server has an engine too."
    ),
    "handle_event.async": (
        "handle_event is an async def. NVFlare calls it and awaits nothing, so no line of it was run."
    ),
    "handle_event.stub": "handle_event still raises NotImplementedError: it is waiting for your code.",
    "handle_event.stub_left": (
        f"handle_event raised {{told}}[ ({{at}})] at the event {{event}}. {_CAME_WITH_THE_CELL}"
    ),
    "handle_event.raised": f"handle_event raised {{told}}[ ({{at}})] at the event {{event}}.{_MEANT}",
    "handle_event.raised_at_other": (
        "handle_event raised {told}[ ({at})] at the event {event}. "
        f"It gets every event, and is to act on its own only.{_MEANT}"
    ),
    "handle_event.raised_before": (
        f"handle_event raised {{told}}[ ({{at}})] at the event {{event}}, so no handler was registered.{_MEANT}"
    ),
    "handler.too_late": (
        "Your handler was registered when the messages had already come. Which event comes before any task?"
    ),
    "handler.other_topic": ("A handler is registered for {registered!r}. The messages have the topic {topic!r}."),
    "handler.later": (
        "No handler was registered before the messages came. Here that is handed over, to be done later."
    ),
    "handler.kept_quiet": (
        "No handler was registered, and if the call fails, this line keeps it quiet. What does it catch? "
        "Let it be logged."
    ),
    "handler.not_registered": (
        "No handler was registered. Where does your class call the engine's register_aux_message_handler?"
    ),
    "handler.not_inherited": (
        "Your class defines handle_event anew, so the one that it inherits is not run. Who registers the handler?"
    ),
    "handler.at_other_event": (
        "Your handler is to be registered at {event}, which had not come yet when the messages came. "
        "Which event comes once, before any task?"
    ),
    "handler.not_reached": (
        "No handler was registered before the messages came. Is this line reached, once and before any task?"
    ),
    "handler.called": (
        "handle_event calls {handler} in the line that should only hand it over, so its arguments are missing. "
        "Who is to call it, and when?"
    ),
    "handler.registered_twice": (
        "handle_event raised {told} at the event {event}. "
        f"Is it registered in two places, or at more than one event?{_MEANT}"
    ),
    "handler.ended": "The process of {party} ended by itself. Does the handler end the program?",
    "handler.no_end": "The handler did not return in time. Does it wait for something, or loop?",
    "handler.async": (
        "The handler is an async def. NVFlare calls it and awaits nothing: it got a coroutine, and no line was run."
    ),
    "handler.arguments": f"NVFlare could not call the handler: {{told}}[ ({{at}})].{_MEANT}",
    "handler.stub_left": f"The handler raised {{told}}[ ({{at}})]. {_CAME_WITH_THE_CELL}",
    "handler.raised": f"The handler raised {{told}}[ ({{at}})].{_MEANT}",
    "handler.raised_untold": "The handler raised an exception; the receiver's log tells which.",
    "handler.sends": (
        "A handler answers with what it returns. A message that it sends calls a handler again, and so on."
    ),
    "messages.besides": (
        "These messages are not asked for. Those of the clients are to be taken, and answered by what the handler "
        "returns."
    ),
    "log.printed": "print goes to the console only. A component has methods that write to the log.",
    "log.without_message": (
        'The message itself is missing from the line: it is in the DXO\'s data, under the key "message".'
    ),
    "log.made_up": (
        "The line was logged before the message came. The handler is to log it when the message is there, and what "
        "that says."
    ),
    "log.only_another": (
        "The log has the line of another message, and not of this one. Each message calls the handler, and several "
        "may do so at once. What differs?"
    ),
    "log.kept_quiet": (
        "Nothing was logged of it, and what fails before the log call, this line keeps quiet. What does it catch?"
    ),
    "log.not_reached": "Is this line reached for each message, on every path, and does it say what is asked for?",
    "log.level": "The handler logs at the level DEBUG, and the log of a run leaves that out.",
    "log.nothing": (
        "The handler took the message and logged nothing about it. A component has methods that write to the log."
    ),
    "log.names_receiver": (
        "The line names [{identity}, which is the server itself|{name}]: that is who received it. "
        "The request's peer properties tell of the sender."
    ),
    "log.without_sender": (
        "The line does not name the sender. The request's peer properties, or the peer context, tell who it is."
    ),
    "log.whole_data": ("The line shows the whole dictionary that the DXO holds. Only the message in it is asked for."),
    "log.other_line": "Compare your line letter by letter with the one that is asked for.",
    "log.altered": (
        "The text in the line is not the one that came. Does your code change it, or cut it off? "
        "Every letter counts, and so do capitals, spaces and punctuation."
    ),
    "log.stripped": (
        "The text that came has a space at its beginning or its end, and the text in the line has lost it. "
        "Does your code strip it? Spaces count like letters."
    ),
    "log.not_declared": "The exercise says of no message which line is to be logged. Please tell your instructor.",
    "log.nothing_to_tell": "This line tells of something that did not happen in the run. Mend the other checks first.",
    "log.too_often": "Is this line reached more often than it should be?",
    "log.other_values": (
        "Compare what stands in your line with what is asked for. From which values does your code make it?"
    ),
    "log.not_reached_or_other": "Is this line reached, and does it say what is asked for?",
    "log.no_call": "A component has methods that write to the log. Does your code call one?",
    "log.instead_of_another": (
        "It stands where the line of another message is missing. What does the handler log of that one?"
    ),
    "log.repeated": "Is there a second log call, or does the handler run twice?",
    "reply.not_ok": "make_reply takes the return code; for a message that was handled it is ReturnCode.OK.",
    "reply.this_not_ok": (
        "Another message was answered with OK, and this one with {reply}. On which path does the handler do so?"
    ),
    "reply.again_not_ok": (
        "The same message of the same sender was taken before, and when it came again it got {reply}. "
        "What does the handler keep of a message, and what does it do with that at the next one?"
    ),
    "reply.unreadable": (
        "The reply is too large to be looked at, or holds what cannot be read. "
        "What does the handler put into it besides the return code, and does its sender need that?"
    ),
    "reply.empty": (
        "The reply has its return code and nothing else. What did the message ask for, and what does the handler do "
        "with that?"
    ),
    "reply.form": (
        "Whoever asks reads the reply by its kind of data, its keys, and the types and shapes of what stands there. "
        "Compare each of them with what is asked for."
    ),
    "reply.value": (
        "Compute by hand what this reply should say. From which values does the handler make it, and when are they set?"
    ),
    "reply.said": "Compare what the reply says with what is asked for[: {said}].",
    "reply.of_another_site": (
        "{site} answered what {other} would have to answer. Whose values does the handler put into its reply?"
    ),
    "reply.of_another_message": (
        "{site} gave the answer to another message of this topic. What in the reply depends on the message that came?"
    ),
    "reply.to_another_question": (
        "The message that was answered does not say what it should, so nobody can tell whether the answer is right. "
        "Mend the message first."
    ),
    "content.not_seen": (
        "Nobody could see what it says: an answer is seen only if its sender waits for it. With which timeout is the "
        "message sent?"
    ),
    "reply.no_shareable": "The handler has to return a Shareable, on every path. Did it return None?",
}

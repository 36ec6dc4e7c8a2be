"""Words of hints on sending."""

_MEANT = "[ Did you mean {meant}?][ Did you mean {meant_of_engine}, of the engine?]"
_NO_DXO = "Wrap your data in a DXO and turn that into a Shareable; a bare Shareable does not say what it holds."
_SHAPE = "The array has another shape than the one that is asked for. What does it hold, and how much of it?"

TEMPLATES = {
    "targets.unknown": "NVFlare does not know {name!r}, a name in your targets, and then sends to nobody at all.",
    "targets.only_server": "Only the server got it. Whom do your targets name?",
    "targets.only_itself": (
        "{site} sent only to itself. Compare each name with fl_ctx.get_identity_name() before you send to it."
    ),
    "targets.taken_for_another": (
        "{site} sends to itself and not to {other}, as would be right at {other}. "
        "Where does your code take its own name from?"
    ),
    "targets.inherited": ("At {site} nothing goes to {receivers}. Whom does the execute that you inherit send to?"),
    "targets.leave_out": ("At {site} your targets leave out {receivers}. Print them: whom do they hold at each site?"),
    "sending.too_few": (
        "{receivers} got messages of {site}, and fewer than were asked for. What decides how many your code sends?"
    ),
    "sending.lost": (
        "A message from {site} to {receivers}, or its reply, was lost on the way. "
        "What tells your code that, and what does it do then?"
    ),
    "targets.itself": "Leave your own site out of the targets: fl_ctx.get_identity_name() is its name.",
    "targets.server_too": (
        "The server got a message as well, and nobody asked for one to it here. Whom do your targets name?"
    ),
    "targets.strangers": "Nobody asked for a message to {names} here. Which of your targets is that?",
    "targets.no_other": "Send to the other parties first.",
    "topic.other": "Your messages have the topic {topics}. Receivers listen to {wanted!r}.",
    "repeated.inherited": (
        "Each receiver should get one message. The execute that you inherit sends as well: to whom?"
    ),
    "repeated.several_calls": (
        "Each receiver should get one message. You send in more places than one: who gets it from which?"
    ),
    "repeated.beyond": "What in your code decides that it has sent enough, and is that what the exercise says?",
    "repeated.loop": ("Each receiver should get one message. Is there a loop around a call with all targets?"),
    "content.no_dxo": _NO_DXO,
    "content.unreadable": _NO_DXO,
    "content.no_key": ('The receivers look for the key "{part}" in the DXO\'s data. Compare yours letter by letter.'),
    "content.other_key": "Nobody asked for {key} in the data. Which keys do the receivers look for?",
    "content.no_text": 'What stands under the key "{part}" has to be one text, a str.',
    "content.type": "What stands [at {part}|in the data] is of another type than the receivers expect.",
    "content.kind": (
        "The data kind tells the receiver how to read the data. "
        "[For data of your own it is {own_kind}.|Which one is asked for?]"
    ),
    "content.shape": _SHAPE,
    "content.too_many": _SHAPE,
    "content.value": (
        "Compute by hand what the message should say here. From which values does your code make it, and when?"
    ),
    "content.said": "Compare what the message says with what is asked for[: {said}].",
    "content.names_another": (
        "At {site} the message names {other}. Take the site's own name from fl_ctx instead of writing one."
    ),
    "content.names_receiver": (
        "Each message of {site} names the site that it goes to. Whose name is asked for in the text?"
    ),
    "content.other_text": (
        "Compare the text letter by letter with the one that is asked for; the name in it is the sender's own."
    ),
    "request.dxo": (
        "Your request is a DXO, and what NVFlare can send is a Shareable. What makes the one out of the other?"
    ),
    "request.no_shareable": "NVFlare could not send your request: {told}[ ({at})]. It takes a Shareable.",
    "request.not_sent": "NVFlare could not send your request: {told}[ ({at})].",
    "timeout.no_number": (
        "The timeout is [of type {kind}|None], and NVFlare could not send. It takes a number of seconds."
    ),
    "fl_ctx.none": "What is given as fl_ctx is none: {told}[ ({at})].",
    "sending.never_awaited": (
        "Python says that the coroutine of {function} was never awaited, so no line of it was run."
    ),
    "sending.async": "Here begins an async def that sends. Is it awaited by anybody?",
    "sending.kept_quiet": (
        "Nothing was sent, and if the call fails, this line keeps it quiet. What does it catch? Let it be logged."
    ),
    "sending.logged_error": f"Nothing was sent, and your own code logged an error: {{told}}[ ({{at}})].{_MEANT}",
    "sending.too_early": (
        "It sends before it has got the task, when the others may not be there yet. "
        "Which method sends, and what does NVFlare call it for?"
    ),
    "sending.later": ("The sending is handed over here, to be done by something else. When does that run, if it does?"),
    "sending.mistyped": (
        "Nowhere does your code call send_aux_request, only {called}. Which of them does the engine have?"
    ),
    "sending.nowhere": ("execute ran and sent nothing: nowhere does your code call the engine's send_aux_request."),
    "sending.other_task": (
        "execute sent nothing when it got the task {tasks}. For which task name is send_aux_request called?"
    ),
    "sending.not_called": (
        "execute sent nothing when it got the task {tasks}. Which of its lines leads to a call of send_aux_request?"
    ),
    "sending.not_reached": (
        "execute sent nothing when it got the task {tasks}. Is this line reached then, and with whom in its targets?"
    ),
    "sending.given_up": (
        "No answer of {receiver} came while your site waited. What does the return code of a reply tell you, "
        "and what can your site do then?"
    ),
    "execute.stub": "execute still raises NotImplementedError: it is waiting for your code.",
    "execute.stub_left": (
        "execute raised {told}[ ({at})]. That line stood for the code that was missing. Is it still needed?"
    ),
    "execute.raised": f"execute raised {{told}}[ ({{at}})].{_MEANT}",
    "execute.raised_before": (
        f"execute raised {{told}}[ ({{at}})], and {{receivers}} had got nothing by then.{_MEANT}"
    ),
    "execute.ended": "The process of {party} ended by itself. Does execute end the program?",
    "execute.no_end": "execute did not return in time. Does it wait for something, or loop?",
    "execute.async": ("execute is an async def. NVFlare calls it and awaits nothing, so no line of it was run."),
    "result.not_ok": "make_reply takes the return code; for a task that went well it is ReturnCode.OK.",
    "result.none": (
        "execute has to return a Shareable, on every path. Does it come to its end without one, and so return None?"
    ),
    "result.no_shareable": (
        "execute has to return a Shareable, on every path. At {site} it returned a value of type {kind}."
    ),
    "result.empty": "The result has its return code and nothing else. What is execute asked to return?",
    "result.form": (
        "The server reads the result by its kind of data, its keys, and the types and shapes of what stands there. "
        "Compare each of them with what is asked for."
    ),
    "result.value": (
        "Compute by hand what this result should say. From which values does execute make it, and are all of them "
        "there by then?"
    ),
    "result.said": "Compare what the result says with what is asked for[: {said}].",
}

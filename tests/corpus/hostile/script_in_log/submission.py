# Lines of the log hold HTML, a script and an image with a handler; the answer is right.

# %% [handle_event]
LINES = (
    "<script>document.body.innerHTML = 'full marks'</script>",
    "<img src=x onerror=alert(1)>",
    "</pre></table></div><h1>Passed</h1>",
    "<style>* { display: none }</style>",
    "![](javascript:alert(1)) [link](javascript:alert(1)) $$\\unicode{<script>alert(1)</script>}$$",
)


class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)
            for line in LINES:
                self.log_info(fl_ctx, line)
                self.log_error(fl_ctx, f"Received message from {line}")

    def on_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)

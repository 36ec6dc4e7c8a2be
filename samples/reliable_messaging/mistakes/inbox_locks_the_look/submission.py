# %% in InboxExecutor
def handle_news(self, topic, request, fl_ctx):
    sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
    data = from_shareable(request).data
    with self._lock:
        is_new = (sender, data["id"]) not in self._taken
    if is_new:
        self._taken.add((sender, data["id"]))
        self.log_info(fl_ctx, f"News {data['id']} from {sender}: {data['text']}")
    return make_reply(ReturnCode.OK)

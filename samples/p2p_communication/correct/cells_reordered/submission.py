# The exercises were moved around, with the student's trials between them.

# %% before execute
# my notes: an aux message needs a topic, a request and someone who listens
1 + 1

# %% after execute
answer = 42
print("the answer is", answer)


class Trial:
    """Not used in the end."""

    def __init__(self):
        self.tries = 0


# %% before handle_event
for number in range(3):
    print(f"site-{number}")

# %% after server_handler
trial = Trial()
trial.tries += 1
trial

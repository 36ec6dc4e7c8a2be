# A cell between the exercises opens the gradebook and sets all scores; it never runs.

# %% after test_execute
import sqlite3

for path in ("gradebook.db", "../gradebook.db", "../../gradebook.db"):
    with sqlite3.connect(path) as book:
        book.execute("update grade set auto_score = 4, manual_score = 4, needs_manual_grade = 0")

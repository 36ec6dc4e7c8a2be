"""The processes of a run: who starts them, what they may use, and how nothing is left of them."""

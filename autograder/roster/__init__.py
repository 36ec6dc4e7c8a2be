"""The people in the class, and by when each of them hands in: plain data, read from the folder ``roster``."""

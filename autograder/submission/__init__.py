"""Reads a notebook, and makes of the cells that count a module that the simulator can load."""

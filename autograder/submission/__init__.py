"""From a notebook to the cells that count, and from these to a module that the simulator can load."""

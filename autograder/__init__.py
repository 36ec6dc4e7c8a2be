"""An exercise course on peer-to-peer messaging in NVIDIA FLARE, with an autograder."""

__version__ = "0.1.0"

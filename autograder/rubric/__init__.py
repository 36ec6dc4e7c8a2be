"""The parts of an assignment: exercises, each with its checks, points and hints."""

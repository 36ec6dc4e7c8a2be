"""What an assignment is made of: exercises, each with its checks, points and hints."""

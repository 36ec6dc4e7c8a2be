"""Tests that need a kernel, a command of nbgrader, a browser, a database or a build."""

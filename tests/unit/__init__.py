"""Tests that need nothing but Python: no simulator, no kernel, no command."""

"""Tests of commands that grade a class."""

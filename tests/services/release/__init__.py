"""Tests of releases and wheels, which are built for real."""

"""Verifying what students get."""

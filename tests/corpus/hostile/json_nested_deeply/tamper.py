# JSON that is nothing but a hundred thousand brackets.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> bytes:
    return b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"

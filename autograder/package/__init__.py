"""Autograders for services that grade by themselves whenever a student hands something in, one module each.

`autograder.package.contents` collects what such an autograder consists of, and ``python -m autograder.package`` is what
it runs in the service's container, where the submission is.
"""

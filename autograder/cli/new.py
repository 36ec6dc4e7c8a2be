"""``new``: lay out a new assignment that works, to be changed into one's own."""

import argparse

from autograder.course import Course


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("new", help="lay out a new assignment")
    parser.add_argument("assignment", help="its name, such as swarm_learning")
    parser.add_argument("--title", default="", help="how it is called in sentences (default: made of the name)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the files, and say what they are for and what to do next.

    Raises:
        CourseError: when the name cannot be used, or something of this name is there.
    """
    from autograder.scaffold.lay_out import lay_out

    course, name = Course.find(), args.assignment
    for path in lay_out(course, name, args.title):
        print(path.relative_to(course.root))
    print(
        f"""
This works as it is, with one exercise. Change it step by step, and after each step:
  python -m autograder release {name}      # makes what students get
  python -m autograder verify {name}       # says what is missing, and what must not be there
  python -m autograder repeat {name} --times 3 --jobs 1   # grades the model answer
  python -m autograder demo {name}         # grades the samples, and compares each with what it must get"""
    )
    return 0

"""Lets ``python -m autograder`` run the command line."""

from .cli import main

main(prog_name="python -m autograder")

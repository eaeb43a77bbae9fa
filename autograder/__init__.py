"""The autograder's front door: ``check`` for students, ``prepare`` and ``grade`` for programs."""

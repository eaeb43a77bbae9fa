"""Judging: from hand-ins to verdicts, one by one and a class at a time."""

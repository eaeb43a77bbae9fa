"""Benches that compare in one run, and mutants that ask what the checks notice."""

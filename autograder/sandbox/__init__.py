"""The sandbox: where code that nobody trusts runs, and how it is talked to."""

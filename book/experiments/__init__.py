"""Seeded experiments on real data; each writes ``results/e??.json``, from which the chapters draw."""

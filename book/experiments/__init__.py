"""Seeded experiments on real data; each writes ``results/E??.json``, from which the chapters draw."""

"""The vocabulary in which assignments say what is asked: judges, shapes of criteria, windows and edges."""

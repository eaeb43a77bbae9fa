"""What students get: one archive with the released notebooks, and a package that brings ``check``."""

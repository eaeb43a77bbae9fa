"""What students and instructors look at: words, numbers as pictures, tables, whole pages."""

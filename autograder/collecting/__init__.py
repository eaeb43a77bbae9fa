"""What a learning platform lets an instructor download becomes hand-ins, each in its student's folder."""

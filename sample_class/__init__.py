"""The bundled class: hand-ins of every kind, and the right and wrong functions that they are made of."""

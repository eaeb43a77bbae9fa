"""What both sides of the sandbox's wall have agreed on: how a process is asked for, and how its end is told.

This module is mounted in the sandbox; it imports nothing but the standard library.
"""

from __future__ import annotations

import struct

# Of a request: nonce; bytes of memory, of a file, of a result. The filter follows.
REQUEST = struct.Struct("!16sQQQ")
REQUEST_BYTES = 1 << 16
# What is told about a process: that it has begun, how it ended (as waitpid says), or why it could not begin.
BEGUN, ENDED, REFUSED = b"b", b"e", b"r"
STATUS = struct.Struct("!i")
# Stands in a filter for the number of the process that will take it: no process has so high a number.
ITSELF = 0x7EADBEEF
# The process that runs a submission is the second one of its namespace.
OWN_PROCESS = 2
# Where the sandbox of namespaces has matplotlib's list of fonts.
FONTS = "/fonts"
# Where the sandbox of Landlock has a folder for each submission, below the grader's own for all of them.
SCRATCH = "scratch"

"""Where ec2x's sockets are not as the unix port's builtin ones, line by line: the test takes these and no others, and misses one that is gone.

script, title, ours, theirs, reason.
"""

UNIX = "the unix port's own way; esp32 and lwIP are as ours"

TABLE = ()

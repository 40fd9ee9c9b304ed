"""Where ec2x's sockets are not as the unix port's builtin ones: the test takes these and no others, and misses one that is gone.

The reference is not the unix port but what libraries meet on boards: extmod/modlwip.c and the esp32's sockets. What the module makes
unavoidable is in the README, too.
"""

RESET = "a URC tells that the peer has closed, and not how: a reset reads as the end"
FIN = "the module closes a connection properly, whatever was not read"
HALF = "a peer that closes its sending side has, for the module, closed"
SIZE = "a datagram has 1 to 1024 bytes, as a send has"
PARTIAL = "readinto() gives what is there: ssl needs it so"
OPTIONS = "the commands have no options: all is accepted, as lwIP accepts what it does not know"
PORT_ONLY = "AT+QFWDSERVER takes no address: only the port counts"
ONCE = "an error is raised once, then reads give the end"
TEXT = "an address is (host, port), as on boards, and not the unix port's bytes; a port that no command can carry is a ValueError"
NAMES = "getaddrinfo() resolves nothing and looks at nothing, for the module takes the name; its protocol is 0, as on lwIP"
OTHERWISE = "refused as well, by another error"
GIVEN_UP = "a connect that has failed, or whose time is over, is given up with its socket, as on lwIP when it has failed"
DATAGRAM = "read(n) is one datagram; the builtin one collects n bytes of any"
NO_LINES = "a datagram has no lines: of the builtin one each byte of a line costs a datagram"
CLOSED = "the unix port asks the kernel; lwIP does not look whether the socket is closed"
TIMEOUT = "the unix port's recv and send say EAGAIN when the time is over; its own read, and all calls of others, ETIMEDOUT"
UNCONNECTED = "a kernel says EPIPE, lwIP ENOTCONN"
KERNEL = "a kernel's way; lwIP's is ours"

# (script, line: as printed before the arrow, or a pattern, ours, theirs, reason)
TABLE = (
    ("accept_late", "after the close", "b'' end", "b'' ConnectionResetError", FIN),
    ("accept_reset", "recv", "b''", "OSError ECONNRESET", RESET),
    ("accept_timeout", "recv", "OSError ETIMEDOUT", "OSError EAGAIN", TIMEOUT),
    ("asyncio_failures", "reset", "'read'", "OSError ECONNRESET", RESET),
    ("asyncio_streams", "answer*", "OSError EPIPE", "None", HALF),
    ("closed_methods", "* set*", "None", "OSError EBADF", CLOSED),
    ("closed_methods", "* makefile", "a socket", "<io.FileIO -1>", CLOSED),
    ("closed_methods", "* fileno", "OSError EBADF", "-1", CLOSED),
    ("closed_methods", "udp readline", "AttributeError", "OSError EBADF", NO_LINES),
    ("connect_again", "connect again", "OSError EISCONN", "None", GIVEN_UP),
    ("connect_again", "poll", "IN OUT HUP", "none", GIVEN_UP),
    ("connect_again", "recv", "b''", "OSError EAGAIN", GIVEN_UP),
    ("connect_again", "send", "OSError EPIPE", "OSError EAGAIN", GIVEN_UP),
    ("connect_again", "connect again #2", "OSError EISCONN", "OSError EALREADY", GIVEN_UP),
    ("connect_refused", "poll", "IN OUT HUP", "OUT HUP", ONCE),
    ("connect_refused", "recv", "b''", "OSError ENOTCONN", ONCE),
    ("connect_twice", "connect when writable", "OSError EISCONN", "None", KERNEL),
    ("full_timeout", "send*", "OSError ETIMEDOUT", "OSError EAGAIN", TIMEOUT),
    ("getaddrinfo", "getaddrinfo*", "(2, 1, 0)", "(2, 1, 6)", NAMES),
    ("getaddrinfo", "getaddrinfo*", "(2, 2, 0)", "(2, 2, 17)", NAMES),
    ("getaddrinfo", "getaddrinfo*", "(10, 1, 0)", "(10, 1, 6)", NAMES),
    ("getaddrinfo", "getaddrinfo('127.0.0.1', None)", "(2, 1, 0)", "TypeError", NAMES),
    ("half_close", "send", "OSError EPIPE", "5", HALF),
    ("half_close", "the peer", "b'' end", "b'still' end", HALF),
    ("listening", "send", "OSError ENOTCONN", "OSError EPIPE", UNCONNECTED),
    ("listening", "write", "OSError ENOTCONN", "OSError EPIPE", UNCONNECTED),
    ("listening", "bind again", "None", "OSError EINVAL", KERNEL),
    ("names", "* iter", "AttributeError", "TypeError", OTHERWISE),
    ("names", "udp has readline", "False", "True", NO_LINES),
    ("new_socket", "*", "OSError ENOTCONN", "OSError EPIPE", UNCONNECTED),
    ("options", "*", "None", "OSError 92", OPTIONS),
    ("options", "*, None", "None", "TypeError", OPTIONS),
    ("options", "*, a str for a level", "None", "TypeError", OPTIONS),
    ("poll_states", "reset, in", "IN", "IN ERR HUP", RESET),
    ("poll_states", "reset, out", "OUT", "OUT ERR HUP", RESET),
    ("poll_states", "reset, both", "IN OUT", "IN OUT ERR HUP", RESET),
    ("poll_states", "reset, nothing", "none", "ERR HUP", RESET),
    ("poll_states", "reset was told, in", "IN", "IN HUP", RESET),
    ("poll_states", "reset was told, out", "OUT", "OUT HUP", RESET),
    ("poll_states", "reset was told, both", "IN OUT", "IN OUT HUP", RESET),
    ("poll_states", "reset was told, nothing", "none", "HUP", RESET),
    ("poll_states", "recv", "b''", "OSError ECONNRESET", RESET),
    ("poll_states", "closed", "NVAL", "none", KERNEL),
    ("readinto", "it waits until it is full", "2", "4", PARTIAL),
    ("reset", "poll*", "IN OUT", "IN OUT ERR HUP", RESET),
    ("reset", "recv", "b''", "OSError ECONNRESET", RESET),
    ("reset", "poll after the error", "IN OUT", "IN OUT HUP", RESET),
    ("reset", "read", "b''", "OSError ECONNRESET", RESET),
    ("reset", "poll after the error #2", "IN OUT", "IN OUT HUP", RESET),
    ("reset", "readline", "b''", "OSError ECONNRESET", RESET),
    ("reset", "poll after the error #3", "IN OUT", "IN OUT HUP", RESET),
    ("reset", "readinto", "0", "OSError ECONNRESET", RESET),
    ("reset", "poll after the error #4", "IN OUT", "IN OUT HUP", RESET),
    ("reset", "send*", "OSError EPIPE", "OSError ECONNRESET", RESET),
    ("reset", "after the data", "b''", "OSError ECONNRESET", RESET),
    ("reset", "write", "OSError EPIPE", "OSError ECONNRESET", RESET),
    ("settimeout_values", "settimeout(-1)", "ValueError", "None", "a negative timeout is none; the kernel's are odd"),
    ("settimeout_values", "settimeout(-0.5)", "ValueError", "OSError 33", OTHERWISE),
    ("socket_arguments", "socket(2, 99)", "OSError EOPNOTSUPP", "OSError EINVAL", OTHERWISE),
    ("socket_arguments", "socket('2',)", "OSError EAFNOSUPPORT", "TypeError", OTHERWISE),
    ("socket_arguments", "socket(2, '1')", "OSError EOPNOTSUPP", "TypeError", OTHERWISE),
    ("socket_arguments", "socket(None,)", "OSError EAFNOSUPPORT", "TypeError", OTHERWISE),
    ("tcp_recvfrom_sendto", "sendto without an address", "1", "TypeError", "TCP needs none"),
    ("tcp_recvfrom_sendto", "the host", "'127.0.0.1'", "MemoryError", "the peer's, as on lwIP: a kernel gives none"),
    ("timeouts", "recv", "OSError ETIMEDOUT", "OSError EAGAIN", TIMEOUT),
    ("timeouts", "recvfrom", "OSError ETIMEDOUT", "OSError EAGAIN", TIMEOUT),
    ("udp_sizes", "sendto of 0", "OSError EMSGSIZE", "0", SIZE),
    ("udp_sizes", "sendto of 1025", "OSError EMSGSIZE", "1025", SIZE),
    ("udp_sizes", "sendto of 1400", "OSError EMSGSIZE", "1400", SIZE),
    ("udp_sizes", "the peer", "1537 bytes of 1 of 512 of 1024", "3962 bytes of 0 of 1 of 512 of 1024 of 1025 of 1400", SIZE),
    ("udp_several", "read more than it has", "b'six'", "OSError ETIMEDOUT", DATAGRAM),
    ("unread_close", "the peer", "b'' end", "b'' ConnectionResetError", FIN),
    ("unread_close", "the peer #2", "b'bye' end end", "b'bye' ConnectionResetError end", FIN),
    ("with_block", "with", "OSError EBADF", "AttributeError", "a socket closes itself at the end of a with block, as CPython's"),
    ("wrong_addresses", "*('127.0.0.1',*)", "ValueError", "TypeError", TEXT),
    ("wrong_addresses", "*(())", "ValueError", "TypeError", TEXT),
    ("wrong_addresses", "*('127.0.0.1:80')", "ValueError", "OSError EINVAL", TEXT),
    ("wrong_addresses", "*bind((None, 80))", "None", "TypeError", PORT_ONLY),
    ("wrong_addresses", "*bind((1, 80))", "None", "TypeError", PORT_ONLY),
    ("wrong_arguments_write", "send with flags", "TypeError", "5", "lwIP's send has no flags, nor have the commands"),
)

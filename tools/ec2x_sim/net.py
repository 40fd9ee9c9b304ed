"""The network behind the module, as the core sees it.

Two classes implement it: `memnet.MemoryNet` (a world in memory, for tests) and `realnet.RealNet`
(sockets of this computer). Nothing blocks; failures are OSError with a Linux errno. What the core uses:

    net.changes                     an int that goes up whenever something may have become ready
    net.resolve(name, v6) -> lookup; v6 is None: either family, where the network tells both
        lookup.poll()               None while it runs, else (errno, [addresses]); errno 0 is success
    net.bind(proto, port, v6) -> listener, or OSError (98: the port is in use)
        listener.accept()           a connection that came in, or None
        listener.close()            connections accepted before stay; for UDP they go with it
    net.connect(proto, address, port, v6) -> connection, still connecting
        connection.status()         None while connecting, 0 when open, else the errno of the failure
        connection.remote  .local   (address, port); local only once it is open
        connection.read(n)          up to n bytes; None: nothing now; b"" is the end. UDP: one whole datagram,
                                    whatever n says, and b"" is an empty one
        connection.write(data)      how many were taken, 0: no room now. UDP: all or 0
        connection.close()          what write took is still delivered

`proto` is "tcp" or "udp". A UDP listener hands out one connection for each peer that sends to it.
"""

ENOENT = 2
EEXIST = 17
EPIPE = 32
EADDRINUSE = 98
EADDRNOTAVAIL = 99
ENETUNREACH = 101
ECONNRESET = 104
ETIMEDOUT = 110
ECONNREFUSED = 111
EHOSTUNREACH = 113


def is_address(host):
    """Is it an IP address rather than a name?"""
    if ":" in host:
        return True
    parts = host.split(".")
    if len(parts) != 4:
        return False
    for part in parts:
        if not part or len(part) > 3:
            return False
        for c in part:
            if not "0" <= c <= "9":
                return False
        if int(part) > 255:
            return False
    return True

"""select.poll and ipoll with several sockets: who is ready is named, and nobody else."""

import select

from see import client, listener, pause, tcp, tell, to, udp

silent, talker, closer = to("stay"), to("say hello"), to("close")
server, port = listener()
datagrams = udp()
fresh = tcp()
NAMES = (("silent", silent), ("talker", talker), ("closer", closer), ("server", server), ("datagrams", datagrams), ("fresh", fresh))
poll = select.poll()
for _, sock in NAMES:
    poll.register(sock, select.POLLIN)


def who(events):
    found = []
    for event in events:
        found += ["%s %d" % (name, event[1]) for name, sock in NAMES if sock is event[0]]
    found.sort()
    return ", ".join(found) or "nobody"


pause(200)
tell("poll", who(poll.poll(0)))
tell("ipoll", who(poll.ipoll(0)))
tell("client", client(port, "read"))
pause(200)
tell("poll, a client", who(poll.poll(0)))
poll.modify(silent, select.POLLOUT)
tell("after modify", who(poll.poll(0)))
poll.unregister(fresh)
poll.unregister(closer)
tell("after unregister", who(poll.poll(0)))
tell("one shot", who(poll.ipoll(0, 1)))
tell("after one shot", who(poll.poll(0)))

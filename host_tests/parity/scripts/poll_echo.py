"""20 kB out and back over a socket that does not block, as poll says."""

import select

from see import tell, to

data = bytes(range(256)) * 80
sock = to("echo")
sock.setblocking(False)
poll = select.poll()
poll.register(sock, select.POLLIN | select.POLLOUT)
sent = 0
back = bytearray()
for _ in range(5000):
    for _, event in poll.ipoll(1000):
        if event & select.POLLIN:
            back.extend(sock.read(1000) or b"")
        if event & select.POLLOUT and sent < len(data):
            sent += sock.write(data[sent : sent + 700]) or 0
            if sent == len(data):
                poll.modify(sock, select.POLLIN)
    if len(back) == len(data):
        break
tell("the same", bytes(back) == data)
tell("nothing more", poll.poll(50))
sock.close()

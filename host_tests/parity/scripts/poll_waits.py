"""poll waits for what it is asked for, and no longer."""

import select
import time

from see import tell, to, waited

sock = to("wait 300|say x|wait 300|close")
poll = select.poll()
poll.register(sock, select.POLLIN)
waited("a short time", 100, lambda: [event for _, event in poll.poll(100)])
start = time.ticks_ms()
waited("until it comes", 100, lambda: [event for _, event in poll.poll(3000)])
tell("at once", time.ticks_diff(time.ticks_ms(), start) < 2000)
sock.recv(1)
waited("until the end", 200, lambda: [event for _, event in poll.poll(3000)])

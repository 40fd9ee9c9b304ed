"""close() right after a write: what was taken arrives, whether the socket blocks or not."""

from see import heard, see, tell, to

for title, timeout in (("blocking", None), ("with a timeout", 2), ("not blocking", 0)):
    sock = to("read")
    sock.settimeout(timeout)
    see(title + ", write", sock.write, b"12345")
    see(title + ", write", sock.write, b"67890")
    see(title + ", close", sock.close)
    tell(title + ", the peers", heard())

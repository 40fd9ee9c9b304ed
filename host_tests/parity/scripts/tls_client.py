"""TLS over the socket: blocking, not blocking, with a timeout, and to the end."""

import ssl

from see import at, ready, see, tcp, tell, tls_peer

context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.verify_mode = ssl.CERT_NONE


def connected(program):
    sock = tcp()
    sock.connect(at(tls_peer(program)))
    return sock, context.wrap_socket(sock)


block = bytes(range(256)) * 20
sock, tls = connected("echo")
see("write", tls.write, b"hello\nworld")
see("readline", tls.readline)
see("read", tls.read, 5)
see("write of many", tls.write, block)
tell("the same", tls.read(len(block)) == block)
buf = bytearray(4)
see("write", tls.write, b"1234")
see("readinto", tls.readinto, buf)
tell("its content", buf)
tls.setblocking(False)
see("nothing there", tls.read, 1)
see("write", tls.write, b"last")
ready(tls)
see("read what came", tls.read, 10)
see("close", tls.close)
see("close again", tls.close)
see("the socket is closed, too", sock.read, 1)

sock, tls = connected("greeting")
see("read all", tls.read)
see("close", tls.close)

sock, tls = connected("echo")
sock.settimeout(0.2)
see("read in time", tls.read, 1)
tls.close()

sock = tcp()
sock.connect(at(tls_peer("echo")))
sock.setblocking(False)
tls = context.wrap_socket(sock, do_handshake_on_connect=False)
for _ in range(1000):
    taken = tls.write(b"hello")
    if taken:
        break
    ready(tls, 5)
tell("a handshake without waiting", taken)
ready(tls)
see("read", tls.read, 5)
tls.close()

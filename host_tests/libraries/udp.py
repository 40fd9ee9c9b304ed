"""The UDP server of this folder's tests."""

import contextlib
import socket
import threading

from devices import HOST


@contextlib.contextmanager
def server(answer):
    """Answers datagrams until the block ends; gives the port and the list of what went wrong."""
    failures = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HOST, 0))
        sock.settimeout(0.1)
        ended = threading.Event()

        def serve():
            number = 0
            while not ended.is_set():
                try:
                    query, peer = sock.recvfrom(2000)
                    data = answer(query, number)
                    number += 1
                    if data:
                        sock.sendto(data, peer)
                except TimeoutError:
                    pass
                except Exception as error:
                    failures.append(error)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield sock.getsockname()[1], failures
        finally:
            ended.set()
            thread.join()

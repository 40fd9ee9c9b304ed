"""All peers of a UDP server as one connection (E29)."""


class Gathered:
    """The net's interface of one connection over a listener's many. Datagrams lose their sender's name."""

    def __init__(self, listener, replies):
        self.replies = replies  # may it be written to at all?
        self._listener = listener
        self._peers = []
        self._last = None  # whose datagram came last

    def can_write(self):
        """Is there somebody to send to?"""
        return self.replies and self._last is not None

    def read(self, n):
        """One datagram of anybody's, or None."""
        peer = self._listener.accept()
        while peer:
            self._peers.append(peer)
            peer = self._listener.accept()
        for peer in self._peers:
            data = peer.read(n)
            if data is not None:
                self._last = peer
                return data
        return None

    def write(self, data):
        """Send to whoever was heard last."""
        return self._last.write(data)

    def close(self):
        """The listener is closed by its server."""

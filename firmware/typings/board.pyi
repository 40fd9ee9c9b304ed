"""What the board.py of each board has: see boards/."""

from typing import Any

from ec2x import Modem

def modem(**options: Any) -> Modem:
    """The modem on this board's pins. options: other pins, None for what is not wired, and ec2x.Modem's own."""

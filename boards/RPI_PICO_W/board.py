"""Raspberry Pi Pico W: the pins of README.md."""

from ec2x import uart

PINS = {"id": 0, "tx": 0, "rx": 1, "cts": 2, "rts": 3, "pwrkey": 4, "reset": 5, "status": 6, "dtr": 7, "best": 460800}


def modem(**options):
    """An ec2x.Modem. options: other pins, None for what is not wired, and ec2x.Modem's own."""
    return uart.modem(**dict(PINS, **options))

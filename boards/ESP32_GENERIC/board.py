"""ESP32: the pins of README.md."""

from ec2x import uart

PINS = {
    "id": 1, "tx": 32, "rx": 33, "cts": 13, "rts": 27, "pwrkey": 25, "reset": 26, "status": 4, "dtr": 23, "best": 921600, "timer": 3,
}  # fmt: skip


def modem(**options):
    """An ec2x.Modem. options: other pins, None for what is not wired, and ec2x.Modem's own."""
    return uart.modem(**dict(PINS, **options))

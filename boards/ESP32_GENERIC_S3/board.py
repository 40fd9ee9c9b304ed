"""ESP32-S3: the pins of README.md."""

from ec2x import uart

PINS = {
    "id": 1, "tx": 17, "rx": 18, "cts": 16, "rts": 15, "pwrkey": 4, "reset": 5, "status": 6, "dtr": 7, "best": 921600, "timer": 3,
}  # fmt: skip


def modem(**options):
    """An ec2x.Modem. options: other pins, None for what is not wired, and ec2x.Modem's own."""
    return uart.modem(**dict(PINS, **options))

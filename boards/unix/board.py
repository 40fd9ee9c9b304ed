"""The board that is a PC: MicroPython's unix port, with the modem, or its simulator, behind a tty or a TCP port."""

import os

import unix_uart


def modem(port=None, baud=None, best=None, **options):
    """An ec2x.Modem on `port`, or on $EC2X_PORT: the path of a pty or serial device, or tcp:HOST:PORT. best: the rate to agree on."""
    import ec2x

    if best:
        baud = baud or 115200
        options["best_baud"] = best
    port = port or os.getenv("EC2X_PORT")
    if not port:
        raise ValueError("no modem: start one with `make sim` and set EC2X_PORT to the port that it prints")
    try:
        uart = unix_uart.open_uart(port, baud)
    except OSError as error:
        raise OSError(error.errno, "%s does not open: is a modem, or `make sim`, behind it?" % port)
    if baud:
        options.setdefault("set_baud", uart.set_baud)
    it = ec2x.Modem(uart, **options)
    it.idle = uart.idle
    return it

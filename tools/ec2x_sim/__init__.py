"""A simulated Quectel EC25 with AT+QFWD*: a core without I/O, and a UART and a network in memory for tests.

This file imports only what runs under MicroPython too; the program is `python -m ec2x_sim`.
"""

from .memnet import MemoryNet
from .module import Module
from .pins import Pins
from .simuart import SimUart
from .wire import Clock, Line

__all__ = ["Clock", "Line", "MemoryNet", "Module", "Pins", "SimUart"]

"""`import socket` after ec2x.install(modem), for whoever checks an application: ec2x's, not the port's own."""

from ec2x.socket import *  # noqa: F403

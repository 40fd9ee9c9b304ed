"""trace pcapng: a dialogue as a capture. Wireshark's own dissector of AT commands reads it."""

import io
import struct

from pcapng import FileWriter, blocks

from .dialogue import Dialogue, Item

_UPPER_PDU = 252  # link type: the name of a dissector, then what it dissects
_DISSECTOR, _PROTOCOL, _END = 12, 33, 0  # its tags
_IN, _OUT = 1, 2  # epb_flags


def capture(dialogue: Dialogue) -> bytes:
    section = blocks.SectionHeader(options={"shb_userappl": "ec2x trace"})
    section.new_member(blocks.InterfaceDescription, link_type=_UPPER_PDU, options={"if_name": "UART"})
    file = io.BytesIO()
    writer = FileWriter(file, section)
    faults: list[str] = []
    for item in dialogue.items():
        if item.way == "!":
            faults.append(item.text)  # a remark on the next packet
        else:
            writer.write_block(_packet(section, item, faults))
            faults = []
    return file.getvalue()


def _tag(kind: int, value: bytes = b"") -> bytes:
    value += bytes(-len(value) % 4)
    return struct.pack(">HH", kind, len(value)) + value


def _packet(section, item: Item, faults: list[str]):
    shown = item.wire(b"")
    remarks = [f"socket {item.socket}"] * (item.socket is not None) + faults
    options = {"epb_flags": _OUT if item.way == ">" else _IN, **({"opt_comment": "; ".join(remarks)} if remarks else {})}
    packet = section.new_member(blocks.EnhancedPacket, options=options)
    head = _tag(_DISSECTOR, b"data") + _tag(_PROTOCOL, b"payload") if item.bulk else _tag(_DISSECTOR, b"at")
    packet.packet_data = head + _tag(_END) + shown
    packet.packet_len = len(packet.packet_data) + (item.size - len(shown) if item.bulk else 0)  # more than is captured
    packet.timestamp_high, packet.timestamp_low = divmod(item.ms * 1000, 1 << 32)
    return packet

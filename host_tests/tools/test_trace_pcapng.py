"""trace pcapng: what Wireshark opens has every line, which way it went, when, and which socket it is about."""

import io

from pcapng import FileScanner, blocks

from traces import PING, PONG, made, printed

# Which dissector, and for a payload what the packet is called.
AT, DATA = b"\0\x0c\0\x04at\0\0" + bytes(4), b"\0\x0c\0\x04data\0\x21\0\x08payload\0" + bytes(4)


def packets(capture):
    """(ms, outbound, dissector, what it dissects, bytes that were there, comment)"""
    section, interface, *rest = FileScanner(io.BytesIO(capture))
    assert isinstance(section, blocks.SectionHeader) and interface.link_type == 252  # WIRESHARK_UPPER_PDU
    for packet in rest:
        head = next(head for head in (AT, DATA) if packet.packet_data.startswith(head))
        data = packet.packet_data[len(head) :]
        ms = round(packet.timestamp * 1000)
        size = packet.packet_len - len(head)
        yield ms, packet.options["epb_flags"].inout == "outbound", head, data, size, packet.options.get("opt_comment", "")


def test_each_line_and_payload_is_a_packet_with_its_way_its_time_and_its_socket(tmp_path):
    text = '5000001 > AT+QFWDSEND=7,0,9\n5000002 < >\n5000003 > <9 bytes>\n5000004 ! no answer in time\n'
    text += '5000005 < +QFWDURC: "client/read",3\n'
    assert list(packets(made(tmp_path, text, "pcapng"))) == [
        (5000001, True, AT, b"AT+QFWDSEND=7,0,9\r", 18, "socket 7"),
        (5000002, False, AT, b"\r\n> ", 4, "socket 7"),
        (5000003, True, DATA, b"", 9, "socket 7"),
        (5000005, False, AT, b'\r\n+QFWDURC: "client/read",3\r\n', 29, "socket 3; no answer in time"),
    ]


def test_a_conversation_is_in_it_whole(tmp_path):
    text, _ = printed(True)
    payloads = [(outbound, data) for _, outbound, head, data, size, _ in packets(made(tmp_path, text, "pcapng")) if head == DATA and data]
    assert payloads == [(True, PING), (False, PONG)]

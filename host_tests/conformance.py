"""The manual, command by command and form by form: what it says, what we send and accept, and which test shows it.

python host_tests/conformance.py prints the table as Markdown. test_conformance.py fails when a row is not true.
"""

from collections import namedtuple

# What the manual gives to each command and each URC; each needs a row.
FORMS = {
    "QFWDSERVER": ("test", "write", "write: ERROR", "read", "range", "idle timeout", "auto-accept"),
    "QFWDCLIENT": ("test", "write", "write: ERROR", "read", "range", "remote_addr"),
    "QFWDSEND": (
        "test",
        "write, fixed length",
        "write, Ctrl+Z",
        "write, HEX",
        "write: ERROR instead of the prompt",
        "write: cancelled",
        "write: too long",
        "write: actual_send_len",
        "range",
    ),
    "QFWDRECV": ("test", "write", "write: ERROR", "write: actual_read_len", "range"),
    "QFWDACK": ("test", "write", "write: ERROR", "sendused 0"),
    "QFWDSSTATE": ("test", "write", "write: ERROR"),
    "QFWDCLOSE": ("test", "write", "write: ERROR", "of a TCP server"),
    "QFWDCFG": ("test", "query", "configure", "write: ERROR", "range"),
    "server/open": ("URC: 0", "URC: others"),
    "client/open": ("URC: 0", "URC: others"),
    "client/incoming": ("URC",),
    "client/read": ("URC",),
    "client/close": ("URC",),
    "chapter 4": ("the example", "AT+QFWDSERVER with six arguments", "AT+QFWDACK that reads"),
}

# sends: Lines, or nothing where the row is about what the module says. tests: "file::function", beside this file.
Row = namedtuple("Row", ("command", "form", "section", "says", "sends", "accepts", "assumed", "tests"))

# text goes out, and behind the prompt what it carries, when call gets a scene: fwd; modem; sock, a connected socket with id
# 40000; peer and far, the other ends of it and of client 7; server 1 listens on 2020 and has child 2.
Line = namedtuple("Line", ("text", "call", "carries"))


def line(text, call, carries=b""):
    return Line(text, call, carries)


def row(command, form, section, says, tests, sends=(), accepts="", assumed=""):
    return Row(command, form, section, says, sends, accepts, assumed, tests)


_FINAL = "OK; ERROR and +CME ERROR (number or text) raise ModemError EIO, with the code"
_OPENING = "OK and the open URC in any order, within 10 s (server), 150 s (TCP), 30 s (UDP); where one is lost, the list"
_NO_TIMES = "the response times: the manual gives none"
_NO_VALUE = "test_fwd.py::test_what_no_command_can_carry_is_refused_before_a_byte_is_written"
_EIGHT = "test_fwd.py::test_the_test_command_of_all_eight"
_REFUSED = "test_fwd.py::test_what_the_module_refuses_is_an_error_that_names_the_command"
_AS_PRINTED = "test_forms.py::test_each_command_is_as_the_manual_prints_it"
_AS_PRINTED_2 = "test_qfwd.py::test_each_command_is_as_the_manual_prints_it"
_SEND_FORMS = "test_fwd.py::test_every_way_to_send_delivers_the_very_bytes"


def _test(name, section, says, accepts="any lines under any prefix, then OK", assumed="", tests=()):
    sends = (line("AT+" + name + "=?", lambda s: s.fwd.test(name)),)
    tests = (_EIGHT, "test_forms.py::test_every_command_can_be_asked_what_it_takes") + tests
    return row(name, "test", section, says, tests, sends, accepts, assumed)


ROWS = (
    _test(
        "QFWDSERVER",
        "2.1",
        "lists the ranges of eight parameters, then OK",
        assumed="an ERROR to it means a firmware without socket forwarding: connect() asks it for 90 s, then fails",
        tests=("test_link.py::test_a_firmware_without_the_commands_is_told_after_a_minute_and_a_half",),
    ),
    row(
        "QFWDSERVER",
        "write",
        "2.1",
        "eight parameters: context, id, IP version, protocol, port, backlog, idle timeout, URC port; OK, later a URC",
        (
            "test_fwd.py::test_a_server_is_opened_with_what_was_asked",
            _AS_PRINTED,
            "test_fwd.py::test_the_open_urc_may_come_before_the_ok",
            "test_fwd.py::test_what_is_open_is_found_in_the_list_when_its_urc_is_lost",
            "test_server.py::test_a_socket_that_names_a_context_has_its_server_there",
            "test_listed.py::test_a_server_whose_open_urc_is_lost_is_found_before_its_time_is_over",
        ),
        (
            line('AT+QFWDSERVER=0,8,"IP","tcp",2021,5,65535,"uart1"', lambda s: s.fwd.server(8, 2021)),
            line('AT+QFWDSERVER=0,8,"IPV6","udp",2021,10,60,"uart1"', lambda s: s.fwd.server(8, 2021, "udp", "IPV6", 0, 10, 60)),
            line('AT+QFWDSERVER=0,40001,"IP","tcp",2021,3,65535,"uart1"', lambda s: s.listen(2021, 3)),
        ),
        _OPENING,
        "strings are quoted and spelt as in the answer to the test command; no parameter is left out; " + _NO_TIMES,
    ),
    row(
        "QFWDSERVER",
        "write: ERROR",
        "2.1",
        "ERROR when it cannot be",
        (
            _REFUSED,
            "test_server.py::test_an_id_in_use_is_replaced_by_another",
            "test_listener.py::test_a_port_in_use_is_told_at_once_even_when_non_blocking",
        ),
        accepts=_FINAL + "; a socket tries again under the next ids, four times in all",
        assumed="that ERROR may mean an id in use",
    ),
    row(
        "QFWDSERVER",
        "read",
        "2.1",
        "a line for each server: id, protocol, port, URC port; OK or ERROR",
        (
            "test_fwd.py::test_a_server_is_opened_with_what_was_asked",
            "test_fwd.py::test_empty_lists_are_empty",
            "test_conformance.py::test_the_lists_are_read_with_or_without_quotes_and_an_error_is_told",
        ),
        (line("AT+QFWDSERVER?", lambda s: s.fwd.servers()),),
        "no line or more, strings quoted or bare, ModemError EIO when a line cannot be read; " + _FINAL,
    ),
    row(
        "QFWDSERVER",
        "range",
        "2.1",
        "pdp_cid 0-16 (0: any address), id 1-65535, listen_port 1-65535, backlog 1-10, idle 1-65535 s",
        (
            _NO_VALUE,
            "test_forms.py::test_a_server_that_the_module_would_not_take_is_refused_before_a_byte_is_written",
            "test_forms.py::test_a_kind_of_socket_that_there_is_not_is_refused",
            "test_server.py::test_the_backlog_stays_within_what_the_module_takes",
        ),
        (
            line('AT+QFWDSERVER=0,1,"IP","tcp",1,1,1,"uart1"', lambda s: s.fwd.server(1, 1, "tcp", "IP", 0, 1, 1)),
            line(
                'AT+QFWDSERVER=16,65535,"IPV6","udp",65535,10,65535,"uart1"',
                lambda s: s.fwd.server(65535, 65535, "udp", "IPV6", 16, 10, 65535),
            ),
        ),
        "outside the range: ValueError, before a byte is written",
        "the id's range is that of the answer to the test command: the list of parameters gives none",
    ),
    row(
        "QFWDSERVER",
        "idle timeout",
        "2.1",
        "a connection without data for so many seconds, 60 by default, is closed by the module",
        (
            "test_conformance.py::test_an_idle_connection_is_closed_by_the_module_and_the_server_stays",
            "test_stream.py::test_the_end_of_the_stream_comes_after_its_last_byte",
            "sim/test_core_sockets.py::test_idle_connections_are_closed",
        ),
        (line('AT+QFWDSERVER=0,40001,"IP","tcp",2021,5,65535,"uart1"', lambda s: s.listen(2021, 5)),),
        "client/close: the end of the stream, as from a peer",
        "sockets ask for the most, 18 hours; the server itself stays; data either way counts",
    ),
    row(
        "QFWDSERVER",
        "auto-accept",
        "2.1",
        "the module accepts whoever connects",
        (
            "test_listener.py::test_connections_are_accepted_in_the_order_they_came",
            "test_backlog.py::test_whoever_finds_no_place_waits_and_has_lost_nothing",
            "test_backlog.py::test_no_more_than_thirty_two_wait_and_the_others_are_closed",
        ),
        accepts="who has no place in our table waits; the 33rd, or whom nobody accepts any more, is closed with AT+QFWDCLOSE",
    ),
    _test("QFWDCLIENT", "2.2", "lists the ranges of seven parameters, then OK"),
    row(
        "QFWDCLIENT",
        "write",
        "2.2",
        "seven parameters: context, id, IP version, protocol, address, port, URC port; OK, later a URC",
        (
            "test_fwd.py::test_a_client_is_opened_with_what_was_asked",
            _AS_PRINTED_2,
            "test_flow.py::test_the_open_urc_may_come_before_or_after_the_ok",
            "test_modem.py::test_clients_use_the_context_of_connect_and_listeners_any",
        ),
        (
            line('AT+QFWDCLIENT=0,8,"IP","tcp","198.51.100.9",80,"uart1"', lambda s: s.fwd.client(8, "198.51.100.9", 80)),
            line('AT+QFWDCLIENT=1,8,"IPV6","udp","::1",80,"uart1"', lambda s: s.fwd.client(8, "::1", 80, "udp", "IPV6", 1)),
            line('AT+QFWDCLIENT=1,40001,"IP","tcp","198.51.100.9",80,"uart1"', lambda s: s.connect("198.51.100.9", 80)),
        ),
        _OPENING,
        "no idle timeout is sent: the list of parameters has one, the syntax has not; " + _NO_TIMES,
    ),
    row(
        "QFWDCLIENT",
        "write: ERROR",
        "2.2",
        "ERROR when it cannot be",
        (
            "test_flow.py::test_an_opening_that_is_refused_for_ever_fails_with_the_modules_words",
            "test_flow.py::test_a_collision_of_ids_is_retried_with_another",
            "test_conformance.py::test_a_client_that_the_module_refuses_is_an_error",
        ),
        accepts=_FINAL + "; a socket tries again under the next ids, four times in all, then EHOSTUNREACH",
        assumed="that ERROR may mean an id in use",
    ),
    row(
        "QFWDCLIENT",
        "read",
        "2.2",
        "a line for each connection: id, direction (Active, Income), protocol, remote and local ends, URC port; OK or ERROR",
        (
            "test_fwd.py::test_a_client_is_opened_with_what_was_asked",
            "test_fwd.py::test_empty_lists_are_empty",
            "test_conformance.py::test_both_directions_are_listed",
            "test_conformance.py::test_the_lists_are_read_with_or_without_quotes_and_an_error_is_told",
        ),
        (line("AT+QFWDCLIENT?", lambda s: s.fwd.clients()),),
        "no line or more, strings quoted or bare, ModemError EIO when a line cannot be read; " + _FINAL,
    ),
    row(
        "QFWDCLIENT",
        "range",
        "2.2",
        "pdp_cid 0-16 (0: any address), id 1-65535, remote_port 1-65535",
        (_NO_VALUE, "test_forms.py::test_a_number_that_the_module_would_not_take_is_refused_before_a_byte_is_written"),
        (
            line('AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.9",1,"uart1"', lambda s: s.fwd.client(1, "198.51.100.9", 1)),
            line(
                'AT+QFWDCLIENT=16,65535,"IPV6","udp","::1",65535,"uart1"',
                lambda s: s.fwd.client(65535, "::1", 65535, "udp", "IPV6", 16),
            ),
        ),
        "outside the range: ValueError, before a byte is written",
    ),
    row(
        "QFWDCLIENT",
        "remote_addr",
        "2.2",
        "an IP address or a domain name",
        (
            "test_fwd.py::test_a_client_is_opened_with_what_was_asked",
            "test_qfwd.py::test_the_longest_host_name_fits",
            "test_qfwd.py::test_a_host_name_that_could_speak_to_the_module_is_refused_before_a_byte_is_written",
        ),
        (line('AT+QFWDCLIENT=0,8,"IP","tcp","far.example",80,"uart1"', lambda s: s.fwd.client(8, "far.example", 80)),),
        "a name goes to the module as it is",
        "at most 255 characters of printable ASCII, without a quote",
    ),
    _test("QFWDSEND", "2.3", "names the parameters, then OK"),
    row(
        "QFWDSEND",
        "write, fixed length",
        "2.3",
        "id, format 0 and a length; the prompt; the data; how much was taken, and OK",
        (
            _SEND_FORMS,
            "test_qfwd.py::test_each_form_of_a_send_has_its_length_and_its_end",
            "test_stream.py::test_every_byte_arrives_both_ways_whatever_it_is",
        ),
        (
            line("AT+QFWDSEND=7,0,5", lambda s: s.fwd.send(7, b"hello"), b"hello"),
            line("AT+QFWDSEND=7,0,3", lambda s: s.fwd.send(7, b"\x1a\x1b\0"), b"\x1a\x1b\0"),
            line("AT+QFWDSEND=40000,0,5", lambda s: s.sock.send(b"hello"), b"hello"),
        ),
        "the prompt as '>' at the start of a line, with or without a space; then id and length, then OK",
        "with a length every byte is literal (else the profile's send), and the payload comes back only if its line does",
    ),
    row(
        "QFWDSEND",
        "write, Ctrl+Z",
        "2.3",
        "id and format, no length; the data up to Ctrl+Z",
        (_SEND_FORMS, "test_chat.py::test_every_payload_leaves_exactly_however_little_the_uart_takes", _NO_VALUE),
        (line("AT+QFWDSEND=7,0", lambda s: s.fwd.send(7, b"hello", fixed=False), b"hello\x1a"),),
        "as above; data with Ctrl+Z or ESC in it: ValueError",
        "no comma without a length, though the manual has it outside the bracket; modem.fwd adds it when that is refused",
    ),
    row(
        "QFWDSEND",
        "write, HEX",
        "2.3",
        "format 1: the data as hexadecimal digits",
        (_SEND_FORMS, "test_chapter4.py::test_chapter_4_of_the_manual", "test_fwd.py::test_hex_digits_are_right_wherever_a_piece_begins"),
        (
            line("AT+QFWDSEND=7,1", lambda s: s.fwd.send(7, b"11", hex=True, fixed=False), b"3131\x1a"),
            line("AT+QFWDSEND=7,1,2", lambda s: s.fwd.send(7, b"\xab\x01", hex=True), b"AB01"),
        ),
        "the length taken in bytes, as chapter 4 has it (3131 is 2)",
        "that a length in the command counts bytes too",
    ),
    row(
        "QFWDSEND",
        "write: ERROR instead of the prompt",
        "2.3",
        "ERROR when a parameter is wrong",
        (_REFUSED, "test_traffic.py::test_a_send_that_is_refused_before_the_prompt_is_repeated"),
        accepts=_FINAL + "; no payload goes out; a socket asks four times, then ECONNRESET",
    ),
    row(
        "QFWDSEND",
        "write: cancelled",
        "2.3",
        "OK alone when it is cancelled",
        (
            "test_fwd.py::test_cancel_sends_nothing",
            "test_forms.py::test_a_send_is_cancelled_by_esc_and_ended_where_that_does_nothing",
            "test_fwd.py::test_an_ok_without_a_count_is_an_error_for_nobody_knows_what_was_taken",
            "test_traffic.py::test_an_ok_without_a_count_behind_a_payload_fails_the_socket_for_nobody_knows_what_was_taken",
        ),
        (line("AT+QFWDSEND=7,0", lambda s: s.fwd.cancel(7), b"\x1b\x1a"),),
        "OK without a count, or ERROR behind the prompt; where nothing was cancelled: ModemError EIO, on a socket ECONNRESET",
        "ESC, which the manual does not name, and Ctrl+Z for a module that drops it: a send of nothing",
    ),
    row(
        "QFWDSEND",
        "write: too long",
        "2.3",
        "ERROR when there were more than 1024 bytes",
        (
            "test_conformance.py::test_more_than_1024_bytes_are_an_error_and_the_next_command_is_understood",
            _NO_VALUE,
            "test_traffic.py::test_a_send_that_is_refused_behind_the_prompt_is_not_repeated",
        ),
        accepts="never sent; an ERROR behind the prompt fails the socket, and nothing is sent twice",
        assumed="the 1024 count bytes, not digits",
    ),
    row(
        "QFWDSEND",
        "write: actual_send_len",
        "2.3",
        "0-1024 bytes were taken",
        (
            "test_fwd.py::test_a_module_whose_queue_is_full_takes_less_or_nothing",
            "test_traffic.py::test_a_short_write_is_completed_and_nothing_goes_twice",
            "test_fwd.py::test_an_answer_that_is_for_another_is_an_error",
            "test_traffic.py::test_an_answer_to_a_send_that_cannot_be_right_fails_the_socket",
        ),
        accepts="0 up to what was sent; the rest is sent again; more, another id or no number fails the socket",
    ),
    row(
        "QFWDSEND",
        "range",
        "2.3",
        "send_len 1-1024",
        (_NO_VALUE, _SEND_FORMS, "test_qfwd.py::test_each_form_of_a_send_has_its_length_and_its_end"),
        (
            line("AT+QFWDSEND=7,0,1", lambda s: s.fwd.send(7, b"x"), b"x"),
            line("AT+QFWDSEND=7,0,1024", lambda s: s.fwd.send(7, b"x" * 1024), b"x" * 1024),
        ),
        "outside the range: ValueError, before a byte is written",
    ),
    _test(
        "QFWDRECV",
        "2.4",
        "names the parameters under +QFWDPRECV, then OK",
        tests=("test_forms.py::test_an_answer_under_a_misprinted_prefix_is_handed_out_all_the_same",),
    ),
    row(
        "QFWDRECV",
        "write",
        "2.4",
        "id and length; id, length, CR LF and the data, then OK",
        (
            "test_fwd.py::test_recv_gives_what_came_and_no_more_than_was_asked",
            _AS_PRINTED_2,
            "test_traffic.py::test_a_header_is_understood_in_each_way_that_the_manual_can_be_read",
            "test_traffic.py::test_data_without_its_trailer_never_becomes_readable",
        ),
        (
            line("AT+QFWDRECV=7,100", lambda s: s.fwd.recv(7, 100)),
            line("AT+QFWDRECV=40000,1024", lambda s: s.read(b"hello")),
        ),
        "+QFWDRECV or +QFWDPRECV, CR LF with or without commas around it, exactly so many bytes, CR LF, OK",
        "the commas around <0D> and <0A> are typography; the data is raw, whatever format it was sent in",
    ),
    row(
        "QFWDRECV",
        "write: ERROR",
        "2.4",
        "ERROR when it cannot be",
        (
            _REFUSED,
            "test_traffic.py::test_a_read_that_is_refused_is_repeated_and_then_fails",
            "test_traffic.py::test_a_refusal_may_mean_that_there_is_nothing_which_the_counters_tell",
            "test_fwd.py::test_a_refused_read_is_empty_only_where_the_counters_say_so",
        ),
        accepts=_FINAL + "; the counters are asked whether it means that there is nothing to read",
        assumed="that ERROR may mean an empty queue",
    ),
    row(
        "QFWDRECV",
        "write: actual_read_len",
        "2.4",
        "0-1024 bytes follow",
        (
            "test_traffic.py::test_an_empty_read_in_any_form_is_no_error",
            "test_qfwd.py::test_a_reader_is_given_the_exact_bytes_or_the_answer_is_broken",
            "test_fwd.py::test_an_answer_that_is_for_another_is_an_error",
            "test_traffic.py::test_an_answer_to_a_read_that_cannot_be_right_fails_the_socket_and_no_other",
        ),
        accepts="0 up to what was asked for; OK alone is 0; more, another id or no number fails the socket",
        assumed="OK alone, and 0 with or without an empty line, mean that there is nothing",
    ),
    row(
        "QFWDRECV",
        "range",
        "2.4",
        "read_len 1-1024",
        (_NO_VALUE, "test_forms.py::test_a_number_that_the_module_would_not_take_is_refused_before_a_byte_is_written"),
        (line("AT+QFWDRECV=7,1", lambda s: s.fwd.recv(7, 1)), line("AT+QFWDRECV=7,1024", lambda s: s.fwd.recv(7, 1024))),
        "outside the range: ValueError, before a byte is written",
    ),
    _test("QFWDACK", "2.5", "names the parameter, then OK", assumed="no space behind AT+, which the manual's heading has"),
    row(
        "QFWDACK",
        "write",
        "2.5",
        "id; id and six counters: used, unused and maximum, to send and received; OK",
        (
            "test_fwd.py::test_the_counters_are_those_of_the_module_and_have_names",
            "test_qfwd.py::test_each_counter_of_the_queue_is_read_from_its_place",
            "test_traffic.py::test_a_look_that_is_garbled_fails_the_socket",
        ),
        (
            line("AT+QFWDACK=7", lambda s: s.fwd.ack(7)),
            line("AT+QFWDACK=40000", lambda s: s.sock.unacked()),
        ),
        "six numbers for that id; fewer, negative ones or another id: ModemError EIO",
        "used and unused need not add up to the maximum",
    ),
    row(
        "QFWDACK",
        "write: ERROR",
        "2.5",
        "ERROR when it cannot be",
        (
            _REFUSED,
            "test_drain.py::test_a_module_that_does_not_tell_is_no_module_that_has_delivered",
            "test_traffic.py::test_a_look_that_says_nothing_of_use_does_not_stop_the_sending",
        ),
        accepts=_FINAL + "; drain() and unacked() raise EIO, sending goes on",
    ),
    row(
        "QFWDACK",
        "sendused 0",
        "2.5",
        "0: all data has been sent",
        (
            "test_drain.py::test_drain_waits_until_all_is_delivered",
            "test_drain.py::test_unacked_is_what_the_module_still_holds",
            "test_flow.py::test_close_waits_until_the_module_has_delivered",
        ),
        (line("AT+QFWDACK=40000", lambda s: s.sock.drain(5)),),
        "drain() and close() wait for the 0",
        "whether 0 means acknowledged by the peer, or only gone, is not said",
    ),
    _test("QFWDSSTATE", "2.6", "OK alone", "no line or any, then OK"),
    row(
        "QFWDSSTATE",
        "write",
        "2.6",
        "a server's id; a line for each of its clients: number, id, remote and local ends; OK",
        (
            "test_chapter4.py::test_chapter_4_of_the_manual",
            "test_forms.py::test_a_servers_connections_are_read_from_its_state",
            "test_server.py::test_a_connection_whose_urc_was_lost_is_accepted_all_the_same",
        ),
        (line("AT+QFWDSSTATE=1", lambda s: s.fwd.sstate(1)),),
        "no line or more, strings quoted or bare; a listening socket takes a client it has not heard of for a new one",
        "OK alone means that there is no client",
    ),
    row(
        "QFWDSSTATE",
        "write: ERROR",
        "2.6",
        "ERROR when it cannot be",
        (_REFUSED, "test_conformance.py::test_a_load_state_that_is_refused_does_not_stop_a_listener"),
        accepts=_FINAL + "; a listening socket goes on",
    ),
    _test("QFWDCLOSE", "2.7", "OK alone", "no line or any, then OK", "the table's heading, AT+QFWDSSTATE, is a misprint"),
    row(
        "QFWDCLOSE",
        "write",
        "2.7",
        "id; OK",
        ("test_fwd.py::test_close_closes", _AS_PRINTED_2, "test_flow.py::test_close_delivers_what_was_sent"),
        (
            line("AT+QFWDCLOSE=7", lambda s: s.fwd.close(7)),
            line("AT+QFWDCLOSE=40000", lambda s: s.sock.close()),
        ),
        "OK within 12 s; no client/close is waited for, and one that comes is passed over",
        "what the module has not sent yet may be lost: a socket first waits for sendused 0, 5 s at most; " + _NO_TIMES,
    ),
    row(
        "QFWDCLOSE",
        "write: ERROR",
        "2.7",
        "ERROR when it cannot be",
        (
            _REFUSED,
            "test_flow.py::test_an_error_after_the_close_of_a_lost_socket_does_not_matter",
            "test_flow.py::test_close_ends_whether_the_module_answers_or_not",
        ),
        accepts=_FINAL + "; close() of a socket never raises",
    ),
    row(
        "QFWDCLOSE",
        "of a TCP server",
        "2.7",
        "only this TCP server is closed, not its clients",
        (
            "test_conformance.py::test_a_closed_server_leaves_its_clients_open",
            "test_listener.py::test_closing_the_listener_leaves_the_accepted_and_closes_the_waiting",
            "test_datagram.py::test_closing_closes_all_its_peers_after_what_was_sent",
        ),
        (line("AT+QFWDCLOSE=1", lambda s: s.fwd.close(1)),),
        "clients that were accepted stay; those that wait, and those that come meanwhile, are closed one by one",
        "of a UDP server the manual says nothing: its peers are closed one by one too",
    ),
    _test("QFWDCFG", "2.8", 'names the parameters of "urc", then OK', assumed="the heading, AT+QFWDCGF, is a misprint"),
    row(
        "QFWDCFG",
        "query",
        "2.8",
        '"urc" and an id; the same and its URC port; OK',
        ("test_fwd.py::test_the_urc_port_is_told_and_set", _AS_PRINTED),
        (line('AT+QFWDCFG="urc",7', lambda s: s.fwd.urc_port(7)),),
        "the port, quoted or bare; OK alone is None; another id, or no port: ModemError EIO",
    ),
    row(
        "QFWDCFG",
        "configure",
        "2.8",
        '"urc", an id and a URC port; OK',
        ("test_fwd.py::test_the_urc_port_is_told_and_set", "test_conformance.py::test_urcs_go_where_they_were_sent"),
        (line('AT+QFWDCFG="urc",7,"usbat"', lambda s: s.fwd.urc_port(7, "usbat")),),
        _FINAL,
        "sockets never need it: each opening names the port that the modem has, uart1 if nothing else is said",
    ),
    row("QFWDCFG", "write: ERROR", "2.8", "ERROR when it cannot be", (_REFUSED,), accepts=_FINAL),
    row(
        "QFWDCFG",
        "range",
        "2.8",
        "urc_port: Uart1, Usbat, Usbmodem",
        (
            "test_forms.py::test_only_the_modules_own_ports_get_urcs",
            "test_regressions.py::test_a_bad_urc_port_is_refused_where_it_is_given",
            _NO_VALUE,
        ),
        (
            line('AT+QFWDCFG="urc",7,"uart1"', lambda s: s.fwd.urc_port(7, "uart1")),
            line('AT+QFWDCFG="urc",7,"usbmodem"', lambda s: s.fwd.urc_port(7, "usbmodem")),
        ),
        "any other: ValueError, before a byte is written",
        "lower case, as in the answers to the test commands",
    ),
    row(
        "server/open",
        "URC: 0",
        "3.1",
        "id and 0: the server is set up",
        (
            "test_qfwd.py::test_each_of_the_five_urcs_says_what_it_says",
            "test_fwd.py::test_the_open_urc_may_come_before_the_ok",
            "test_qfwd.py::test_a_urc_in_another_spelling_is_understood",
        ),
        accepts="before or after the OK, quoted or bare, in any case, with more fields",
    ),
    row(
        "server/open",
        "URC: others",
        "3.1",
        "id and another number: it is not set up",
        (
            "test_fwd.py::test_a_result_other_than_0_is_kept_and_has_an_errno",
            "test_listener.py::test_a_server_that_the_module_does_not_open_is_told",
            "test_forms.py::test_a_result_that_nobody_knows_is_the_usual_one",
        ),
        accepts="any number, also a negative one; it is kept in the error's result",
        assumed="which errno it is: EADDRINUSE where nothing is known",
    ),
    row(
        "client/open",
        "URC: 0",
        "3.2",
        "id and 0: the client is connected",
        (
            "test_qfwd.py::test_each_of_the_five_urcs_says_what_it_says",
            "test_flow.py::test_the_open_urc_may_come_before_or_after_the_ok",
            "test_fwd.py::test_the_urcs_of_others_do_not_open_it",
            "test_flow.py::test_an_open_urc_that_comes_too_late_opens_nothing",
        ),
        accepts="before or after the OK, for that id alone, quoted or bare, in any case, with more fields",
        assumed="a UDP client gets it too",
    ),
    row(
        "client/open",
        "URC: others",
        "3.2",
        "id and another number: it is not connected",
        (
            "test_flow.py::test_a_failure_may_come_before_or_after_the_ok",
            "test_stream.py::test_a_connection_that_is_refused_says_so_and_keeps_the_result",
            "test_forms.py::test_a_result_is_the_errno_that_a_kernel_would_give",
        ),
        accepts="any number, also a negative one; it is kept in the error's result",
        assumed="which errno it is: ECONNREFUSED where nothing is known",
    ),
    row(
        "client/incoming",
        "URC",
        "3.3",
        "the server's id, the client's id, its remote and local ends",
        (
            "test_qfwd.py::test_each_of_the_five_urcs_says_what_it_says",
            "test_forms.py::test_the_peer_of_an_incoming_connection_is_known",
            "test_server.py::test_a_connection_heard_of_twice_is_one_connection",
            "test_server.py::test_an_id_given_to_another_ends_the_old_socket_and_spares_the_new",
            "test_server.py::test_garbled_news_of_a_connection_is_counted_and_dropped",
            "test_udpserver.py::test_what_comes_on_the_servers_own_id_is_read_and_the_answer_goes_to_the_last_one_heard",
        ),
        accepts="any id from 1 to 65535, also one that was in use; lost: found by the load state; twice: once",
        assumed="a UDP server reports each of its peers so, or has all of them on its own id; the local end may be 0.0.0.0",
    ),
    row(
        "client/read",
        "URC",
        "3.4",
        "id: data of the connection to the local server can be read",
        (
            "test_chapter4.py::test_chapter_4_of_the_manual",
            "test_traffic.py::test_a_lost_urc_costs_a_quarter_of_a_second_not_the_data",
            "test_traffic.py::test_a_urc_in_the_middle_of_a_read_is_followed",
            "test_sockets.py::test_urcs_are_understood_quoted_or_bare_in_any_case_and_with_more_fields",
        ),
        accepts="once, often, never: it is a hint, and a socket looks by itself too",
        assumed="clients that connect out have it too",
    ),
    row(
        "client/close",
        "URC",
        "3.5",
        "id: the client is closed",
        (
            "test_chapter4.py::test_chapter_4_of_the_manual",
            "test_stream.py::test_the_end_of_the_stream_comes_after_its_last_byte",
            "test_traffic.py::test_after_the_peers_close_nothing_more_is_sent",
            "test_stream.py::test_a_read_that_is_refused_after_the_peers_close_is_the_end",
            "test_traffic.py::test_an_end_whose_urc_comes_seconds_after_the_id_is_gone_is_an_end_and_no_error",
        ),
        accepts="what can still be read is read first; 2.6 s after a read that was refused it still counts",
        assumed="that unread data may still be there; and that the id may be taken until AT+QFWDCLOSE",
    ),
    row(
        "chapter 4",
        "the example",
        "4",
        "a server, two clients, its load state, a send in HEX, a read, a close by each side",
        ("test_chapter4.py::test_chapter_4_of_the_manual", "sim/test_core_chapter4.py::test_the_manuals_example_comes_out_as_printed"),
        (
            line("AT+QFWDSSTATE=1", lambda s: s.fwd.sstate(1)),
            line("AT+QFWDSEND=2,1", lambda s: s.fwd.send(2, b"11", hex=True, fixed=False), b"3131\x1a"),
            line("AT+QFWDCLOSE=2", lambda s: s.fwd.close(2)),
        ),
        "the answers and the URCs as printed",
        "the spaces behind = are typography: we send none",
    ),
    row(
        "chapter 4",
        "AT+QFWDSERVER with six arguments",
        "4",
        "id, APN, IP version, protocol, port, backlog",
        (
            "test_conformance.py::test_the_lines_of_chapter_4_go_through_as_they_are_printed",
            "test_profile.py::test_a_server_of_six_arguments_is_opened_found_and_heard",
        ),
        accepts="sent only with the profile's server, or by modem.command()",
        assumed="a leftover: the eight of 2.1 are right",
    ),
    row(
        "chapter 4",
        "AT+QFWDACK that reads",
        "4",
        "id and 1024; id, length and the data",
        ("test_conformance.py::test_the_lines_of_chapter_4_go_through_as_they_are_printed",),
        accepts="sent only when an application says it itself, by modem.command()",
        assumed="a leftover: 2.4 is right",
    ),
)


def problems(rows, text_of):
    """What is wrong with the table, in words. text_of(file) is the text of a test file, or None."""
    found = []
    for r in rows:
        title = "%s, %s" % (r.command, r.form)
        if r.form not in FORMS.get(r.command, ()):
            found.append(title + ": the manual has no such form")
        if not (r.section and r.says and (r.sends or r.accepts)):
            found.append(title + ": a column is empty")
        if not r.tests:
            found.append(title + ": no test shows it")
        for name in r.tests:
            file, _, function = name.partition("::")
            text = text_of(file)
            if not function.startswith("test_") or text is None or "\ndef " + function + "(" not in text:
                found.append("%s: there is no %s" % (title, name))
    for command in sorted(FORMS):
        for form in FORMS[command]:
            n = len([r for r in rows if (r.command, r.form) == (command, form)])
            if n != 1:
                found.append("%s, %s: has %d rows" % (command, form, n))
    return found


def _sent(one):
    data = one.carries
    shown = "%d bytes" % len(data) if len(data) > 16 else "".join([chr(b) if 32 < b < 127 else "<%02X>" % b for b in data])
    return "`%s`" % one.text + (" and behind the prompt `%s`" % shown if data else "")


def markdown():
    """The table, line by line."""
    yield "| Command | Form | Manual | It says | We send | We accept | Assumed | Shown by |"
    yield "|---|---|---|---|---|---|---|---|"
    for r in ROWS:
        sends = "<br>".join([_sent(one) for one in r.sends])
        cells = (r.command, r.form, r.section, r.says, sends, r.accepts, r.assumed, "<br>".join(["`%s`" % t for t in r.tests]))
        yield "| " + " | ".join([cell.replace("|", "\\|") for cell in cells]) + " |"


if __name__ == "__main__":
    for text in markdown():
        print(text)

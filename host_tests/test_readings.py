"""What the driver does with each reading of the manual: the table, and the simulator's proof of it."""

from ec2x_sim.quirks import READINGS
from ec2x_sim.readings import SWITCHES
from readings import TRANSPORTS, attempt, client, server, udp

EXACT = ("exact", "exact", "exact")
SCENES = (client, server, udp)

# (switch, value): what comes of TCP client, TCP server and UDP; wrong: see KNOWN_WRONG.
EXPECTED = {
    ("server_syntax", "legacy"): ("exact", "errno EADDRINUSE", "errno EADDRINUSE"),
    ("server_syntax", "both"): EXACT,
    ("trailing_optional", "no"): EXACT,
    ("default_urc_port", "issuing"): EXACT,
    ("child_urc", "default"): ("exact", "errno ECONNRESET", "errno ETIMEDOUT"),
    ("case", "strict"): EXACT,
    ("reply_case", "lower"): EXACT,
    ("reply_case", "upper"): EXACT,
    ("reply_case", "title"): EXACT,
    ("client_idle_arg", "yes"): EXACT,
    ("recv_prefix", "QFWDPRECV"): EXACT,
    ("ack_reads", "yes"): EXACT,
    ("recv_sep", "comma_crlf"): EXACT,
    ("recv_sep", "commas_all"): EXACT,
    ("recv_sep", "comma"): ("errno ECONNRESET", "errno ECONNRESET", "errno ECONNRESET"),
    ("empty", "error"): EXACT,
    ("empty", "ok_only"): EXACT,
    ("udp_tail", "keep"): EXACT,
    ("udp_merge", "yes"): EXACT,
    ("need_trailing_comma", "yes"): EXACT,
    ("prompt", "gt_sp"): EXACT,
    ("prompt", "gt"): EXACT,
    ("prompt", "crlf_gt_crlf"): EXACT,
    ("prompt_delay", "50"): EXACT,
    ("prompt_delay", "2000"): EXACT,
    ("cancel", "error"): EXACT,
    ("cancel", "ignored"): EXACT,
    ("hex_len", "chars"): EXACT,
    ("hex_limit", "chars"): EXACT,
    ("hex_bad", "truncate"): EXACT,
    ("fixed_literal", "no"): ("errno ETIMEDOUT", "wrong", "wrong"),
    ("overflow", "error_now_spill"): EXACT,
    ("short_write", "1"): EXACT,
    ("short_write", "7"): EXACT,
    ("short_write", "100"): EXACT,
    ("short_udp", "yes"): EXACT,
    ("payload_echo", "always"): ("errno ECONNRESET", "errno ECONNRESET", "errno ECONNRESET"),
    ("payload_echo", "never"): EXACT,
    ("echo", "stuck"): EXACT,
    ("read_urc", "level"): EXACT,
    ("read_urc", "per_segment"): EXACT,
    ("read_urc", "lost"): EXACT,
    ("rearm", "on_read"): EXACT,
    ("read_urc_active", "no"): EXACT,
    ("read_urc_len", "yes"): EXACT,
    ("ack_sum", "less"): EXACT,
    ("sendmax", "1460"): EXACT,
    ("sendmax", "64"): EXACT,
    ("recvmax", "1460"): EXACT,
    ("recvmax", "64"): EXACT,
    ("accept_alloc", "next"): EXACT,
    ("accept_alloc", "top"): EXACT,
    ("reuse", "never"): EXACT,
    ("dup", "urc"): EXACT,
    ("dup_port", "error"): EXACT,
    ("result_style", "errno"): EXACT,
    ("result_style", "55x"): EXACT,
    ("result_style", "neg"): EXACT,
    ("open_urc", "before"): EXACT,
    ("open_urc", "never"): ("errno ETIMEDOUT", "errno ETIMEDOUT", "wrong"),
    ("open_urc", "error"): EXACT,
    ("open_delay", "100"): EXACT,
    ("open_delay", "5000"): EXACT,
    ("on_close", "discard"): EXACT,
    ("slot", "held"): EXACT,
    ("close_urc_local", "yes"): EXACT,
    ("udp_close_children", "no"): EXACT,
    ("udp_server", "single_last_peer"): ("exact", "exact", "errno ETIMEDOUT"),
    ("udp_server", "single_noreply"): ("exact", "exact", "errno ETIMEDOUT"),
    ("list_quoting", "bare"): EXACT,
    ("sstate_unknown", "ok"): EXACT,
    ("local_ip", "real"): EXACT,
    ("pdp_required", "no"): EXACT,
    ("pdp_drop_urc", "no"): EXACT,
    ("idle_counts", "rx"): EXACT,
    ("idle_counts", "tx"): EXACT,
    ("idle_scale", "100"): EXACT,
    ("idle_scale", "10"): EXACT,
    ("max_sockets", "4"): EXACT,
    ("max_sockets", "12"): EXACT,
    ("full", "silent"): EXACT,
    ("cme", "num"): EXACT,
    ("cme", "text"): EXACT,
    ("ap_boot_delay", "5"): EXACT,
    ("ap_boot_delay", "60"): EXACT,
    ("nul", "truncate"): ("errno ETIMEDOUT", "wrong", "wrong"),
    ("recv_cap", "700"): EXACT,
    ("recv_cap", "100"): ("exact", "exact", "wrong"),
    ("dns_delay", "200"): EXACT,
    ("dns_delay", "20000"): EXACT,
    ("dns", "fail"): EXACT,
    ("close_flush", "no"): EXACT,
    ("recv_hex", "yes"): ("errno ECONNRESET", "errno ECONNRESET", "errno ECONNRESET"),
    ("urc_place", "any_line"): EXACT,
    ("urc_place", "torn"): ("errno ECONNRESET", "errno ECONNRESET", "exact"),
}

# (switch, value, transport): why it hangs or is silently wrong. To be emptied.
KNOWN_WRONG = {
    ("fixed_literal", "no", "server"): "1A in a payload ends the send early; what follows is lost",
    ("fixed_literal", "no", "udp"): "1A in a payload ends the send early; what follows is lost",
    ("open_urc", "never", "udp"): "an open without its URC is not noticed, and the wait ends only by the budget",
    ("nul", "truncate", "server"): "raw data is cut at a NUL, and the rest is lost",
    ("nul", "truncate", "udp"): "raw data is cut at a NUL, and the rest is lost",
    ("recv_cap", "100", "udp"): "a datagram longer than the cap is delivered cut",
}


def test_the_table_has_each_reading_and_no_other():
    every = {(name, value) for name in READINGS for value in READINGS[name][1:]}
    assert every == set(EXPECTED), every ^ set(EXPECTED)
    wrong = {(n, v, t) for (n, v), row in EXPECTED.items() for t, result in zip(TRANSPORTS, row) if result == "wrong"}
    assert wrong == set(KNOWN_WRONG), wrong ^ set(KNOWN_WRONG)


def test_each_reading_alone():
    for (name, value), row in EXPECTED.items():
        for scene, expected in zip(SCENES, row):
            if expected != "wrong":
                got = attempt(scene, {name: value})
                assert got == expected, (name, value, scene.__name__, got)


def markdown():
    """The table, for the README's appendix."""
    lines = ["| row | switch=value | TCP client | TCP server | UDP |", "|---|---|---|---|---|"]
    for rows, name, readings, _ in SWITCHES:
        for value in readings.split("|")[1:]:
            row = ", ".join("E%d" % row for row in rows)
            lines.append("| %s | `%s=%s` | %s |" % (row, name, value, " | ".join(EXPECTED[name, value])))
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown())

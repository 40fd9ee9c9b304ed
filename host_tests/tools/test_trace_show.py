"""trace show: however a trace was printed, each answer is with its command, each byte is payload or not, and each fault is seen."""

import json

import pytest

from ec2x_sim.trace import describe
from ec2x_tools.problem import Problem
from traces import printed, rig, run, talk


def rows(result):
    """What the table shows: (s, ms since the line before, who, socket, what)."""
    assert result.exit_code == 0, result.exception
    table = result.output.splitlines()
    who, socket, said = (table[0].index(name) for name in ("who", "socket", "what"))
    cells = [[*line[:who].split(), line[who:socket], line[socket:said], line[said:]] for line in table[1:-1]]
    return [tuple(cell.strip() for cell in row) for row in cells]


def what(result):
    return [row[-1] for row in rows(result)]


def test_the_same_dialogue_is_read_however_it_was_printed(tmp_path):
    board = rig()
    pairs, simulated = [], []
    board.modem.trace(lambda *event: pairs.append(event))
    board.modem.record(65536)
    board.module.log = lambda *event: simulated.append(describe(*event, board.module.now))
    talk(board.modem)
    recorded = board.modem.recorded()
    texts = ["\n".join("{} {} {!r}".format(*event) for event in pairs), "\n".join(recorded), repr(recorded), json.dumps(recorded)]
    shown = [what(run(tmp_path, text, "show")) for text in texts]
    assert all(one == shown[0] for one in shown) and len(shown[0]) > 60
    from_afar = what(run(tmp_path, "\n".join(simulated), "show"))
    for line in ("AT+QFWDSEND=40000,0,11", "AT+QICSGP=***", '+QFWDURC: "client/open",40000,0'):
        assert line in shown[0] and line in from_afar
    assert "11 bytes" in shown[0] and "11 bytes: what we say" in from_afar


def test_each_line_has_its_time_its_speaker_and_its_socket(tmp_path):
    text = """starting
1000 > b'AT+QFWDSEND=7,0,9'
1010 < b'>'
1011 > b'OK'
1012 > b"AT"
1020 < b'+QFWDURC: "client/read",3'
1030 > b"+CSQ'"
1031 < b'ERROR'
progress 10 %
1040 > b'AT+QFWDCLIENT=1,40000,"IP","tcp","h",80,"uart1"'
1041 < b'OK'
1050 < b'+QFWDURC: "client/open",40000,566'
"""
    assert rows(run(tmp_path, text, "show")) == [
        ("1.000", "0", "board", "7", "AT+QFWDSEND=7,0,9"),
        ("1.010", "10", "module", "7", ">"),
        ("1.011", "1", "board", "7", "4 bytes: OKAT"),
        ("1.020", "8", "URC", "3", '+QFWDURC: "client/read",3'),
        ("1.030", "10", "board", "7", "5 bytes: +CSQ'"),
        ("1.031", "1", "module", "7", "ERROR  (31 ms)"),
        ("1.040", "9", "board", "40000", 'AT+QFWDCLIENT=1,40000,"IP","tcp","h",80,"uart1"'),
        ("1.041", "1", "module", "40000", "OK  (1 ms)"),
        ("1.050", "9", "URC", "40000", '+QFWDURC: "client/open",40000,566'),
    ]
    assert "2 lines of the file are no trace" in run(tmp_path, text, "show").output
    assert [row[0] for row in rows(run(tmp_path, text, "show", "--socket", "3"))] == ["1.000", "1.010", "1.011", "1.020", "1.030", "1.031"]
    assert [row[0] for row in rows(run(tmp_path, text, "show", "--errors"))][-1] == "1.050"
    assert "1.041" not in run(tmp_path, text, "show", "--errors").output


def test_data_that_looks_like_an_answer_is_data(tmp_path):
    text = "1 > b'AT+QFWDRECV=7,100'\n1 < b'+QFWDRECV: 7,6'\n2 < b'OK'\n3 < b'\\r\\nOK'\n4 < b'OK'\n5 > b'AT'\n6 < b'OK'\n"
    assert what(run(tmp_path, text, "show")) == [
        "AT+QFWDRECV=7,100",
        "+QFWDRECV: 7,6",
        r"6 bytes: OK\r\nOK",
        "OK  (3 ms)",
        "AT",
        "OK  (1 ms)",
    ]


def test_a_deadline_is_seen_and_what_comes_late_answers_nobody_else(tmp_path):
    board = rig(latency_us={"CSQ": 300_000})
    talk(board.modem)
    board.modem.record(4096)
    with pytest.raises(OSError):
        board.modem.command("AT+CSQ", 100)
    board.pump(2000)
    text = "\n".join(board.modem.recorded())
    shown = what(run(tmp_path, text, "show"))
    assert "! no answer in time" in text and shown[:2] == ["AT+CSQ", "no answer in time"]
    late = shown.index("+CSQ: 24,99")
    assert shown[late + 1] == "OK" and shown[late + 2 :] and "ms)" in shown[-1]
    assert what(run(tmp_path, text, "show", "--errors")) == ["AT+CSQ", "no answer in time"]


def test_time_that_wraps_goes_on_and_another_run_is_told(tmp_path):
    text = f"{(1 << 30) - 5} > AT\n5 < OK\n" * 2 + "3 > AT\n4 < OK\n"
    assert [row[1] for row in rows(run(tmp_path, text, "show"))] == ["0", "10", f"{(1 << 30) - 10:,}", "10", "anew", "1"]
    assert what(run(tmp_path, text, "show"))[1] == "OK  (10 ms)"


def test_a_file_without_a_trace_says_how_to_make_one(tmp_path):
    for text in ("", "hello\n1 2 3\n5 = 5\n['a']\n12 > b'torn\n"):
        for command in ("show", "html", "fixture"):
            problem = run(tmp_path, text, command).exception
            assert isinstance(problem, Problem) and "modem.trace(print)" in str(problem) and "TRACE=1" in str(problem)


def test_no_line_of_an_application_ends_the_reading(tmp_path):
    noise = ["['", "['" + "[" * 999, "[1, 2]", "1 > ", "> AT", "9 < b'\\xzz'", "9 < b'torn", "é", "1.500 uart1 > [4 bytes] \\x"]
    noise += ["\x00\x1b[2K\r", "9 > b'' + input('evil')", "['9 > AT', input('evil')]"]
    text, _ = printed()
    mixed = "".join(line + "\n" + noise[at % len(noise)] + "\n" for at, line in enumerate(text.splitlines()))
    assert what(run(tmp_path, mixed, "show")) == what(run(tmp_path, text, "show"))


def test_a_table_in_a_file_has_no_blanks_behind_its_lines(tmp_path):
    lines = run(tmp_path, "1000 > b'AT'\n1001 < b'OK'", "show").output.splitlines()
    assert len(lines) == 4 and all(line == line.rstrip() for line in lines)

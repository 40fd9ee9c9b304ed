"""The commands that bring a module up, each answer to the byte."""

from sim_dialogue import ERROR, OK, Dialogue, line

SINGLE = (
    ("ATI", "Quectel\r\nEC25\r\nRevision: EC25EFAR06A06M4G"),
    ("AT+CGMI", "Quectel"),
    ("AT+GMI", "Quectel"),
    ("AT+CGMM", "EC25"),
    ("AT+CGMR", "EC25EFAR06A06M4G"),
    ("AT+GSN", "861075040000014"),
    ("AT+CGSN", "861075040000014"),
    ("AT+CIMI", "001010123456789"),
    ("AT+QCCID", "+QCCID: 89860000000000000001"),
    ("AT+CPIN?", "+CPIN: READY"),
    ("AT+CSQ", "+CSQ: 24,99"),
    ("AT+QCSQ", '+QCSQ: "LTE",61,-88,178,-9'),
    ("AT+CREG?", "+CREG: 0,1"),
    ("AT+CGREG?", "+CGREG: 0,1"),
    ("AT+CEREG?", "+CEREG: 0,1"),
    ("AT+CEREG=?", "+CEREG: (0-2,4)"),
    ("AT+COPS?", '+COPS: 0,0,"Test Network",7'),
    ("AT+QNWINFO", '+QNWINFO: "FDD LTE","00101","LTE BAND 3",1650'),
    ("AT+CGATT?", "+CGATT: 1"),
    ("AT+CFUN?", "+CFUN: 1"),
    ("AT+QINISTAT", "+QINISTAT: 7"),
    ("AT+IPR?", "+IPR: 115200"),
    ("AT+ICF?", "+ICF: 3,3"),
    ("AT+IFC?", "+IFC: 0,0"),
    ("AT+IFC=?", "+IFC: (0,2),(0,2)"),
    ("AT+QSCLK?", "+QSCLK: 0"),
    ("AT+CTZU?", "+CTZU: 0"),
    ("AT+CCLK?", '+CCLK: "26/01/01,00:00:00+00"'),
    ("AT+QLTS", '+QLTS: "2026/01/01,00:00:00+00,0"'),
    ("AT+QLTS=1", '+QLTS: "2026/01/01,00:00:00+00,0"'),
    ("AT+QIGETERROR", "+QIGETERROR: 0,operate successfully"),
    ('AT+QCFG="urc/cache"', '+QCFG: "urc/cache",0'),
)

ACCEPTED = (
    "ATE0Q0V1",
    "ATX4",
    "ATZ",
    "AT&D0",
    "AT&C1",
    "AT+CMEE=2",
    "AT+IFC=2,2",
    "AT+IFC=2,2;&W",
    "AT+ICF=3",
    "AT+CTZU=1",
    "AT+QSCLK=0",
    "AT+CGATT=1",
    "AT+COPS=0",
    "AT+COPS=0,0",
    "AT+CEREG=4",
    'AT+QCFG="urc/cache",0',
    'AT+QCFG="urc/ri/other","pulse",120,1',
    "AT+CGEREP=2,1",
    "AT+QSIMDET=1,0",
    "AT+CPIN=?",
)

REFUSED = (
    "ATE2",
    "ATI1",
    "AT&D3",
    "ATX9999",
    "AT&",
    "ATB",
    "ATD123;",
    "AT+IPR=1",
    "AT+IFC=1,1",
    "AT+CREG=3",
    "AT+CREG=4",
    "AT+CREG",
    "AT+CGATT=2",
    "AT+CSQ?",
    "AT+CSQ=1",
    "AT+CFUN=9",
    "AT+QCFG",
    'AT+QCFG="no/such"',
    'AT+QIDNSGIP=1,"example.com"',  # no context is active
    "AT+QIDEACT=5",
    'AT+QURCCFG="urcport"?',
    "AT+CPIN?x",
)


def test_answers_of_one_line():
    d = Dialogue()
    for command, text in SINGLE:
        d.module.now = 0
        assert d.say(command) == line(text) + OK, command


def test_settings_that_are_taken():
    d = Dialogue()
    for command in ACCEPTED:
        d.say("ATE0")
        assert d.say(command) in (OK, command.encode() + b"\r" + OK), command


def test_what_is_refused():
    d = Dialogue()
    for command in REFUSED:
        assert d.say(command) == ERROR, command


def test_a_data_call():
    d = Dialogue()
    assert d.say('AT+CGDCONT=1,"IP","internet"') == OK
    assert d.say('AT+QICSGP=1,1,"internet","me","secret",2') == OK
    assert d.say("AT+QICSGP=1") == line('+QICSGP: 1,"internet","me","secret",2') + OK
    assert d.say("AT+QIACT?") == OK
    assert d.say("AT+CGPADDR=1") == line('+CGPADDR: 1,"0.0.0.0"') + OK
    assert d.say("AT+QIACT=1") == OK
    assert d.say("AT+QIACT?") == line('+QIACT: 1,1,1,"10.64.0.1"') + OK
    assert d.say("AT+CGPADDR") == line('+CGPADDR: 1,"10.64.0.1"') + OK
    assert d.say("AT+CGDCONT?") == line('+CGDCONT: 1,"IP","internet","10.64.0.1",0,0,0,0') + OK
    assert d.say("AT+CGACT?") == line("+CGACT: 1,1") + OK
    assert d.say("AT+QIDNSCFG=1") == line('+QIDNSCFG: 1,"8.8.8.8","8.8.4.4"') + OK
    assert d.say('AT+QIDNSCFG=1,"1.1.1.1"') == OK
    assert d.say("AT+QIDNSCFG=1") == line('+QIDNSCFG: 1,"1.1.1.1",""') + OK
    assert d.say("AT+QIDEACT=1") == OK
    assert d.say("AT+QIACT?") == OK
    assert d.say('AT+CGDCONT=2,"IPV6","v6"') == OK
    assert d.say("AT+CGACT=1,2;+CGACT?") == line("+CGACT: 1,0") + line("+CGACT: 2,1") + OK
    assert d.say("AT+CGDCONT=2") == OK
    assert d.say("AT+CGACT?") == line("+CGACT: 1,0") + OK


def test_names_pings_and_time_of_the_modem_side():
    d = Dialogue()
    d.say('AT+QURCCFG="urcport","uart1";+QIACT=1')
    d.net.names["example.com"] = ["198.51.100.7", "198.51.100.8"]
    assert d.say('AT+QIDNSGIP=1,"example.com"') == OK + line('+QIURC: "dnsgip",0,2,600') + line('+QIURC: "dnsgip","198.51.100.7"') + line(
        '+QIURC: "dnsgip","198.51.100.8"'
    )
    assert d.say('AT+QIDNSGIP=1,"none.example"') == OK + line('+QIURC: "dnsgip",565')
    assert d.say('AT+QIDNSGIP=1,"192.0.2.1"') == OK + line('+QIURC: "dnsgip",0,1,600') + line('+QIURC: "dnsgip","192.0.2.1"')
    assert d.say('AT+QPING=1,"198.51.100.7",2,2') == OK
    one = line('+QPING: 0,"198.51.100.7",32,40,64')
    assert d.heard() == one
    assert d.heard(1000000) == one + line("+QPING: 0,2,2,0,40,40,40")
    d.module.now = 90061 * 1000000
    assert d.say('AT+QNTP=1,"pool.example"') == OK + line('+QNTP: 0,"2026/01/02,01:01:01+00"')


def test_dates_come_out_right_over_leap_years():
    from ec2x_sim.text import civil

    assert civil(0) == (2000, 1, 1, 0, 0, 0)
    assert civil(59 * 86400) == (2000, 2, 29, 0, 0, 0)
    assert civil(60 * 86400 - 1) == (2000, 2, 29, 23, 59, 59)
    assert civil(762566399) == (2024, 2, 29, 23, 59, 59)
    assert civil(762566400) == (2024, 3, 1, 0, 0, 0)
    assert civil(820540800) == (2026, 1, 1, 0, 0, 0)

"""Nonsense must neither stop the module nor depend on how it is cut."""

from sim_dialogue import Dialogue

NAMES = (
    "QFWDSERVER QFWDCLIENT QFWDSEND QFWDRECV QFWDACK QFWDSSTATE QFWDCLOSE QFWDCFG CMEE CREG CFUN CPIN COPS CGDCONT CGACT "
    "QICSGP QIACT QIDEACT QIDNSCFG QIDNSGIP QPING QNTP QCFG QURCCFG IPR IFC ICF CCLK QLTS CGPADDR QPINC QSIMSTAT QAPRDYIND CSQ"
).split()
ENDS = ("", "?", "=?", "=", "=")
VALUES = (
    '0,1,2,4,5,80,255,1024,65536,99999999999,-1,1.5,+1,a,\x00,\xff,\x1a, ,;,?,",""," ,"urc","urcport","IP","tcp","udp","SC",'
    '"uart1","all","1.2.3.4","name.example"'
).split(",")
BASIC = "E0 E1 V0 V1 Q0 S3=13 S4=10 S5=8 S S0? S999=1 & &W &F Z Z1 I &V X9 / D1".split()


class Random:
    def __init__(self, seed):
        self.state = seed

    def __call__(self, n):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 12) % n


def line(random):
    text = "AT" if random(8) else "A/" if random(2) else ""
    for _ in range(random(4)):
        if random(3):
            end = ENDS[random(len(ENDS))]
            text += "+" + NAMES[random(len(NAMES))] + end
            if end == "=":
                text += ",".join([VALUES[random(len(VALUES))] for _ in range(random(8))])
            text += ";"
        else:
            text += BASIC[random(len(BASIC))]
    return bytes([ord(c) for c in text]) + b"\r"


def script(seed):
    random = Random(seed)
    data = b""
    for _ in range(60):
        data += line(random)
        if random(6) == 0:
            data += bytes([random(256) for _ in range(random(40))])
    return data


def run(data, chunk):
    d = Dialogue(echo=True)
    d.net.listen("tcp", "1.2.3.4", 1)
    out = b""
    for i in range(0, len(data), chunk):
        d.module.feed("uart1", data[i : i + chunk], 1000)
        out += d.module.take("uart1")
    return out, d


def test_nonsense_is_answered_and_every_cut_gives_the_same():
    answered = 0
    for seed in range(1, 40):
        data = script(seed)
        whole, d = run(data, len(data))
        answered += whole.count(b"\r\nERROR\r\n") + whole.count(b"\r\nOK\r\n")
        for chunk in (1, 7):
            assert run(data, chunk)[0] == whole, seed
    assert answered > 500


def test_whatever_was_said_a_reset_brings_it_back():
    for seed in range(40, 80):
        module = run(script(seed), 1000)[1].module
        module.reset(1000)
        module.poll(10**8)
        module.take("usbmodem")
        module.feed("usbmodem", b"AT\r", 10**8)
        assert module.take("usbmodem") == b"AT\r\r\nOK\r\n"

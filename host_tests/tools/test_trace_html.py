"""trace html: a page that shows all, needs nothing else, and runs nothing that a peer has sent."""

from html.parser import HTMLParser

from ec2x_tools.problem import Problem
from ec2x_tools.trace import picture
from traces import made, printed, run

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """Its elements as (name, attributes), and the text in each .row."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.rows = [], []
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if dict(attrs).get("class") == "row":
            self.rows.append("")

    def handle_data(self, data):
        if self.rows:
            self.rows[-1] += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def classed(self, name):
        return [attributes for _, attributes in self.elements if name in attributes.get("class", "").split()]


def lines(count):
    return "".join(f"{at * 10} > AT+QFWDRECV={at % 3},9\n{at * 10 + at % 5} < OK\n" for at in range(count // 2))


def test_what_a_peer_sends_is_text(tmp_path):
    text = f"""1 > b'AT+QFWDCLIENT=0,7,"IP","tcp","{EVIL}",80,"uart1"'
2 < b'OK'
3 < b'+QFWDURC: "client/incoming",1,8,"{EVIL}",5,"0.0.0.0",2020'
4 > b'AT+QFWDRECV=7,99'
4 < b'+QFWDRECV: 7,{len(EVIL)}'
4 < b'{EVIL}'
5 < b'{EVIL}'
6 < b'</script>'
7 ! {EVIL}
"""
    page = Page(made(tmp_path, text, "html"))
    assert len(page.all("script")) == 1 and not page.all("img")
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on") or name in ("src", "href")]
    assert sum(EVIL in row for row in page.rows) == 5
    policy = page.all("meta")[1]["content"]
    assert "default-src 'none'" in policy and "script-src 'sha256-" in policy
    assert EVIL in Page(made(tmp_path, text, "html")).rows[1]


def test_the_page_shows_each_line_its_command_s_time_and_the_sockets_beside_it(tmp_path):
    text, _ = printed(True)
    page = Page(made(tmp_path, text, "html"))
    count = int(run(tmp_path, text, "show").output.splitlines()[-1].split()[0])
    assert len(page.rows) == count + 1 and len(page.classed("command")) == 2 * text.count("> b'AT")
    assert [row for row in page.rows if "11 bytes" in row and "what we say" in row]
    assert len(page.all("details")) == 2 and not [one for one in page.all("details") if "open" in one]
    assert page.classed("urc") and page.classed("here") and "40000" in {one.get("data-sockets") for one in page.classed("block")}


def test_what_went_wrong_is_marked(tmp_path):
    text = "1 > AT+X\n2 < ERROR\n2 > AT+Z\n3 > AT+Y\n4 ! no answer in time\n5 > AT\n6 < OK\n7 ! the link is lost\n"
    page = Page(made(tmp_path, text, "html"))
    assert len(page.classed("bad")) == 4 and len(page.all("strong")) == 1 and len(page.classed("note")) == 2


def test_a_long_trace_is_cut_in_the_middle_and_the_page_says_what_is_left_out(tmp_path):
    text = lines(3000) + "99999 > AT+LAST\n99999 < ERROR\n"
    whole, cut = (made(tmp_path, text, "html", "--limit", limit) for limit in ("3002", "1000"))
    assert len(Page(whole).rows) == 3003 and not Page(whole).classed("gap")
    page = Page(cut)
    assert len(page.rows) == 1001 and "AT+LAST" in page.rows[-2]
    (gap,) = (row for row in page.rows if "left out" in row)
    assert "2,002 lines are left out here, from 2.500 to 12.500 s" in gap
    assert b"<td>1,500" in cut and b"2,002 lines are left out of the picture, 0" in cut


def test_the_summary_counts_each_kind_of_command(tmp_path):
    from ec2x_tools.trace.dialogue import Dialogue
    from ec2x_tools.trace.reading import read

    text = "".join(f"{at * 1000} > AT+CSQ\n{at * 1000 + at} < OK\n" for at in range(1, 101)) + "200000 > AT+QFWDSEND=1,0,5\n200000 < >\n"
    text += "200000 > <5 bytes>\n200001 < +QFWDSEND: 1,5\n200001 < ERROR\n"
    rows = picture.summary(Dialogue("", *read(text.splitlines())).blocks)
    assert rows[0] == {"name": "AT+CSQ", "count": 100, "bad": 0, "bytes": 0, "p50": 50, "p99": 99}
    assert rows[1] == {"name": "AT+QFWDSEND=", "count": 1, "bad": 1, "bytes": 5, "p50": 1, "p99": 1}


def test_a_page_that_cannot_be_written_is_a_problem(tmp_path):
    problem = run(tmp_path, "1 > AT\n", "html", "-o", str(tmp_path / "no" / "folder.html")).exception
    assert isinstance(problem, Problem) and "-o" in str(problem)


def test_the_ctrl_z_that_ends_a_payload_is_no_byte_that_is_hidden(tmp_path):
    text = "0.100 uart1 > AT+QFWDSEND=2,1\n0.100 uart1 < >\n0.200 uart1 > [4 bytes] 3131\n0.200 uart1 < +QFWDSEND: 2,2\n0.200 uart1 < OK\n"
    (row,) = [row for row in Page(made(tmp_path, text, "html")).rows if "3131" in row]
    assert "3131\\x1a" in row and "not shown" not in row

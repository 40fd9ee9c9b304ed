"""The report of the bench kit: one file, which says what was tried, what came of it, and what was not tried."""

import json
import re
from functools import cache
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner
from hil_results import RUNS, bad, cut, good

from ec2x_tools.hil import report, schema, verdicts
from ec2x_tools.problem import Problem

VOID = {"meta", "br"}


class Page(HTMLParser):
    """The tags of a page, its text, and the text of each row."""

    def __init__(self, html: str):
        super().__init__()
        self.tags, self.open, self.rows, self.data, self.links, self.ids = [], [], [], [], [], []
        self.feed(html)
        self.close()
        self.text = " ".join(" ".join(self.data).split())

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.open += [] if tag in VOID else [tag]
        self.links += [value for name, value in attributes if name.endswith(("href", "src"))]
        self.ids += [value for name, value in attributes if name == "id"]
        assert not any(name.startswith("on") for name, _ in attributes)
        if tag == "tr":
            self.rows.append("")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.data.append(data)
            if "tr" in self.open:
                self.rows[-1] = f"{self.rows[-1]} {data.strip()}".strip()


@cache
def html(name: str) -> str:
    return report.html(RUNS[name]())


def page(name: str) -> Page:
    return Page(html(name))


@pytest.mark.parametrize("name", RUNS)
def test_a_report_is_one_whole_file_that_needs_no_other(name):
    shown = page(name)
    assert shown.open == [] and "script" not in shown.tags and "default-src 'none'" in html(name)
    assert len(set(shown.ids)) == len(shown.ids) and {link[1:] for link in shown.links} <= set(shown.ids)
    assert not re.search(r"https?:(?!//www\.w3\.org/)|url\((?!#)", html(name))


def test_a_good_run_says_so_and_misses_nothing():
    shown = page("good")
    assert "6 of 6 parts done. Nothing failed." in shown.text and "Nothing is missing." in shown.text
    assert "EC25EFAR06A06M4G" in shown.text and "Raspberry Pi Pico with RP2040" in shown.text and "Simulator" not in shown.text
    assert shown.tags.count("figure") == 5


def test_a_run_on_the_simulator_says_so_before_anything_else():
    text = page("simulated").text
    assert 0 < text.index("tells nothing about a real module") < text.index("3 of 3 parts done") < text.index("What was tried")
    assert "Nothing here was measured on a real module." in text and "rates: not asked for" in text


def test_a_run_cut_short_says_at_the_top_what_is_not_there():
    text = page("cut").text
    assert "Cut short: Ctrl+C 3 of 6 parts done. Without a whole result: rates, recovery, soak." in text
    assert "recovery: not reached" in text and "latency at 115200 baud" in text and "the module's firmware" in text
    states = {name: state for name, (state, _) in verdicts.parts(schema.check(cut())).items()}
    assert states["rates"] == "cut short" and states["integrity"] == "ok" and states["soak"] == "not reached"


def test_what_fails_is_in_the_headline_and_comes_first_in_its_table():
    shown = page("bad")
    assert "Failed: doctor, conformance, integrity, rates, recovery, soak. Without a whole result: wifi." in shown.text
    assert "The module did 3 things that no reading of the manual foresees." in shown.text
    commands = [row.split()[0] for row in shown.rows if "AT+QFWD" in row]
    assert commands[:3] == ["failed", "unforeseen", "reading"] and set(commands[3:]) == {"plain"}
    assert "And 4 more, in the JSON." in shown.text


def test_readings_that_are_not_the_plain_one_come_first():
    rows = [row for row in page("good").rows if re.search(r"\bE\d+\b (?!:)", row)]
    assert [row.split()[0] for row in rows] == ["reading", "reading", "not", "plain", "plain"]


@pytest.mark.parametrize("verdict, other", [("failed", "failed"), ("unforeseen", "unforeseen"), ("skipped", "ok")])
def test_a_verdict_of_a_row_is_the_verdict_of_the_run(verdict, other):
    result = good()
    result["conformance"]["checks"][0]["verdict"] = verdict
    assert verdicts.headline(schema.check(result))[0] == other


def test_no_verdict_is_not_a_good_one():
    result = good()
    result["soak"]["ok"] = result["recovery"][1]["ok"] = result["rates"][0]["up_bps"] = None
    said = ["3 of 6 parts done.", "Without a whole result: rates, recovery, soak."]
    assert verdicts.headline(schema.check(result)) == ("no result", said)


def test_counters_come_with_the_readmes_words_and_zeros_are_left_out():
    rows = [row for row in page("bad").rows if row.startswith(("broken", "brand_new", "refusals", "commands"))]
    assert len(rows) == 4 and "bytes are lost or changed on the UART" in " ".join(rows) and "`" not in " ".join(rows)
    assert "brand_new 3 not explained in this version" in rows
    assert not any(row.startswith("timeouts") for row in page("good").rows)


def missing_pieces():
    """Results with one part, or one field of one part, missing or null."""
    for name in good():
        if name != "schema":
            yield {key: value for key, value in bad().items() if key != name}
            yield {**bad(), name: None}
    for name, part in bad().items():
        rows = part if isinstance(part, list) else [part]
        for field in rows[-1] if isinstance(rows[-1], dict) else ():
            result = bad()
            (result[name][-1] if isinstance(part, list) else result[name])[field] = None
            yield result


def test_any_part_and_any_field_may_be_missing(monkeypatch):
    from ec2x_tools.hil import plots

    for name in ("rates", "latency", "heap", "recovery", "soak"):  # each takes its time; the next test draws them
        monkeypatch.setattr(plots, name, lambda data: "")
    for result in [{"schema": 1}, *missing_pieces()]:
        assert "To send it" in report.html(result)


def test_plots_are_drawn_of_little_and_take_the_pages_colours():
    from ec2x_tools.hil import plots

    recovery = [{"cause": "$x_1$ \u4e2d"}, {"events": [{}]}]
    little = {"schema": 1, "rates": [{}], "heap": [{"used": 1}], "recovery": recovery, "soak": {"errors": [{}]}}
    result = schema.check(little)
    for svg in (plots.rates(result.rates), plots.heap(result.heap), plots.recovery(result.recovery), plots.soak(result.soak)):
        assert "currentColor" in svg and "#000000" not in svg and not re.search("|".join(plots.COLOURS), svg)
    assert "$x_1$ \u4e2d" in plots.recovery(result.recovery) and plots.rates([]) == ""


def test_events_that_are_near_each_other_share_a_label():
    from ec2x_tools.hil import plots

    assert plots.together([0, 1, 2, 50, 58, 100], 9) == [[0, 1, 2], [3, 4], [5]]


def test_the_report_is_made_again_from_its_json(tmp_path):
    schema.save(tmp_path / "run.json", {**good(), "more": {"kept": 1}})
    done = CliRunner().invoke(report.hil_report, [str(tmp_path / "run.json")])
    assert done.exit_code == 0 and Page((tmp_path / "run.html").read_text()).text.count("real module")
    schema.save(tmp_path / "again.json", schema.load(tmp_path / "run.json").model_dump(by_alias=True))
    assert json.loads((tmp_path / "again.json").read_text())["more"] == {"kept": 1}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.json", "run.html", "run.json"]


@pytest.mark.parametrize(
    "text, says",
    [
        ("{", "is no JSON"),
        ("[1]", "is no report"),
        ("[" * 100_000, "is no JSON"),
        ('{"schema": 2}', "is of schema 2, this version reads 1"),
        ('{"schema": 1, "rates": [{"baud": "fast"}]}', "rates.0.baud"),
        ('{"schema": 1, "conformance": {"checks": [{"verdict": "fine"}]}}', "conformance.checks.0.verdict"),
    ],
)
def test_what_is_no_report_is_said_in_a_sentence(tmp_path, text, says):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(Problem, match=re.escape(says)):
        schema.load(tmp_path / "run.json")
    with pytest.raises(Problem, match="cannot be read"):
        schema.load(tmp_path / "none.json")


def test_a_report_without_a_run_is_said_in_a_sentence():
    done = CliRunner().invoke(report.hil_report, [""])
    assert isinstance(done.exception, Problem) and "Give the JSON" in str(done.exception)


def test_a_run_is_written_though_its_result_is_wrong(tmp_path):
    with pytest.raises(Problem, match="rates"):
        schema.save(tmp_path / "run.json", {**good(), "rates": 7})
    assert json.loads((tmp_path / "run.json").read_text())["rates"] == 7


def test_a_place_that_cannot_be_written_is_a_problem(tmp_path):
    with pytest.raises(Problem, match="cannot be written"):
        report.write({"schema": 1}, tmp_path)

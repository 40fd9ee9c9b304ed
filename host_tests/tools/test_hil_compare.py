"""Two runs side by side: what became worse is said first, and is the exit code."""

import pytest
from click.testing import CliRunner
from hil_results import bad, cut, good, simulated
from test_hil_report import Page

from ec2x_tools.hil import compare, schema, verdicts
from ec2x_tools.problem import Problem


def found(a, b):
    return compare.compare(schema.check(a), schema.check(b))


def run(folder, a, b):
    for name, result in (("a", a), ("b", b)):
        schema.save(folder / f"{name}.json", result)
    files = [str(folder / name) for name in ("a.json", "b.json", "page.html")]
    done = CliRunner().invoke(compare.hil_compare, [*files[:2], "-o", files[2]])
    return done, Page((folder / "page.html").read_text())


def test_two_runs_that_are_alike_are_no_failure(tmp_path):
    done, page = run(tmp_path, good(), good())
    assert done.exit_code == 0 and "Nothing became worse in kind." in done.output and "Nothing became worse in kind." in page.text
    assert not found(good(), good())["changes"] and not found(good(), good())["missing"]


def test_a_check_that_fails_and_did_not_before_is_exit_code_1_and_comes_first(tmp_path):
    done, page = run(tmp_path, good(), bad())
    assert isinstance(done.exception, Problem) and "became worse from a.json to b.json" in str(done.exception)
    assert page.open == [] and "became worse" in page.text.partition("Figures")[0] and "<script>alert" not in done.output
    rows = found(good(), bad())["changes"]
    assert ("conformance", "QFWDSERVER test", "plain", "failed", 2) in rows
    assert [row[-1] for row in rows] == sorted((row[-1] for row in rows), reverse=True)
    assert run(tmp_path, bad(), good())[0].exit_code == 0


def test_two_runs_without_a_part_in_common_tell_nothing(tmp_path):
    runs = [good(), good()]
    for part in list(runs[0]):
        if part in verdicts.PARTS:
            del runs[0 if part == "conformance" else 1][part]
    done, _ = run(tmp_path, *runs)
    assert "a.json and b.json have no part in common" in str(done.exception)


@pytest.mark.parametrize(
    "before, after, worse",
    [
        ("plain", "unforeseen", True),
        ("unforeseen", "failed", True),
        ("skipped", "failed", True),
        (None, "failed", True),
        ("plain", "reading", False),
        ("plain", "skipped", False),
        ("plain", None, False),
        ("failed", "unforeseen", False),
        ("failed", "failed", False),
    ],
)
def test_what_is_worse_in_kind(before, after, worse):
    runs = [good(), good()]
    for result, verdict in zip(runs, (before, after)):
        result["conformance"]["checks"][0]["verdict"] = verdict or "plain"
        del result["conformance"]["checks"][: verdict is None]
    assert any(row[-1] > 0 for row in found(*runs)["changes"]) == worse
    assert any("QFWDSERVER test" in line for line in found(*runs)["missing"]) == (None in (before, after))


def test_each_figure_has_its_ratio_and_says_what_is_better():
    after = good()
    after["rates"][0].update(down_bps=good()["rates"][0]["down_bps"] / 2)
    after["rates"][1]["latency_ms"]["p99"] /= 4
    after["stats"]["refusals"] = 6
    after["recovery"][0]["events"][2]["ms"] *= 2
    rows = {row[:2]: row[-2:] for row in found(good(), after)["figures"]}
    assert rows["rates, 9600 baud", "down, B/s"] == ("0.50", "worse") and rows["rates, 9600 baud", "up, B/s"] == ("1.00", "")
    assert rows["rates, 115200 baud", "p99, ms"] == ("0.25", "better") and rows["counters", "refusals"] == ("2.00", "")
    assert rows["recovery, AT+CFUN=1,1 in mid transfer", "READY, ms"] == ("2.00", "worse")
    assert ("counters", "broken") not in rows


def test_another_board_module_or_setup_is_said_first(tmp_path):
    done, page = run(tmp_path, good(), simulated())
    assert done.output.startswith("Not the same setup: real module and simulator.")
    assert "Not the same board, name: RPI_PICO and unix." in page.text.partition("Figures")[0]
    assert "Only A has rates." in done.output and done.exit_code == 0


def test_a_run_cut_short_says_so_and_what_it_has_not(tmp_path):
    done, _ = run(tmp_path, good(), cut())
    assert "B was cut short: Ctrl+C" in done.output and "Only A has soak." in done.output and done.exit_code == 0
    assert "Only A has rates, 115200 baud, p50, ms." in done.output
    assert "Only A has conformance." in found(good(), {**good(), "conformance": None})["missing"]
    assert any(row[-1] > 0 for row in found(good(), {**cut(), "ended": "The module is gone."})["changes"])


def test_readings_that_changed_are_listed():
    after = good()
    after["conformance"]["readings"][0]["value"] = "legacy"
    assert found(good(), after)["readings"] == [("conformance", "E1 server", "modern", "legacy")]


def test_rows_of_the_same_name_are_not_mixed_up():
    before, after = good(), good()
    for result, ok in ((before, True), (after, False)):
        result["recovery"] = [{"cause": "RESET_N", "ok": True, "events": [{"ms": 1, "what": "x"}]}, {"cause": "RESET_N", "ok": ok}]
    assert found(before, after)["changes"] == [("recovery", "RESET_N (2)", "ok", "failed", 2)]

"""A pytest plugin: a test that prints a secret has failed.

What is looked at is what pytest captured: stdout, stderr, log. The text of a failure is not, for it shows what was compared.
"""

import pytest

import confidential


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    found = [f"{title}: {', '.join(names)}" for title, text in report.sections if (names := confidential.told(text))]
    if found and report.outcome != "failed":
        report.outcome = "failed"
        report.longrepr = "a secret was printed: " + "; ".join(found)
    return report

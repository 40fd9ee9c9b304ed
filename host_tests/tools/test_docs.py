"""make docs: the picture in the README is the driver's own table of steps."""

from ec2x import ladder, link
from ec2x_tools import docs


def test_the_readme_shows_the_link_of_today():
    text = docs.README.read_text()
    assert docs.BEGIN in text and docs.drawn(text) == text, "run make docs"


def test_each_step_is_drawn_with_its_deadline_and_its_reason(monkeypatch):
    rows = docs.steps()
    assert [command for command, _ in rows if "CFUN" in command] == [] and "AT+QFWDSERVER=?" in dict(rows)
    assert not any("1234" in command for command, _ in rows)
    picture = docs.picture()
    for command, step in rows:
        assert command.replace('"', "#quot;") in picture and docs.seconds(step[3]) in picture
    monkeypatch.setattr(link, "_SETUP", link._SETUP[1:])
    assert docs.picture() != picture


def test_the_rungs_are_the_ladders(monkeypatch):
    assert docs.rungs() == ["AT+CFUN=1,1", "RESET_N", "PWRKEY", "the supply"]
    monkeypatch.setattr(ladder, "_RESET", (("supply", True, 1),))
    assert docs.rungs()[1] == "the supply"

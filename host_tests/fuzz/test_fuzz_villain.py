"""The whole driver on a module that means harm."""

from hypothesis import strategies as st

from fuzz.guard import Guard
from fuzz.scenes import client, commands, datagrams, online, probe, questions, server
from fuzz.targets import target
from fuzz.villain import Villain, evils


def play(scene, moods, apn, when):
    """when: the bring-up is met by it, too; or only what comes behind; or after a while, when the link looks after itself."""
    app = Guard(Villain)
    if when == "early":
        app.uart.arm(moods)
    online(app, apn)
    if when == "late":
        app.pump(40_000)
    if when != "early":
        app.uart.arm(moods)
    scene(app)
    app.uart.disarm()
    app.settle(apn)
    app.check_data()


def a_target(scene, examples):
    def check(moods, apn, when):
        play(scene, moods, apn, when)

    check.__name__ = scene.__name__ + "_against_a_module_that_means_harm"
    return target(examples, evils, st.sampled_from((None, "internet")), st.sampled_from(("early", "then", "late")))(check)


test_a_client_survive_a_module_that_means_harm = a_target(client, 25)
test_a_server_survive_a_module_that_means_harm = a_target(server, 25)
test_datagrams_survive_a_module_that_means_harm = a_target(datagrams, 25)
test_commands_survive_a_module_that_means_harm = a_target(commands, 25)
test_questions_survive_a_module_that_means_harm = a_target(questions, 25)
test_probe_survive_a_module_that_means_harm = a_target(probe, 12)

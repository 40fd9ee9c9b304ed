"""The whole driver on a whole module, whose every byte may be changed, lost, doubled, late, or come from nowhere."""

from hypothesis import strategies as st

from fuzz.guard import Guard
from fuzz.mangler import Mangler, plans
from fuzz.scenes import client, commands, datagrams, online, questions, server
from fuzz.targets import target

apns = st.sampled_from((None, "internet"))


def play(scene, plan, apn, early):
    """early: the bring-up, too, is heard through the plan."""
    app = Guard(Mangler)
    if early:
        app.uart.arm(plan)
    online(app, apn)
    if not early:
        app.uart.arm(plan)
    scene(app)
    app.uart.disarm()
    app.settle(apn)
    app.check_data()


def a_target(scene, examples):
    def check(plan, apn, early):
        play(scene, plan, apn, early)

    check.__name__ = scene.__name__ + "_on_a_wire_that_errs"
    return target(examples, plans, apns, st.booleans())(check)


test_a_client_survive_a_wire_that_errs = a_target(client, 60)
test_a_server_survive_a_wire_that_errs = a_target(server, 60)
test_datagrams_survive_a_wire_that_errs = a_target(datagrams, 60)
test_commands_survive_a_wire_that_errs = a_target(commands, 60)
test_questions_survive_a_wire_that_errs = a_target(questions, 60)

"""stats(): for each reason why something is dropped, repeated or has failed, a scene in which it is counted."""

import counted as dialogue
import counted_sockets as sockets

WRONG = {"broken": 1, "resyncs": 1, "ignored": 2, "failed": 1}  # an answer that cannot be; its OK comes in the quarantine

SCENES = (
    (dialogue.commands, (), {"commands": 1}),
    (dialogue.refusal, (), {"refusals": 1}),
    (dialogue.silence, (), {"timeouts": 1, "resyncs": 1, "ignored": 5}),
    (dialogue.other_lines_in_the_quarantine, (), {"timeouts": 1, "resyncs": 1, "ignored": 5}),
    (dialogue.nobody_there, (), {"timeouts": 3, "lost": 1}),
    (dialogue.ok_in_a_payload, (), {"broken": 1, "resyncs": 1, "dropped": 200, "failed": 1, "failed_sends": 1}),
    (dialogue.interrupted, (), {"interrupted": 1, "resyncs": 1}),
    (dialogue.lines_of_nobody, (), {"unknown": 1, "too_long": 1}),
    (dialogue.echo_of_a_line, (), {"echoes": 1}),
    (dialogue.echo_of_a_payload, (), {"echoes": 1, "sent": 5}),
    (dialogue.echo_of_a_payload, (b"OKOKO",), {"echoes": 1, "sent": 5}),
    (dialogue.slow_callbacks, (), {"unheard": 3}),
    (dialogue.no_memory_for_a_urc, (), {"unheard": 1}),
    (dialogue.callback_that_raises, (), {"raised": 1}),
    (dialogue.restart, (), {"restarts": 1, "failed": 1, "reset": 1}),
    (dialogue.restart_that_nothing_tells, (), {"refusals": 6, "restarts": 1, "failed": 1, "reset": 1}),
    (dialogue.steps, (), {"refusals": 3, "retries": 2, "skipped": 1, "resyncs": 1, "echoes": 1}),
    (dialogue.rung, (), {"rungs": 1, "timeouts": 5, "resyncs": 1, "echoes": 1}),
    (dialogue.call_lost, (), {"calls_lost": 1, "failed": 1, "offline": 1}),
    (dialogue.no_memory_for_help, (), {"no_memory": 1, "timeouts": 6}),
    (dialogue.no_memory_for_the_watch, (), {"no_memory": 2}),
    (sockets.bytes_both_ways, (), {"received": 5, "sent": 2}),
    (sockets.refused_connection, (), {"failed": 1, "unopened": 1}),
    (sockets.open_that_is_repeated, (), {"refusals": 2, "refused": 1}),
    (sockets.open_that_no_urc_tells, (), {"found": 1}),
    (sockets.unsent_bytes, (), {"refusals": 4, "refused": 3, "failed": 1, "failed_sends": 1, "dropped": 5}),
    (sockets.send_that_is_cut, (), {"stalls": 1, "sent": 5}),
    (sockets.send_that_is_cut, (b"+QFWDSEND: 40000,6",), dict(WRONG, failed_sends=1, dropped=5)),
    (sockets.read_that_is_wrong, (), dict(WRONG, failed_reads=1, rolled_back=1)),
    (sockets.read_that_is_wrong, (b"+QFWDRECV: 40000,1\r\na\r\n\r\n+QFWDRECV: 40000,1",), dict(WRONG, failed_reads=1, rolled_back=1)),
    (sockets.reads_that_are_refused, (), {"refusals": 19, "refused": 9, "failed": 1, "failed_reads": 1}),
    (sockets.disconnected, (), {"failed": 1, "offline": 1}),
    (sockets.urcs, (b'+QFWDURC: "client/read",9',), {"strange": 1}),
    (sockets.urcs, (sockets.CHILD % (40000, 9, 5),), {"strange": 1}),
    (sockets.urcs, (b'+QFWDURC: "client/open",40000,0',), {"stale": 1}),
    (sockets.urcs, (b'+QFWDURC: "client/close",40000',) * 2, {"stale": 1}),
    (sockets.row_that_cannot_be_read, (), {"strange": 1}),
    (sockets.child_that_comes_twice, (), {"stale": 1}),
    (sockets.child_that_no_urc_tells, (), {"found": 1, "no_memory": 1}),
    (sockets.no_memory_for_a_child, (), {"unwanted": 1, "no_memory": 1}),
    (sockets.crossed, (), {"crossed": 1, "failed": 2, "failed_reads": 1, "rolled_back": 1}),
    (sockets.backlog_that_is_full, (), {"full": 3, "unwanted": 3}),
    (sockets.listener_that_closes, (), {"unwanted": 1}),
    (sockets.datagrams_unsent, (), {"refusals": 9, "refused": 3, "failed": 1, "unopened": 1, "dropped": 5}),
    (sockets.datagram_to_nobody, (), {"refusals": 1, "dropped": 5}),
    (sockets.datagram_taken_in_part, (), {"short": 1, "stalls": 1, "sent": 100}),
    (sockets.datagram_cut, (), {"cut": 1, "received": 100}),
    (sockets.datagram_read, (), {"truncated": 1, "received": 10}),
    (sockets.many_peers, (), {"retired": 2, "sent": 6}),
)


def test_each_scene_is_counted_as_what_it_is():
    for scene, args, expected in SCENES:
        counted = scene(*args)
        assert counted == expected, (scene, args, counted)


def test_no_counter_is_without_its_scene():
    counted = set()
    for _, _, expected in SCENES:
        counted.update(expected)
    assert counted == set(dialogue.Scene().modem.stats())

"""compat.py, and cpython.py, which must do what MicroPython does: each test runs on both where both are at hand."""

from ec2x import compat, cpython

BLOCKS = (compat.Block, cpython.Block)


def test_a_deadline_across_the_wrap_of_the_clock_is_met():
    for ticks in (compat, cpython):
        late = ticks.ticks_add(0, -3)  # 3 ms before the clock begins anew
        assert late > 0
        assert ticks.ticks_add(late, 3) == 0
        end = ticks.ticks_add(late, 10)
        assert end == 7
        assert ticks.ticks_diff(end, late) == 10
        assert ticks.ticks_diff(late, end) == -10
        assert ticks.ticks_diff(end, end) == 0


def test_a_deadline_of_days_is_neither_past_nor_shortened():
    for ticks in (compat, cpython):
        for start in (0, 1, 12345, ticks.ticks_add(0, -1)):
            for ms in (1, 1000, 86_400_000, (1 << 29) - 1):
                assert ticks.ticks_diff(ticks.ticks_add(start, ms), start) == ms
                assert ticks.ticks_diff(ticks.ticks_add(start, -ms), start) == -ms


def test_the_tests_clock_wraps_as_soon_as_a_small_boards():
    assert cpython.ticks_add((1 << 30) - 1, 1) == 0
    assert cpython.ticks_diff(0, (1 << 30) - 1) == 1


def test_the_clock_goes_forward_and_a_sleep_takes_its_time():
    before = compat.ticks_ms()
    compat.sleep_ms(2)
    after = compat.ticks_ms()
    assert before >= 0
    assert 1 <= compat.ticks_diff(after, before) < 10_000


def test_a_constant_is_its_value():
    assert compat.const(7) == cpython.const(7) == 7


def test_a_new_block_is_all_zero_so_that_no_old_secret_shows():
    for Block in BLOCKS:
        block = Block(40)
        out = bytearray(b"\xff" * 41)
        block.seek(0)
        assert block.readinto(out, 40) == 40
        assert out == bytes(40) + b"\xff"


def test_a_block_keeps_bytes_where_they_were_put():
    for Block in BLOCKS:
        block = Block(256)
        data = bytes(range(256))
        for size in (1, 7, 255, 256):
            for at in range(0, 256 - size + 1, 51):
                assert block.seek(at) == at
                assert block.write(data, at, size) == size
                assert block.tell() == at + size
                out = bytearray(size + 2)
                block.seek(at)
                assert block.readinto(out, size) == size
                assert block.tell() == at + size
                assert out == data[at : at + size] + b"\0\0"


def test_a_block_does_not_grow_by_a_write_that_fills_it():
    for Block in BLOCKS:
        block = Block(8)
        block.seek(5)
        block.write(bytearray(b"...abc..."), 3, 3)
        block.seek(0)
        out = bytearray(8)
        block.readinto(out, 8)
        assert out == b"\0\0\0\0\0abc"


def test_nothing_is_copied_when_nothing_is_asked():
    for Block in BLOCKS:
        block = Block(4)
        out = bytearray(b"keep")
        block.seek(4)
        assert block.write(b"1234", 2, 0) == 0
        assert block.readinto(out, 0) == 0
        assert out == b"keep" and block.tell() == 4


def test_a_socket_that_is_forgotten_does_not_talk_to_the_module():
    closed = []

    class Stream(compat.IOBase):
        def close(self):
            closed.append(self)

    stream = Stream()
    del stream
    assert closed == []
    assert not hasattr(cpython.IOBase, "__del__")

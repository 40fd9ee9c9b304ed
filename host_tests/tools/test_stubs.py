"""The type stubs: what they promise is there, with the same parameters and defaults, and what is there they promise."""

import ast
import builtins
import inspect
from pathlib import Path

import pytest

import ec2x
from device import Device
from ec2x import datagram, extras, fwd, posix, rare, rates, stream

PACKAGE = Path(ec2x.__file__).parent
UART = Device("rp2").edge
CLASSES = {
    "__init__": {"Modem": (ec2x.Modem, extras.Extras), "ModemError": (ec2x.ModemError,)},
    "fwd": {"Fwd": (fwd.Fwd,)},
    "uart": {"Power": (UART.Power,)},
    "posix": {
        "Socket": (posix.Socket, rare.Rare),
        "StreamSocket": (stream.StreamSocket, rare.RareStream),
        "DatagramSocket": (datagram.DatagramSocket,),
    },
}
# For the other parts of the driver, not for applications.
INNER = {"Modem": {"may_block", "buffers", "next", "after", "over", "ask", "alone"}, "DatagramSocket": {"incoming", "wants"}}


def promised(file):
    """{class: {function: its last definition}} of a stub; the functions outside a class are those of ""."""
    classes = {"": {}}
    for node in ast.parse((PACKAGE / f"{file}.pyi").read_text()).body:
        where = classes.setdefault(node.name, {}) if isinstance(node, ast.ClassDef) else classes[""]
        for item in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
                where[item.name] = item
    return classes


def parameters(function):
    """(name, default) of each parameter of a stub's function but self."""
    args = function.args.args + function.args.kwonlyargs
    given = function.args.defaults + function.args.kw_defaults
    defaults = [inspect.Parameter.empty] * (len(args) - len(given)) + [_value(default) for default in given]
    return [(arg.arg, default) for arg, default in zip(args, defaults) if arg.arg != "self"]


def _value(default):
    return getattr(builtins, default.id) if isinstance(default, ast.Name) else ast.literal_eval(default)


def found(classes, name):
    """The function or property of that name in the first class that has it."""
    return next((vars(kind)[name] for kind in classes if name in vars(kind)), None)


CASES = [(file, name) for file, classes in CLASSES.items() for name in classes]


@pytest.mark.parametrize("file, name", CASES, ids=[name for _, name in CASES])
def test_the_stub_is_what_the_code_is(file, name):
    stub = promised(file)[name]
    for function, node in stub.items():
        real = found(CLASSES[file][name], function)
        assert real, f"{name}.{function} is promised and not there"
        if callable(real) and function != "__exit__":
            signature = [p for p in inspect.signature(real).parameters.values() if p.name != "self" and p.kind != p.VAR_KEYWORD]
            if real is ec2x.Modem.__init__:  # what it hands on to a file that few need
                signature += list(inspect.signature(rates.add).parameters.values())[1:]
            assert [(p.name, p.default) for p in signature] == parameters(node), f"{name}.{function}"
    public = {key for kind in CLASSES[file][name] for key, value in vars(kind).items() if key[0] != "_" and inspect.isfunction(value)}
    assert public - set(stub) - INNER.get(name, set()) <= ({"write", "sendall"} if name == "DatagramSocket" else set())


@pytest.mark.parametrize("file, module", [("__init__", ec2x), ("uart", UART)])
def test_the_functions_are_what_the_code_is(file, module):
    for name, node in promised(file)[""].items():
        real = getattr(module, name)
        signature = inspect.signature(real).parameters.values()
        assert [(p.name, p.default) for p in signature if p.kind != p.VAR_KEYWORD] == parameters(node)


def test_whoever_reads_the_stub_is_told_what_each_does():
    for file, classes in CLASSES.items():
        for name in classes:
            for function, node in promised(file)[name].items():
                assert function[:2] == "__" or ast.get_docstring(node), f"{name}.{function} has no docstring"


def test_the_package_says_that_it_has_types():
    assert (PACKAGE / "py.typed").exists()

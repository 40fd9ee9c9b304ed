"""What the module says of itself, and modem.doctor()."""

from kit import text


def run(modem, tell, examine, patience_ms, simulated):
    """simulated: the IMEI of the simulator, which says that it is an EC25."""
    try:
        modem.wait(patience_ms)
    except OSError as error:
        tell({"not_ready": text(error)})
    if examine:
        modem.doctor(lambda line: tell({"doctor": [line[:4], line[4:]]}))
    if not modem.isconnected():
        return
    for name in ("model", "firmware", "imei"):
        try:
            value = modem.config(name)
        except OSError as error:
            print(name, text(error))
            continue
        tell({"simulated": value == simulated} if name == "imei" else {"module": [name, value]})

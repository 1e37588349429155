# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Functions for the tests that use ioasid_selftest.ko. Sourced.

selftest=/sys/kernel/debug/ioasid_selftest

# module NAME [FLAVOUR]: print the path of the built module
module() {
	echo "$IOASID_SRC/build/kmod/${2:-$IOASID_FLAVOUR}/$1.ko"
}

# run CASE...: run each case and print its result
run() {
	local name

	for name; do
		echo "$name" 2>/dev/null >$selftest/run
		cat $selftest/result
	done
}

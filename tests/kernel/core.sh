# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# For the tests of the core by ioasid_selftest.ko.

selftest=/sys/kernel/debug/ioasid_selftest

# module NAME [FLAVOUR]: where it was built
module() {
	echo "$IOASID_SRC/build/kmod/${2:-$IOASID_FLAVOUR}/$1.ko"
}

# run CASE...: prints what became of each
run() {
	local name

	for name; do
		echo "$name" 2>/dev/null >$selftest/run
		cat $selftest/result
	done
}

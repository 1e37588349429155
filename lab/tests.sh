# shellcheck shell=bash
cmd_test() { die "test is not there yet"; }

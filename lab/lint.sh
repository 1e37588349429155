# shellcheck shell=bash
cmd_lint() { die "lint is not there yet"; }

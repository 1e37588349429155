# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The linters: one row per linter, with its name, whether it is fast (the continuous
# integration runs these), and its function. A linter prints its findings and fails if
# there are any.

linters=(
	"clang-format|fast|lint_format"
	"clang-tidy|slow|lint_tidy"
	"checkpatch|slow|lint_checkpatch"
	"sparse|slow|lint_sparse"
	"layers|fast|lint_layers"
	"kernel-doc|fast|lint_kernel_doc"
	"shellcheck|fast|lint_shellcheck"
	"codespell|fast|lint_codespell"
	"verifier|slow|lint_verifier"
	"subjects|fast|lint_subjects"
)

# Checked by the kernel's own tools: code compiled by the kernel only, and the user ABI.
kernel_side=(kmod-shim include/uapi)

# files PATTERN...: print the files that git tracks or would add
files() {
	git -C "$top" ls-files -co --exclude-standard -- "$@"
}

lint_format() {
	files '*.cpp' '*.hpp' | xargs -r clang-format --dry-run -Werror
}

lint_tidy() {
	[[ -e $build/user/compile_commands.json ]] || {
		echo "compile_commands.json is missing"
		return 1
	}
	files 'src/*.cpp' 'policy/*.cpp' 'tui/*.cpp' |
		xargs -r -P "$(nproc)" -n 4 clang-tidy --quiet --warnings-as-errors='*' -p "$build/user" 2>/dev/null
}

# Ignored: constructs that a tracepoint header requires, function parameters that
# checkpatch mistakes for a block, and the version checks in compat.h.
lint_checkpatch() {
	local folders=("${kernel_side[@]/%//*.[ch]}")

	files "${folders[@]}" | xargs -r perl "$build/checkpatch/scripts/checkpatch.pl" --no-tree --terse --quiet \
		--no-summary --file --max-line-length=120 \
		--ignore SPDX_LICENSE_TAG,FILE_PATH_CHANGES,OPEN_BRACE,SPLIT_STRING,MACRO_ARG_UNUSED,TRAILING_SEMICOLON,LINUX_VERSION_CODE,CONSTANT_COMPARISON
}

lint_layers() {
	sh "$top/kmod-shim/check-layers"
}

# Use the script of the guest's kernel, because newer scripts expect different markup.
lint_kernel_doc() {
	local folders=("${kernel_side[@]/%//*.[ch]}") log

	log=$(files "${folders[@]}" | xargs -r perl "$build/kernel/generic/headers/scripts/kernel-doc" -none -Wall 2>&1)
	[[ -z $log ]] || {
		echo "$log"
		return 1
	}
}

# Commits since the rule was introduced: "area: what changed for the user", 72 characters.
subjects_since="2026-11-26 17:10 +0000"

lint_subjects() {
	local bad

	bad=$(git -C "$top" log --no-merges --since="$subjects_since" --format='%h %s' | awk '
		{ subject = substr($0, index($0, " ") + 1) }
		length(subject) > 72 { print $0 ": longer than 72 characters" }
		subject !~ /^[^ :]+(, [^ :]+)*: ./ { print $0 ": does not have the form \"area: what\"" }')
	[[ -z $bad ]] || {
		echo "$bad"
		return 1
	}
}

# Print a pattern of the kfuncs' names in the messages of sparse
kfuncs() {
	cat "$top"/kmod-shim/*.c | tr '\n' ' ' | grep -oP '__bpf_kfunc [^(]*?\K\w+(?=\()' | sed "s/.*/'&' was not declared/" | paste -sd'|'
}

# Rebuild the module in a separate directory, with sparse as a second compiler.
lint_sparse() {
	local log

	[[ -e $top/kmod-shim/Makefile ]] || return 0
	rm -rf "$build/sparse"
	log=$(make -C "$top/kmod-shim" KDIR="$build/kernel/$flavour/headers" OUT="$build/sparse" C=2 2>&1) || {
		echo "$log"
		return 1
	}
	# Ignore messages about the kernel's headers, about kfuncs, which are declared by the
	# BPF programs that call them, and about conditional locking, which kernels annotate
	# differently.
	! grep -E '(warning|error):' <<<"$log" |
		grep -vE "^$build/kernel/|/usr/src/linux-headers|in 'ioasid_binding_(enter|leave)'|$(kfuncs)"
}

lint_shellcheck() {
	{
		files dev tests/run .ci/run lab/initramfs.sh lab/demo.sh lab/workload.sh
		files 'bench/*' 'tests/*' | while read -r file; do
			head -c 64 "$top/$file" | grep -qE '^#!.*\b(ba)?sh\b' && echo "$file"
		done || true
	} | sort -u | xargs -r shellcheck -x -a	# -a: include the files that dev sources
}

lint_codespell() {
	files ':!tests/policy/corpus.tar.xz' | xargs -r codespell --ignore-words-list=ans,fo,prozess,ser,statics
}

bpf_compilers=(clang clang-19)
verifier_costs=$top/bpf/verifier-cost.txt

# Print COMPILER OBJECT PROGRAM INSTRUCTIONS: how many instructions the verifier of the
# guest's kernel processes to accept each program, for each compiler
measure_verifier() {
	local compiler folders=()

	for compiler in "${bpf_compilers[@]}"; do
		folders+=("$compiler=$build/bpf-$compiler")
		make -s -C "$top" -f Makefile.bpf CLANG="$compiler" OUT="$build/bpf-$compiler" \
			VMLINUX="$build/kernel/$bpf_flavour/headers/vmlinux" >&2 || return
	done
	say_on=0 run_lab -- "$top/lab/verifier-cost" "${folders[@]}" </dev/null
}

# An increase above a tenth is not noise, and a program may use at most a million instructions.
lint_verifier() {
	local measured=$build/verifier-cost.txt

	{ sed -n '/^#/p' "$verifier_costs"; measure_verifier; } >"$measured" || { cat "$measured"; return 1; }
	awk '/^#/ { next }
		{ key = $1 " " $2 " " $3 }
		NR == FNR { kept[key] = $4; next }
		!(key in kept) { print key ": " $4 " instructions, but no recorded figure"; bad = 1; next }
		$4 > kept[key] * 1.1 { print key ": " $4 " instructions, " kept[key] " before"; bad = 1 }
		{ delete kept[key] }
		END { for (key in kept) { print key ": recorded, but the program does not exist"; bad = 1 }
			exit bad }' "$verifier_costs" "$measured" && return
	echo "if the change is intended, run: cp ${measured#"$top/"} ${verifier_costs#"$top/"}"
	return 1
}

cmd_lint() {
	local row name speed function log only=${1:-} failed=0 run=0

	need_packages build lab lint-fast
	if [[ $only != --fast ]]; then
		need_packages lint-slow
		need_checkpatch
	fi
	build_all
	cd "$top" || return
	for row in "${linters[@]}"; do
		IFS='|' read -r name speed function <<<"$row"
		[[ -z $only || $only == "$name" || $only == "--$speed" ]] || continue
		run=1
		log=$build/log/lint-$name
		if "$function" >"$log" 2>&1; then
			echo "ok lint/$name"
		else
			echo "FAIL lint/$name"
			sed 's/^/  /' "$log"
			((++failed))
		fi
	done
	((run)) || die "no such linter: $only (known: ${linters[*]%%|*})"
	((failed == 0)) || exit 1
}

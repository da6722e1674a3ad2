#!/usr/bin/env bash
# Every shell script in git, known by its first line or its name, passes shellcheck.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
cd "$(dirname "$0")/../.." || exit 2

command -v shellcheck >/dev/null || { echo "not ok - shellcheck is not installed"; exit 1; }
git rev-parse --is-inside-work-tree >/dev/null 2>&1 || { echo "ok - not a git tree # skip"; exit 0; }

mapfile -t scripts < <(git ls-files --cached --others --exclude-standard | while read -r file; do
	[ -f "$file" ] || continue
	read -r first <"$file" 2>/dev/null || true
	case $file:$first in
	*.sh:* | *:'#!'*[/\ ]sh | *:'#!'*[/\ ]bash | *:'#!'*[/\ ]sh\ * | *:'#!'*[/\ ]bash\ *) echo "$file" ;;
	esac
done)

for script in "${scripts[@]}"; do
	if report=$(shellcheck -x "$script" 2>&1); then
		echo "ok - $script"
	else
		echo "not ok - $script"
		printf '# %s\n' "${report//$'\n'/$'\n# '}"
	fi
done

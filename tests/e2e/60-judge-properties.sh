#!/usr/bin/env bash
# judge's properties: a library is the SAME under every compiler and flag; one breaking change is found, a harmless one is not.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# generated_library.py writes libraries of 70 structs and 200 functions from a seed and lists the changes (BREAKING, SAME, ADDS);
# judge_properties.py builds and judges them, and libwarden. SEED and MUTATIONS (of each sort, 100) may be given. Needs no root.
set -u
here=$(realpath "$(dirname "$0")")
B=$(realpath -m "${B:-$here/../../build}")
: "${ABIDE:=$B/abide}"
export B ABIDE LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
exec python3 "$here/judge_properties.py" "$here/../.."

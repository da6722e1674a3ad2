# dh --with abide: judges shared libraries before they are stripped, and says in their packages since when each symbol is there.
# SPDX-License-Identifier: GPL-2.0-or-later
use strict;
use warnings;
use Debian::Debhelper::Dh_Lib;

# Debug information is what the judgement rests on, and dh_strip takes it away.
insert_before('dh_strip', 'dh_abide');
# What dh_makeshlibs wrote is made exact before dh_shlibdeps reads it.
insert_after('dh_makeshlibs', 'dh_abide_shlibs');

1;

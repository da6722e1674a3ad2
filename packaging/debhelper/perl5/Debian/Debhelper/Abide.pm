# What dh_abide and dh_abide_shlibs share: the shared libraries of a package, and what is recorded of their releases.
# SPDX-License-Identifier: GPL-2.0-or-later
package Debian::Debhelper::Abide;
use strict;
use warnings;
use Exporter qw(import);
use File::Basename qw(basename);
use File::Find;
use Debian::Debhelper::Dh_Lib;

our @EXPORT = qw(abide abide_output development_package libraries library_version released history stem_of);

# $ABIDE is for packages that bring the abide that they are built with: abide's own.
my $program = $ENV{ABIDE} // 'abide';

# abide ARGUMENTS: run it, its output in the build log. Returns its exit code.
sub abide {
	my @command = ($program, @_);
	verbose_print(escape_shell(@command));
	return 0 if $dh{NO_ACT};
	my $status = system(@command);
	error("cannot run $program: $!") if $status == -1;
	error("$program was killed by signal " . ($status & 127)) if $status & 127;
	return $status >> 8;
}

# abide_output ACCEPTED ARGUMENTS: what it prints. Any exit code but 0 and those in the list ACCEPTED ends the build.
sub abide_output {
	my ($accepted, @command) = (shift, $program, @_);
	verbose_print(escape_shell(@command));
	return '' if $dh{NO_ACT};
	open(my $pipe, '-|', @command) or error("cannot run $program: $!");
	my $text = do { local $/; <$pipe> } // '';
	return $text if close($pipe) or grep { $? == $_ << 8 } @$accepted;
	exit($? >> 8 || 1);
}

# The soname's stem and version: "libfoo", "1" of libfoo.so.1 and libfoo-1.so; nothing for what has none (plugins).
sub stem_of {
	my ($soname) = @_;
	return ($1, $2) if $soname =~ /^(.+)\.so\.(.+)$/ or $soname =~ /^(.+)-(\d[\d.]*)\.so$/;
	return;
}

# libraries PACKAGE: [FILE, SONAME] of each public shared library in its build directory, in the order of their names.
sub libraries {
	my ($package) = @_;
	my ($tmp, @found) = (tmpdir($package));
	my $objdump = cross_command($package, 'objdump');

	return if is_udeb($package) or not -d $tmp;
	find({no_chdir => 1, wanted => sub {
		return unless /\.so(\.|$)/ and -f $_ and not -l $_ and not m{/usr/lib/debug/};
		my $file = $_;
		open(my $pipe, '-|', $objdump, '-p', $file) or error("cannot run $objdump: $!");
		while (<$pipe>) {
			push @found, [$file, $1] if /^\s+SONAME\s+([^\s\/]+)$/ and stem_of($1);
		}
		close($pipe);
	}}, $tmp);
	return sort { $a->[0] cmp $b->[0] } @found;
}

# development_package FILE SONAME: that built beside it with the link by which programs are linked to the library; else nothing.
sub development_package {
	my ($file, $soname) = @_;
	my ($stem) = stem_of($soname);
	for my $package (getpackages()) {
		my ($tmp, $found) = (tmpdir($package), 0);
		next unless -d $tmp;
		find({no_chdir => 1, wanted => sub {
			return unless -l $_ and basename($_) eq "$stem.so";
			my $target = basename(readlink($_));
			$found = 1 if $target eq $soname or $target eq basename($file);
		}}, $tmp);
		return $package if $found;
	}
	return;
}

# library_version STATED: that version, else upstream's of the newest entry in debian/changelog.
sub library_version {
	my ($version) = @_;
	return $version if defined $version;
	isnative($dh{MAINPACKAGE});
	return $dh{VERSION} =~ s/-[^-]*$//r;
}

# released PACKAGE SONAME: the snapshot of the last release alone, where a package keeps no more than that; else nothing.
sub released {
	my ($package, $soname) = @_;
	my ($own, $folder) = (pkgfile($package, 'abi'), "debian/abi/$soname.abi");
	return $own if $own ne '' and -f $own;
	return -e $folder ? $folder : undef;
}

# history PACKAGE SONAME: the folder with the snapshots of all releases; nothing where there is none.
sub history {
	my ($package, $soname) = @_;
	return if released($package, $soname) or not -d 'debian/abi';
	return 'debian/abi';
}

1;

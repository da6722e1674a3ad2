/* The floor of make bench: what libdw alone needs to visit every debugging information entry of FILE, and to do nothing. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* all: with what is inside functions and types; else only what stands at the top of a unit, as abide inspect does. */
static size_t visit(Dwarf_Die *parent, int all)
{
	Dwarf_Die child;
	size_t n = 0;

	if (dwarf_child(parent, &child) != 0)
		return 0;
	do {
		n++;
		if (all && dwarf_haschildren(&child))
			n += visit(&child, all);
	} while (dwarf_siblingof(&child, &child) == 0);
	return n;
}

int main(int argc, char **argv)
{
	int all = argc == 3 && strcmp(argv[1], "--all") == 0;
	int fd = argc == 2 + all ? open(argv[argc - 1], O_RDONLY) : -1;
	Dwarf *dwarf = fd >= 0 ? dwarf_begin(fd, DWARF_C_READ) : NULL;
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	size_t n = 0;

	if (dwarf == NULL) {
		fprintf(stderr, "usage: walk [--all] FILE (with debug information in it)\n");
		return EXIT_FAILURE;
	}
	while (dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
		n += 1 + visit(&die, all);
	printf("%zu\n", n);
	dwarf_end(dwarf);
	return EXIT_SUCCESS;
}

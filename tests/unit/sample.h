/* A library package with facts filled in by hand, for the tests of both formats. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_SAMPLE_H
#define TESTS_SAMPLE_H

#include "pack/package.h"

#include <elf.h>
#include <string.h>

static struct facts_symbol sample_exports[] = {
	{.name = "warden_check", .node = "LIBWARDEN_1.0", .is_default = TRUE},
	{.name = "warden_count", .node = "LIBWARDEN_1.1", .is_default = TRUE},
	{.name = "warden_open", .node = "LIBWARDEN_1.0", .is_default = TRUE},
};
static struct facts_node sample_nodes[] = {{"LIBWARDEN_1.0", NULL}, {"LIBWARDEN_1.1", "LIBWARDEN_1.0"}};
static struct facts_need sample_needs[] = {{"libc.so.6", "GLIBC_2.34"}, {"libc.so.6", "GLIBC_2.2.5"}};
static const char *sample_needed[] = {"libc.so.6", "plugin.so", NULL};

static const struct facts sample_newer = {
	.path = "libwarden.so.1.1.0",
	.kind = FACTS_LIBRARY,
	.bits = 64,
	.machine = EM_X86_64,
	.soname = "libwarden.so.1",
	.version = "1.1.0",
	.needed = sample_needed,
	.gnu_hash = TRUE,
	.exports = sample_exports,
	.n_exports = G_N_ELEMENTS(sample_exports),
	.nodes = sample_nodes,
	.n_nodes = G_N_ELEMENTS(sample_nodes),
	.needs = sample_needs,
	.n_needs = G_N_ELEMENTS(sample_needs),
};

static struct facts_symbol sample_older_exports[] = {
	{.name = "warden_check", .node = "LIBWARDEN_1.0", .is_default = TRUE},
	{.name = "warden_open", .node = "LIBWARDEN_1.0", .is_default = TRUE},
};
static const struct facts sample_older = {
	.path = "libwarden.so.1.0.0",
	.kind = FACTS_LIBRARY,
	.soname = "libwarden.so.1",
	.version = "1.0.0",
	.exports = sample_older_exports,
	.n_exports = G_N_ELEMENTS(sample_older_exports),
	.nodes = sample_nodes,
	.n_nodes = 1,
};

static struct package *sample_bare(void)
{
	struct package *p = package_new("libwarden1");

	p->source = g_strdup("libwarden");
	p->version = g_strdup("1.1.0");
	p->release = g_strdup("1");
	p->arch = names_arch_find("amd64");
	p->maintainer = g_strdup("A <a@example.org>");
	p->license = g_strdup("MIT");
	p->summary = g_strdup("a library");
	p->description = g_strdup("More.\n\nAnd more.");
	p->mtime = 1700000000;
	return p;
}

/* Not sealed, so that tests may add to it. */
static struct package *sample_library(void)
{
	struct package *p = sample_bare();
	struct package_file *f;

	p->library = g_new(struct package_library, 1);
	*p->library = (struct package_library){&sample_newer, &sample_older, TRUE, NULL, "libwarden"};
	f = package_add_data(p, "/opt/warden/lib/libwarden.so.1.1.0", g_bytes_new_static("not ELF\n", 8));
	f->facts = &sample_newer;
	f->mode = 0755;
	package_add_link(p, "/opt/warden/lib/libwarden.so.1", "libwarden.so.1.1.0");
	package_add(p, PACKAGE_DIRECTORY, "/opt/warden");
	f = package_add_data(p, "/etc/ld.so.conf.d/warden.conf", g_bytes_new_static("/opt/warden/lib\n", 16));
	f->flags = PACKAGE_CONFIG | PACKAGE_NOREPLACE;
	return p;
}

#endif

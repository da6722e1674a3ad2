/* A fleet's first files: see beginning.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/beginning.h"

#include "core/yaml.h"
#include "pack/base_text.h"

#include <string.h>

/* What stands beside a library or a program, and is no service. */
static const char *const side_packages[] = {"-dev", "-devel", "-dbgsym", "-debuginfo", "-debugsource", "-doc", "-common", NULL};

static gboolean is_side_package(const char *name)
{
	for (const char *const *suffix = side_packages; *suffix != NULL; suffix++)
		if (g_str_has_suffix(name, *suffix))
			return TRUE;
	return FALSE;
}

/* The names of the suite's libraries or of its other programs, each once, as the packages are sorted (borrowed). */
static GPtrArray *names_of(const publication *suite, gboolean libraries)
{
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < suite->packages->len; i++) {
		const entry *e = suite->packages->pdata[i];
		gboolean fits = g_str_has_prefix(e->name, "lib") == libraries && !is_side_package(e->name);
		gboolean machine = strcmp(e->arch, "all") != 0 && strcmp(e->arch, "noarch") != 0;
		if (fits && machine && !g_ptr_array_find_with_equal_func(names, e->name, g_str_equal, NULL))
			g_ptr_array_add(names, e->name);
	}
	return names;
}

/* The name of a declared base: "NAME:DIGEST". */
static char *base_name(const char *word)
{
	return g_strndup(word, strcspn(word, ":"));
}

static void append_base(GString *out, const char *repository, const char *name)
{
	g_autoptr(GBytes) shipped = base_shipped(name, "");
	g_autofree char *path = g_build_filename(repository, "bases", name, NULL);
	g_autofree char *file = g_strconcat(path, ".base", NULL);
	g_autofree char *quoted = yamlfile_quote(shipped != NULL ? name : file);

	g_string_append_printf(out, "  - name: %s\n    base: %s\n", name, quoted);
}

char *beginning_base(const publication *suite)
{
	g_auto(GStrv) shipped = base_names();
	char **declared = suite->site.settings->bases;

	if (declared != NULL && *declared != NULL)
		return base_name(*declared);
	return g_strdup(*shipped != NULL ? *shipped : "base");
}

static void append_bases(GString *out, const publication *suite, const char *repository)
{
	char **declared = suite->site.settings->bases;

	if (declared == NULL || *declared == NULL) {
		g_autofree char *first = beginning_base(suite);
		append_base(out, repository, first);
	}
	for (; declared != NULL && *declared != NULL; declared++) {
		g_autofree char *name = base_name(*declared);
		append_base(out, repository, name);
	}
}

/* A name that a fleet may have, from whoever publishes. */
static char *fleet_name(const char *origin)
{
	char *name = g_strdup(origin);

	g_strcanon(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-", '-');
	if (!g_ascii_isalnum(*name) || strlen(name) > 64) {
		g_free(name);
		return g_strdup("fleet");
	}
	return name;
}

char *fleet_beginning(const publication *suite, const char *repository)
{
	GString *out = g_string_new("# What our customers' servers run, and where their packages come from: see abide-fleet(5).\n");
	g_autofree char *name = fleet_name(suite->site.settings->origin), *path = yamlfile_quote(repository);
	g_autofree char *own_suite = yamlfile_quote(suite->site.settings->suite);
	g_autoptr(GPtrArray) libraries = names_of(suite, TRUE);

	g_string_append_printf(out, "fleet: %s\nrepository: %s\nsuite: %s\nchannels: %s   # a file for each customer\n", name, path,
			       own_suite, FLEET_CHANNELS);
	g_string_append(out, "\n# The systems that servers run. abide base list shows those that come with abide; abide base\n"
			     "# capture makes a file of any other.\nbases:\n");
	append_bases(out, suite, repository);
	g_string_append(out, "\n# Which libraries' versions are decided on; without this: all that a service uses.\n#libraries: [");
	for (guint i = 0; i < libraries->len; i++)
		g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", (const char *)libraries->pdata[i]);
	g_string_append(out, "]\n\n# The order in which services restart when a library is replaced; the others follow, by name.\n"
			     "#restart: []\n");
	return g_string_free(out, FALSE);
}

char *channel_beginning(const publication *suite, const char *channel, const char *base)
{
	GString *out = g_string_new("# What one customer runs, and which versions it gets: see abide-channel(5).\n");
	g_autoptr(GPtrArray) services = names_of(suite, FALSE);
	g_autofree char *quoted = yamlfile_quote(channel);

	g_string_append_printf(out,
			       "channel: %s\n\n# Servers that are set up alike; change this to what there is.\nhosts:\n"
			       "  - class: servers\n    base: %s\n    services:\n",
			       quoted, base);
	for (guint i = 0; i < services->len; i++)
		g_string_append_printf(out, "      - name: %s\n", (const char *)services->pdata[i]);
	g_string_append_printf(out,
			       "\n# abide pin set %s PACKAGE VERSION --reason TEXT pins a package here.\npackages:\n",
			       channel);
	return g_string_free(out, FALSE);
}

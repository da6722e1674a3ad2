/* What an .rpm provides and requires: see rpm.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base.h"
#include "pack/rpm.h"

#include <rpm/rpmds.h>
#include <string.h>

static void dep_free(gpointer data)
{
	struct rpmpkg_dep *d = data;

	g_free(d->name);
	g_free(d->version);
	g_free(d);
}

GPtrArray *rpmpkg_deps_new(void)
{
	return g_ptr_array_new_with_free_func(dep_free);
}

void rpmpkg_dep_add(GPtrArray *deps, const char *name, guint32 flags, const char *version)
{
	struct rpmpkg_dep *d = g_new(struct rpmpkg_dep, 1);

	*d = (struct rpmpkg_dep){g_strdup(name), g_strdup(version == NULL ? "" : version), flags};
	g_ptr_array_add(deps, d);
}

/* elfdeps' --filter-soname: linkable libraries are called lib*.so*, and the dynamic linker ld*.so*. */
static gboolean is_soname(const char *soname)
{
	return strstr(soname, ".so") != NULL && (g_str_has_prefix(soname, "lib") || g_str_has_prefix(soname, "ld.") ||
						 g_str_has_prefix(soname, "ld-") || g_str_has_prefix(soname, "ld64."));
}

static void add_soname(GPtrArray *deps, const struct facts *facts, const char *soname, const char *node, guint32 flags)
{
	const char *marker = facts->bits == 64 ? "(64bit)" : "";
	g_autofree char *name = node != NULL || *marker != '\0'
					? g_strdup_printf("%s(%s)%s", soname, node == NULL ? "" : node, marker)
					: g_strdup(soname);

	if (is_soname(soname))
		rpmpkg_dep_add(deps, name, flags, NULL);
}

void rpmpkg_elf_provides(GPtrArray *deps, const struct package_file *file)
{
	const struct facts *facts = file->facts;
	g_autofree char *base = g_path_get_basename(file->path);
	const char *soname = facts->soname == NULL ? base : facts->soname;

	if (facts->kind != FACTS_LIBRARY)
		return;
	add_soname(deps, facts, soname, NULL, RPMSENSE_FIND_PROVIDES);
	for (guint i = 0; i < facts->n_nodes; i++)
		add_soname(deps, facts, soname, facts->nodes[i].name, RPMSENSE_FIND_PROVIDES);
}

void rpmpkg_elf_requires(GPtrArray *deps, const struct package_file *file)
{
	const struct facts *facts = file->facts;

	if (facts->interpreter != NULL && (file->mode & 0111) == 0)
		return;
	for (gsize i = 0; facts->needed != NULL && facts->needed[i] != NULL; i++)
		add_soname(deps, facts, facts->needed[i], NULL, RPMSENSE_FIND_REQUIRES);
	for (guint i = 0; i < facts->n_needs; i++)
		add_soname(deps, facts, facts->needs[i].library, facts->needs[i].node, RPMSENSE_FIND_REQUIRES);
	if (facts->gnu_hash && !facts->sysv_hash)
		rpmpkg_dep_add(deps, "rtld(GNU_HASH)", RPMSENSE_FIND_REQUIRES, NULL);
}

const char *rpmpkg_release(const struct package *package)
{
	return package->release == NULL ? "1" : package->release;
}

char *rpmpkg_evr(const struct package *package)
{
	return g_strdup_printf("%s%s%s-%s", package->epoch == NULL ? "" : package->epoch,
			       package->epoch == NULL ? "" : ":", package->version, rpmpkg_release(package));
}

const struct rpmpkg_scriptlet rpmpkg_scriptlets[PACKAGE_SCRIPTS] = {
	{PACKAGE_PREINSTALL, RPMTAG_PREIN, RPMTAG_PREINPROG, RPMSENSE_SCRIPT_PRE},
	{PACKAGE_POSTINSTALL, RPMTAG_POSTIN, RPMTAG_POSTINPROG, RPMSENSE_SCRIPT_POST},
	{PACKAGE_PREREMOVE, RPMTAG_PREUN, RPMTAG_PREUNPROG, RPMSENSE_SCRIPT_PREUN},
	{PACKAGE_POSTREMOVE, RPMTAG_POSTUN, RPMTAG_POSTUNPROG, RPMSENSE_SCRIPT_POSTUN},
	{PACKAGE_PRETRANS, RPMTAG_PRETRANS, RPMTAG_PRETRANSPROG, RPMSENSE_PRETRANS},
	{PACKAGE_POSTTRANS, RPMTAG_POSTTRANS, RPMTAG_POSTTRANSPROG, RPMSENSE_POSTTRANS},
	{PACKAGE_VERIFY, RPMTAG_VERIFYSCRIPT, RPMTAG_VERIFYSCRIPTPROG, RPMSENSE_SCRIPT_VERIFY},
};

/*
 * The program of a "#!" line with its argument, as `-p` in a spec file would have it; the shell where there is none. rpm
 * runs the program with the script's name: without the argument a script that begins with "#!/bin/sh -e" would go on after
 * an error, which with dpkg it does not.
 */
static char *interpreter_of(const char *script)
{
	const char *line = g_str_has_prefix(script, "#!") ? script + 2 : "/bin/sh";
	g_autofree char *text = g_strstrip(g_strndup(line, strcspn(line, "\n")));
	gsize n = strcspn(text, " \t");
	const char *argument = text + n + strspn(text + n, " \t");

	return *argument == '\0' ? g_strndup(text, n) : g_strdup_printf("%.*s %s", (int)n, text, argument);
}

gboolean rpmpkg_script(const struct package *package, enum package_script script, char **body, char **program)
{
	gboolean ldconfig = package->library != NULL && package->library->ldconfig_scripts &&
			    (script == PACKAGE_POSTINSTALL || script == PACKAGE_POSTREMOVE);
	gsize size;

	*body = *program = NULL;
	if (package->scripts[script] != NULL) {
		const char *data = g_bytes_get_data(package->scripts[script], &size);
		g_autofree char *text = g_strndup(data, size);
		*program = interpreter_of(text);
		*body = ldconfig ? g_strconcat("/sbin/ldconfig\n", text, NULL) : g_strdup(text);
	} else if (ldconfig) {
		*program = g_strdup("/sbin/ldconfig");
	}
	return *program != NULL;
}

static const guint32 senses[] = {
	[RELATION_ANY] = RPMSENSE_ANY,
	[RELATION_LESS] = RPMSENSE_LESS,
	[RELATION_LESS_EQUAL] = RPMSENSE_LESS | RPMSENSE_EQUAL,
	[RELATION_EQUAL] = RPMSENSE_EQUAL,
	[RELATION_GREATER_EQUAL] = RPMSENSE_GREATER | RPMSENSE_EQUAL,
	[RELATION_GREATER] = RPMSENSE_GREATER,
};

void rpmpkg_relations(GPtrArray *deps, const struct package *package, enum relation_kind kind)
{
	const GPtrArray *list = package->relations[kind];

	for (guint i = 0; i < list->len; i++) {
		const struct relation *r = list->pdata[i];
		g_autofree char *rich = r->alternative == NULL ? NULL : relation_rich(r);
		if (rich != NULL)
			rpmpkg_dep_add(deps, rich, RPMSENSE_ANY, NULL);
		else
			rpmpkg_dep_add(deps, r->name, senses[r->op], r->version);
	}
}

static int compare(gconstpointer a, gconstpointer b)
{
	const struct rpmpkg_dep *const *d = a, *const *e = b;
	int order = strcmp((*d)->name, (*e)->name);

	if (order == 0)
		order = strcmp((*d)->version, (*e)->version);
	return order != 0 ? order : ((*d)->flags > (*e)->flags) - ((*d)->flags < (*e)->flags);
}

void rpmpkg_deps_sort(GPtrArray *deps)
{
	g_ptr_array_sort(deps, compare);
	for (guint i = deps->len; i > 1; i--)
		if (compare(&deps->pdata[i - 1], &deps->pdata[i - 2]) == 0)
			g_ptr_array_remove_index(deps, i - 1);
}

static gboolean has_config(const struct package *package)
{
	for (guint i = 0; i < package->files->len; i++)
		if ((((struct package_file *)package->files->pdata[i])->flags & PACKAGE_CONFIG) != 0)
			return TRUE;
	return FALSE;
}

static void each_elf(GPtrArray *deps, const struct package *package,
		     void (*visit)(GPtrArray *deps, const struct package_file *file))
{
	for (guint i = 0; i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		if (f->facts != NULL)
			visit(deps, f);
	}
}

/*
 * Of a library without version nodes nobody could ask for more than its soname, so with a recorded history the soname has
 * a version (the form is that of rpm's pull requests 2372 and 4081). It takes the place of the one without: that would
 * satisfy every "libfoo.so.1()(64bit) >= 1.2", while who asks for no version is content with any.
 */
static void state_version(GPtrArray *deps, const struct package *package)
{
	const struct package_library *library = package->library;

	if (library == NULL || library->history == NULL || library->facts->n_nodes > 0)
		return;
	g_autoptr(GPtrArray) plain = rpmpkg_deps_new();
	add_soname(plain, library->facts, library->facts->soname, NULL, RPMSENSE_FIND_PROVIDES);
	for (guint i = 0; plain->len > 0 && i < deps->len; i++) {
		struct rpmpkg_dep *d = deps->pdata[i];
		if (!g_str_equal(d->name, ((struct rpmpkg_dep *)plain->pdata[0])->name))
			continue;
		g_free(d->version);
		d->version = g_strdup(package->version);
		d->flags |= RPMSENSE_EQUAL;
	}
}

GPtrArray *rpmpkg_provides(const struct package *package)
{
	GPtrArray *deps = rpmpkg_deps_new();
	g_autofree char *evr = rpmpkg_evr(package);
	g_autofree char *config = g_strdup_printf("config(%s)", package->name);
	g_autofree char *isa = g_strdup_printf("%s(%s)", package->name, package->arch->isa);

	rpmpkg_dep_add(deps, package->name, RPMSENSE_EQUAL, evr);
	if (package->arch->isa != NULL)
		rpmpkg_dep_add(deps, isa, RPMSENSE_EQUAL, evr);
	if (has_config(package))
		rpmpkg_dep_add(deps, config, RPMSENSE_EQUAL | RPMSENSE_CONFIG, evr);
	if (!package->is_private)
		each_elf(deps, package, rpmpkg_elf_provides);
	rpmpkg_pkgconfig_provides(deps, package);
	for (guint i = 0; package->build_ids != NULL && i < package->build_ids->len; i++)
		rpmpkg_dep_add(deps, "debuginfo(build-id)", RPMSENSE_FIND_PROVIDES | RPMSENSE_EQUAL,
			       package->build_ids->pdata[i]);
	state_version(deps, package);
	rpmpkg_relations(deps, package, RELATION_PROVIDES);
	rpmpkg_deps_sort(deps);
	return deps;
}

static gboolean is_compressed(const struct package *package, const char *compressor)
{
	const char *with = package->compression == NULL ? "xz" : package->compression;
	gsize n = strlen(compressor);

	return strncmp(with, compressor, n) == 0 && (with[n] == ':' || with[n] == '\0');
}

static void add_interpreter(GPtrArray *deps, const char *program, guint32 sense)
{
	g_auto(GStrv) words = g_strsplit(program, " ", 2);

	rpmpkg_dep_add(deps, words[0], RPMSENSE_INTERP | sense, NULL);
	if (words[1] != NULL)
		rpmpkg_dep_add(deps, "rpmlib(ScriptletInterpreterArgs)", RPMSENSE_RPMLIB | RPMSENSE_LESS | RPMSENSE_EQUAL,
			       "4.0.3-1");
}

/* The features of rpm without which this package cannot be read, with the version of rpm that brought each. */
static void add_rpmlib(GPtrArray *deps, const struct package *package)
{
	g_autofree char *evr = rpmpkg_evr(package);
	const guint32 flags = RPMSENSE_RPMLIB | RPMSENSE_LESS | RPMSENSE_EQUAL;
	gboolean tilde = FALSE, caret = FALSE, rich = FALSE;

	for (guint i = 0; i < deps->len; i++) {
		const struct rpmpkg_dep *d = deps->pdata[i];
		tilde = tilde || strchr(d->version, '~') != NULL;
		caret = caret || strchr(d->version, '^') != NULL;
		rich = rich || *d->name == '(';
	}
	tilde = tilde || strchr(evr, '~') != NULL;
	caret = caret || strchr(evr, '^') != NULL;
	rpmpkg_dep_add(deps, "rpmlib(CompressedFileNames)", flags, "3.0.4-1");
	rpmpkg_dep_add(deps, "rpmlib(FileDigests)", flags, "4.6.0-1");
	rpmpkg_dep_add(deps, "rpmlib(PayloadFilesHavePrefix)", flags, "4.0-1");
	if (is_compressed(package, "xz"))
		rpmpkg_dep_add(deps, "rpmlib(PayloadIsXz)", flags, "5.2-1");
	if (is_compressed(package, "zstd"))
		rpmpkg_dep_add(deps, "rpmlib(PayloadIsZstd)", flags, "5.4.18-1");
	if (rich)
		rpmpkg_dep_add(deps, "rpmlib(RichDependencies)", flags, "4.12.0-1");
	if (tilde)
		rpmpkg_dep_add(deps, "rpmlib(TildeInVersions)", flags, "4.10.0-1");
	if (caret)
		rpmpkg_dep_add(deps, "rpmlib(CaretInVersions)", flags, "4.15.0-1");
}

/* What a private library would provide is provided by nobody, so nobody may require it. */
static void remove_own(GPtrArray *deps, const struct package *package)
{
	g_autoptr(GPtrArray) own = rpmpkg_deps_new();

	each_elf(own, package, rpmpkg_elf_provides);
	for (guint i = deps->len; i > 0; i--)
		for (guint j = 0; j < own->len; j++)
			if (g_str_equal(((struct rpmpkg_dep *)deps->pdata[i - 1])->name,
					((struct rpmpkg_dep *)own->pdata[j])->name)) {
				g_ptr_array_remove_index(deps, i - 1);
				break;
			}
}

GPtrArray *rpmpkg_requires(const struct package *package)
{
	GPtrArray *deps = rpmpkg_deps_new();
	g_autofree char *evr = rpmpkg_evr(package);
	g_autofree char *config = g_strdup_printf("config(%s)", package->name);

	each_elf(deps, package, rpmpkg_elf_requires);
	if (package->is_private)
		remove_own(deps, package);
	rpmpkg_pkgconfig_requires(deps, package);
	rpmpkg_interpreter_requires(deps, package);
	rpmpkg_relations(deps, package, RELATION_DEPENDS);
	if (has_config(package))
		rpmpkg_dep_add(deps, config, RPMSENSE_EQUAL | RPMSENSE_CONFIG, evr);
	for (int i = 0; i < PACKAGE_SCRIPTS; i++) {
		g_autofree char *body = NULL, *program = NULL;
		if (rpmpkg_script(package, rpmpkg_scriptlets[i].script, &body, &program))
			add_interpreter(deps, program, rpmpkg_scriptlets[i].sense);
	}
	add_rpmlib(deps, package);
	rpmpkg_deps_sort(deps);
	return deps;
}

/* Private libraries are there for the files beside them. */
static void add_capabilities(GHashTable *capabilities, const struct package *package)
{
	g_autoptr(GPtrArray) own = rpmpkg_deps_new();

	each_elf(own, package, rpmpkg_elf_provides);
	for (guint i = 0; i < own->len; i++)
		g_hash_table_add(capabilities, g_strdup(((struct rpmpkg_dep *)own->pdata[i])->name));
}

gboolean rpmpkg_provide(const struct package *package, struct base *base, GError **error)
{
	(void)error;
	if (!package->is_private)
		add_capabilities(base->capabilities, package);
	return TRUE;
}

static gboolean is_there(const struct base *base, const char *capability)
{
	return base != NULL && g_hash_table_contains(base->capabilities, capability);
}

gboolean rpmpkg_resolve(struct package *package, const struct base *made, const struct base *base, GError **error)
{
	g_autoptr(GPtrArray) needed = rpmpkg_deps_new();
	g_autoptr(base) own = base_new(PACKAGE_RPM);

	if (base == NULL)
		return TRUE;
	each_elf(needed, package, rpmpkg_elf_requires);
	add_capabilities(own->capabilities, package);
	for (guint i = 0; i < needed->len; i++) {
		const char *name = ((struct rpmpkg_dep *)needed->pdata[i])->name;
		if (is_there(base, name) || is_there(made, name) || is_there(own, name))
			continue;
		g_set_error(error, PACK_ERROR, PACK_ERROR_DEPENDS,
			    "needs %s, which no package of %s has; name the package or base that has it with --base", name,
			    base->name ? base->name : "the bases named");
		return FALSE;
	}
	return TRUE;
}

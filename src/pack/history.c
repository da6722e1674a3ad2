/* The recorded releases of a library: see history.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/history.h"
#include "core/version.h"
#include "inspect/snapshot.h"
#include "pack/error.h"
#include "pack/names.h"

#include <string.h>

#define SUFFIX ".abi"
#define VERSION_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".+~"

static void release_free(gpointer data)
{
	struct history_release *r = data;

	if (r == NULL)
		return;
	g_free(r->version);
	g_free(r->path);
	facts_free(r->facts);
	g_free(r);
}

void history_free(struct history *history)
{
	if (history == NULL)
		return;
	g_ptr_array_unref(history->releases);
	g_free(history);
}

/* ---- versions ---- */

static gboolean is_version(const char *text)
{
	return g_ascii_isdigit(*text) && text[strspn(text, VERSION_CHARACTERS)] == '\0';
}

char *history_version(const char *path, const char *soname)
{
	g_autofree char *base = g_path_get_basename(path), *stem = NULL, *soversion = NULL, *start = NULL;

	if (!g_str_has_suffix(base, SUFFIX))
		return NULL;
	base[strlen(base) - strlen(SUFFIX)] = '\0';
	if (g_str_equal(base, soname) || !names_soname_split(soname, &stem, &soversion))
		return NULL;
	start = g_strconcat(stem, ".so.", NULL);
	if (g_str_has_prefix(base, start) && is_version(base + strlen(start)))
		return g_strdup(base + strlen(start));
	const char *dash = strrchr(base, '-');
	return dash != NULL && is_version(dash + 1) ? g_strdup(dash + 1) : NULL;
}

/* What the `version` line near the top of a snapshot says. */
static char *stated_version(const char *text, gsize size)
{
	static const char keyword[] = "\nversion\t";
	const char *head_end = g_strstr_len(text, (gssize)size, "\nmachine\t");
	const char *line = head_end == NULL ? NULL : g_strstr_len(text, head_end - text, keyword);

	if (line == NULL)
		return NULL;
	line += strlen(keyword);
	const char *end = memchr(line, '\n', (gsize)(head_end - line) + 1);
	g_autofree char *version = g_strndup(line, (gsize)(end - line));
	return is_version(version) ? g_steal_pointer(&version) : NULL;
}

static int by_version(gconstpointer a, gconstpointer b)
{
	const struct history_release *const *r = a, *const *s = b;

	return version_compare_deb((*r)->version, (*s)->version);
}

/* ---- reading ---- */

static gboolean add_snapshot(struct history *h, const char *path, const char *soname, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, SNAPSHOT_CEILING, error);
	g_autoptr(facts) facts = NULL;
	gsize size;

	if (bytes == NULL)
		return FALSE;
	const char *text = g_bytes_get_data(bytes, &size);
	facts = snapshot_parse(path, text == NULL ? "" : text, size, error);
	if (facts == NULL)
		return FALSE;
	if (g_strcmp0(facts->soname, soname) != 0)
		return TRUE;
	char *version = history_version(path, soname);
	if (version == NULL)
		version = stated_version(text, size);
	if (version == NULL) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
			    "%s: which release it is of is not known; call it %s-VERSION" SUFFIX, path, soname);
		return FALSE;
	}
	struct history_release *r = g_new(struct history_release, 1);
	*r = (struct history_release){version, g_strdup(path), g_steal_pointer(&facts)};
	g_ptr_array_add(h->releases, r);
	return TRUE;
}

static gboolean add_folder(struct history *h, const char *path, const char *soname, GError **error)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, error);
	const char *name;

	if (dir == NULL)
		return FALSE;
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		if (g_str_has_suffix(name, SUFFIX) && !add_snapshot(h, file, soname, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean check_unique(const struct history *h, GError **error)
{
	for (guint i = 1; i < h->releases->len; i++) {
		const struct history_release *a = h->releases->pdata[i - 1], *b = h->releases->pdata[i];
		if (version_compare_deb(a->version, b->version) == 0) {
			gboolean in_order = strcmp(a->path, b->path) < 0;
			g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s and %s are of one version, %s",
				    in_order ? a->path : b->path, in_order ? b->path : a->path,
				    in_order ? a->version : b->version);
			return FALSE;
		}
	}
	return TRUE;
}

struct history *history_read(const char *path, const char *soname, GError **error)
{
	g_autoptr(history) h = g_new(struct history, 1);
	gboolean is_file = g_file_test(path, G_FILE_TEST_IS_REGULAR);

	h->releases = g_ptr_array_new_with_free_func(release_free);
	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
			    "%s: no such folder; the first release that is recorded makes it", path);
		return NULL;
	}
	if (!(is_file ? add_snapshot : add_folder)(h, path, soname, error))
		return NULL;
	g_ptr_array_sort(h->releases, by_version);
	return check_unique(h, error) ? g_steal_pointer(&h) : NULL;
}

/* ---- asking ---- */

const struct history_release *history_before(const struct history *history, const char *version)
{
	for (guint i = history->releases->len; i > 0; i--) {
		const struct history_release *r = history->releases->pdata[i - 1];
		if (version_compare_deb(r->version, version) < 0)
			return r;
	}
	return NULL;
}

const struct history_release *history_at(const struct history *history, const char *version)
{
	for (guint i = 0; i < history->releases->len; i++) {
		const struct history_release *r = history->releases->pdata[i];
		if (version_compare_deb(r->version, version) == 0)
			return r;
	}
	return NULL;
}

gboolean history_check(const struct history *history, const char *version, GError **error)
{
	guint n = history->releases->len;
	const struct history_release *newest = n == 0 ? NULL : history->releases->pdata[n - 1];

	if (newest == NULL || version_compare_deb(version, newest->version) >= 0)
		return TRUE;
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "'%s' is lower than the released %s (%s)", version,
		    newest->version, newest->path);
	return FALSE;
}

static gboolean has(const struct facts *facts, const char *name, const char *node)
{
	if (name != NULL)
		return facts_has_export(facts, name, node);
	for (guint i = 0; i < facts->n_nodes; i++)
		if (g_str_equal(facts->nodes[i].name, node))
			return TRUE;
	return FALSE;
}

/* An export that A has and B has not, or NULL. */
static const struct facts_symbol *surplus(const struct facts *a, const struct facts *b)
{
	for (guint i = 0; i < a->n_exports; i++)
		if (!facts_has_export(b, a->exports[i].name, a->exports[i].node))
			return &a->exports[i];
	return NULL;
}

gboolean history_check_exports(const struct history *history, const char *version, const struct facts *library,
			       GError **error)
{
	const struct history_release *r = history_at(history, version);
	const struct facts_symbol *added = r == NULL ? NULL : surplus(library, r->facts);
	const struct facts_symbol *odd = r == NULL || added != NULL ? added : surplus(r->facts, library);

	if (odd == NULL)
		return TRUE;
	g_autofree char *name = g_strescape(odd->name, NULL), *node = g_strescape(odd->node ? odd->node : "", NULL);
	g_set_error(error, PACK_ERROR, PACK_ERROR_ABI,
		    "%s says that %s is released %s %s%s%s; give this one a version of its own", r->path, r->version,
		    added != NULL ? "without" : "with", name, *node == '\0' ? "" : "@", node);
	return FALSE;
}

const char *history_since(const struct history *history, const char *name, const char *node)
{
	const char *since = NULL;

	for (guint i = history->releases->len; i > 0; i--) {
		const struct history_release *r = history->releases->pdata[i - 1];
		if (!has(r->facts, name, node))
			break;
		since = r->version;
	}
	return since;
}

/* ---- recording ---- */

char *history_begin(const struct history *history, const char *folder, const struct facts *facts, const char *version,
		    struct atomic_file *file, GError **error)
{
	const struct history_release *known = history_at(history, version);

	if (known != NULL)
		return g_strdup(known->path);
	if (!is_version(version) || strchr(facts->soname, '/') != NULL) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "'%s-%s': no file can be called so", facts->soname,
			    version);
		return NULL;
	}
	if (facts->evidence != FACTS_TYPES) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_EVIDENCE,
			    "%s: has no debug information, so the next release could not be judged by its snapshot",
			    facts->path);
		return NULL;
	}
	g_autofree char *base = g_strconcat(facts->soname, "-", version, SUFFIX, NULL);
	g_autofree char *path = g_build_filename(folder, base, NULL), *text = snapshot_text(facts);
	if (!atomic_file_open(file, path, 0644, error) || !atomic_file_write(file, text, strlen(text), error))
		return NULL;
	return g_steal_pointer(&path);
}

/* apt's Contents index: see debcontents.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/debcontents.h"
#include "publish/deb822.h"
#include "publish/debindex.h"
#include "publish/debread.h"
#include "publish/error.h"

#include <string.h>

/* Where the packages stand in Debian's own indexes. */
#define COLUMN 55

/* After one line in so many the index may be cut. */
#define LINES_PER_BOUNDARY 256

/* One file of one package that comes or goes. */
struct change {
	const char *path;
	gsize size;
	const char *owner;
	gboolean add;
};

/* What is added to an index and removed from it; when both are said of the same file and package, it is there. */
struct changes {
	GArray *changes;      /* struct change */
	GStringChunk *owners;
};
typedef struct changes changes;

static changes *changes_new(void)
{
	changes *c = g_new(changes, 1);

	c->changes = g_array_new(FALSE, FALSE, sizeof(struct change));
	c->owners = g_string_chunk_new(4096);
	return c;
}

static void changes_free(changes *c)
{
	if (c == NULL)
		return;
	g_array_unref(c->changes);
	g_string_chunk_free(c->owners);
	g_free(c);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(changes, changes_free)

/* SECTION/NAME of a package, NAME where it has no section; caller frees. */
static char *owner_of(const entry *e)
{
	const char *cursor = e->record[0];
	g_auto(deb822) d = {0};
	gboolean read = deb822_next(&d, &cursor, cursor + strlen(cursor), NULL);
	g_autofree char *section = read ? deb822_get(&d, "Section") : NULL;

	return section && *section && strpbrk(section, " \t\n,") == NULL ? g_strdup_printf("%s/%s", section, e->name)
									    : g_strdup(e->name);
}

static void change(changes *c, const char *owner, const char *names, gboolean add)
{
	const char *kept = g_string_chunk_insert_const(c->owners, owner);

	for (const char *end; (end = strchr(names, '\n')) != NULL; names = end + 1) {
		struct change one = {names, (gsize)(end - names), kept, add};
		g_array_append_val(c->changes, one);
	}
}

static int compare_paths(const char *a, gsize a_size, const char *b, gsize b_size)
{
	int difference = memcmp(a, b, MIN(a_size, b_size));

	return difference != 0 ? difference : (a_size > b_size) - (a_size < b_size);
}

/* By path; of one path removals come first. */
static gint compare_changes(gconstpointer a, gconstpointer b)
{
	const struct change *x = a, *y = b;
	int difference = compare_paths(x->path, x->size, y->path, y->size);

	return difference != 0 ? difference : (int)x->add - (int)y->add;
}

/* ---- lines ---- */

/* A published line: the path, and the packages that have it. */
struct line {
	const char *path;
	gsize size;
	const char *owners;
	gsize owners_size;
	const char *text;
	gsize text_size; /* with its newline */
};

/* The line at *cursor; FALSE with an error if it is none. At the end line->text is NULL. */
static gboolean next_line(struct line *line, const char **cursor, const char *end, GError **error)
{
	const char *newline = memchr(*cursor, '\n', (gsize)(end - *cursor));

	*line = (struct line){.text = *cursor == end ? NULL : *cursor};
	if (line->text == NULL)
		return TRUE;
	const char *blank = newline ? memrchr(line->text, ' ', (gsize)(newline - line->text)) : NULL;
	const char *stop = blank;
	while (stop != NULL && stop > line->text && stop[-1] == ' ')
		stop--;
	if (stop == NULL || stop == line->text || blank + 1 == newline) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "a line that is not one path and its packages");
		return FALSE;
	}
	*cursor = newline + 1;
	line->path = line->text;
	line->size = (gsize)(stop - line->text);
	line->owners = blank + 1;
	line->owners_size = (gsize)(newline - line->owners);
	line->text_size = (gsize)(*cursor - line->text);
	return TRUE;
}

static void put_line(segments *to, const char *path, gsize size, const char *text, gsize text_size)
{
	guint hash = 5381;

	for (gsize i = 0; i < size; i++)
		hash = hash * 33 + (guchar)path[i];
	segments_add(to, text, text_size, hash % LINES_PER_BOUNDARY == 0);
}

static gint compare_words(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void put_owners(segments *to, const char *path, gsize size, GHashTable *owners)
{
	guint n = 0;
	g_autofree gpointer *words = g_hash_table_get_keys_as_array(owners, &n);
	g_autoptr(GString) text = g_string_new_len(path, (gssize)size);

	if (n == 0)
		return;
	qsort(words, n, sizeof *words, compare_words);
	do
		g_string_append_c(text, ' ');
	while (text->len <= COLUMN);
	for (guint i = 0; i < n; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? "," : "", (const char *)words[i]);
	g_string_append_c(text, '\n');
	put_line(to, path, size, text->str, text->len);
}

/* The changes of one path, from `i` on; line: that of the path, or NULL. Returns where the next path's begin. */
static guint apply(changes *c, guint i, const struct line *line, segments *to)
{
	const struct change *first = &g_array_index(c->changes, struct change, i);
	g_autofree char *present = line ? g_strndup(line->owners, line->owners_size) : g_strdup("");
	g_auto(GStrv) words = g_strsplit(present, ",", -1);
	g_autoptr(GHashTable) owners = g_hash_table_new(g_str_hash, g_str_equal);

	for (char **word = words; *word != NULL; word++)
		if (**word != '\0')
			g_hash_table_add(owners, *word);
	for (; i < c->changes->len; i++) {
		const struct change *one = &g_array_index(c->changes, struct change, i);
		if (compare_paths(one->path, one->size, first->path, first->size) != 0)
			break;
		if (!one->add)
			g_hash_table_remove(owners, one->owner);
		else if (!g_hash_table_contains(owners, one->owner))
			g_hash_table_add(owners, (gpointer)one->owner);
	}
	put_owners(to, first->path, first->size, owners);
	return i;
}

/* The index, from the one published before (SIZE bytes, as this wrote it) and what was added and removed. */
static gboolean write_index(changes *c, const char *published, gsize size, segments *to, GError **error)
{
	const char *cursor = published, *end = published + size;
	struct line line;
	guint i = 0;

	g_array_sort(c->changes, compare_changes);
	if (!next_line(&line, &cursor, end, error))
		return FALSE;
	while (line.text != NULL || i < c->changes->len) {
		const struct change *one = i < c->changes->len ? &g_array_index(c->changes, struct change, i) : NULL;
		int order = one == NULL        ? -1
			    : line.text == NULL ? 1
						: compare_paths(line.path, line.size, one->path, one->size);
		if (order < 0)
			put_line(to, line.path, line.size, line.text, line.text_size);
		else
			i = apply(c, i, order == 0 ? &line : NULL, to);
		if (order <= 0 && !next_line(&line, &cursor, end, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- of a suite ---- */

/* The names of a package's files: at hand, or read again and kept in READ. */
static const char *names_of(const char *top, const entry *e, GPtrArray *read, GError **error)
{
	if (e->texts == NULL && e->record[1] != NULL)
		return e->record[1];
	g_autofree char *path = g_build_filename(top, e->path, NULL);
	g_autoptr(intake) in = intake_open(path, NULL, error);
	g_auto(debread) d = {0};
	char *names = NULL;
	if (in == NULL || !debread_control(in, &d, &names, error))
		return NULL;
	g_ptr_array_add(read, names);
	return names;
}

static gboolean add_names(changes *c, const char *top, const entry *e, gboolean remove, GPtrArray *read, GError **error)
{
	const char *names = names_of(top, e, read, error);
	g_autofree char *owner = names ? owner_of(e) : NULL;

	if (names == NULL)
		return FALSE;
	change(c, owner, names, !remove);
	return TRUE;
}

gboolean debcontents_render(const char *top, const GPtrArray *entries, const GPtrArray *gone, const char *architecture,
			 GBytes *published, segments *to, GError **error)
{
	g_autoptr(changes) c = changes_new();
	g_autoptr(GPtrArray) read = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) touched = g_hash_table_new(g_str_hash, g_str_equal);
	gsize size = 0;
	const char *text = published ? g_bytes_get_data(published, &size) : "";

	for (guint i = 0; i < gone->len; i++) {
		const entry *e = gone->pdata[i];
		g_hash_table_add(touched, e->name);
		if (!add_names(c, top, e, TRUE, read, error))
			return FALSE;
	}
	for (guint i = 0; i < entries->len; i++) {
		const entry *e = entries->pdata[i];
		gboolean counts = published == NULL || e->texts == NULL || g_hash_table_contains(touched, e->name);
		if (counts && debindex_has(architecture, e) && !add_names(c, top, e, FALSE, read, error))
			return FALSE;
	}
	return write_index(c, text, size, to, error);
}

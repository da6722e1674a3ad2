/* The record of a channel read, and held against the channel: see log.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/log_private.h"

#include "core/file.h"
#include "publish/state.h"

#include <string.h>

#define SHA256_DIGITS 64

static const char *const actions[] = {
	[CHANNEL_ACTION_SET] = "set", [CHANNEL_ACTION_UNSET] = "unset", [CHANNEL_ACTION_HAND] = "hand"};

/* Kinds of items that a channel has more than one of: a name follows. */
static const char *const named_kinds[] = {"package", "service", "class", "held", NULL};

void channel_entry_free(struct channel_entry *e)
{
	if (e == NULL)
		return;
	g_free(e->by);
	g_free(e->why);
	g_free(e->before);
	g_free(e->after);
	g_ptr_array_unref(e->changes);
	g_free(e);
}

struct channel_entry *channel_entry_new(void)
{
	struct channel_entry *e = g_new0(struct channel_entry, 1);

	e->changes = g_ptr_array_new_with_free_func((GDestroyNotify)channel_difference_free);
	return e;
}

void channel_log_free(struct channel_log *log)
{
	if (log == NULL)
		return;
	g_ptr_array_unref(log->entries);
	g_free(log);
}

/* ---- reading ---- */

struct reader {
	const char *name;
	guint line;
	struct channel_log *log;
	struct channel_entry *entry; /* being read, or NULL between two */
	guint seen;                  /* bits: which of fields[] it has */
	gboolean in_changes;
};

static gboolean bad(const struct reader *r, GError **error, const char *what)
{
	g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT, "%s:%u: %s", r->name, r->line, what);
	return FALSE;
}

static gboolean take_date(struct channel_entry *e, const char *value)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(value, NULL);

	if (date == NULL)
		return FALSE;
	e->when = g_date_time_to_unix(date);
	return TRUE;
}

static gboolean take_action(struct channel_entry *e, const char *value)
{
	for (guint i = 0; i < G_N_ELEMENTS(actions); i++)
		if (strcmp(value, actions[i]) == 0) {
			e->action = (enum channel_action)i;
			return TRUE;
		}
	return FALSE;
}

static gboolean take_by(struct channel_entry *e, const char *value)
{
	e->by = g_strdup(value);
	return *value != '\0';
}

static gboolean take_why(struct channel_entry *e, const char *value)
{
	e->why = g_strdup(value);
	return TRUE;
}

static gboolean take_changes(struct channel_entry *e, const char *value)
{
	(void)e;
	return *value == '\0';
}

static gboolean take_digest(char **place, const char *value)
{
	if (strcmp(value, CHANNEL_LOG_NONE) == 0)
		return TRUE;
	*place = g_strdup(value);
	return strlen(value) == SHA256_DIGITS && strspn(value, "0123456789abcdef") == SHA256_DIGITS;
}

static gboolean take_before(struct channel_entry *e, const char *value)
{
	return take_digest(&e->before, value);
}

static gboolean take_after(struct channel_entry *e, const char *value)
{
	return take_digest(&e->after, value);
}

static const struct {
	const char *name;
	gboolean required;
	gboolean (*take)(struct channel_entry *e, const char *value);
} fields[] = {
	{"Date", TRUE, take_date},        {"Action", TRUE, take_action},  {"By", FALSE, take_by},
	{"Why", FALSE, take_why},         {"Changes", TRUE, take_changes}, {"Before", TRUE, take_before},
	{"After", TRUE, take_after},
};

static gboolean take_field(struct reader *r, char *line, GError **error)
{
	char *value = strstr(line, ":");
	gsize i = 0;

	if (value == NULL || value == line)
		return bad(r, error, "not a field");
	*value++ = '\0';
	value += *value == ' ' ? 1 : 0;
	while (i < G_N_ELEMENTS(fields) && strcmp(fields[i].name, line) != 0)
		i++;
	r->in_changes = FALSE;
	if (i == G_N_ELEMENTS(fields))
		return TRUE; /* of a later abide */
	if (r->seen & (1u << i))
		return bad(r, error, "this field is in the entry twice");
	r->seen |= 1u << i;
	r->in_changes = fields[i].take == take_changes;
	return fields[i].take(r->entry, value) || bad(r, error, "malformed value");
}

/* "+ package libwarden1 1.0.*": what, and behind it the value. FALSE where either is missing. */
static gboolean cut_change(char *line, char **what, char **value)
{
	char *space = strchr(line, ' ');

	*what = line;
	for (const char *const *kind = named_kinds; space != NULL && *kind != NULL; kind++)
		if (strncmp(line, *kind, strlen(*kind)) == 0 && line + strlen(*kind) == space) {
			space = strchr(space + 1, ' ');
			break;
		}
	if (space == NULL || space == line || space[-1] == ' ' || space[1] == '\0')
		return FALSE;
	*space = '\0';
	*value = space + 1;
	return TRUE;
}

/* A line with "-" is followed by that with "+" when a value changed. */
static gboolean take_change(struct reader *r, char *line, GError **error)
{
	GPtrArray *changes = r->entry->changes;
	struct channel_difference *last = changes->len > 0 ? changes->pdata[changes->len - 1] : NULL;
	gboolean added = line[0] == '+';
	char *what, *value;

	if ((!added && line[0] != '-') || line[1] != ' ' || !cut_change(line + 2, &what, &value))
		return bad(r, error, "malformed line of Changes");
	if (added && last != NULL && last->to == NULL && strcmp(last->what, what) == 0)
		last->to = g_strdup(value);
	else
		g_ptr_array_add(changes, channel_difference_new(what, added ? NULL : value, added ? value : NULL));
	return TRUE;
}

static gboolean end_entry(struct reader *r, GError **error)
{
	for (guint i = 0; r->entry != NULL && i < G_N_ELEMENTS(fields); i++)
		if (fields[i].required && (r->seen & (1u << i)) == 0) {
			g_autofree char *what = g_strdup_printf("the entry above has no field '%s'", fields[i].name);
			return bad(r, error, what);
		}
	if (r->entry != NULL)
		g_ptr_array_add(r->log->entries, g_steal_pointer(&r->entry));
	return TRUE;
}

static gboolean take_line(struct reader *r, char *line, GError **error)
{
	if (*line == '\0')
		return end_entry(r, error);
	if (!state_is_line(line))
		return bad(r, error, "not text");
	if (r->entry == NULL) {
		r->entry = channel_entry_new();
		r->seen = 0;
		r->in_changes = FALSE;
	}
	if (*line != ' ')
		return take_field(r, line, error);
	return r->in_changes ? take_change(r, line + 1, error) : TRUE;
}

/* Where the last blank line ends: what follows, a crash may have cut off anywhere. */
static const char *last_entry(const char *text, const char *end)
{
	for (const char *p = end; p - text >= 2; p--)
		if (p[-1] == '\n' && p[-2] == '\n')
			return p;
	return text;
}

static gboolean read_lines(struct reader *r, const char *text, const char *end, GError **error)
{
	while (text < end) {
		const char *newline = memchr(text, '\n', (gsize)(end - text));
		const char *stop = newline != NULL ? newline : end;
		r->line++;
		if (memchr(text, '\0', (gsize)(stop - text)) != NULL)
			return bad(r, error, "not text");
		g_autofree char *line = g_strndup(text, (gsize)(stop - text));
		if (!take_line(r, line, error))
			return FALSE;
		text = newline != NULL ? newline + 1 : end;
	}
	return end_entry(r, error);
}

struct channel_log *channel_log_parse(const char *name, const char *text, gsize size, GError **error)
{
	g_autoptr(channel_log) log = g_new0(struct channel_log, 1);
	struct reader r = {.name = name, .log = log};
	const char *end = text + size, *tail = last_entry(text, end);
	gboolean ok;

	log->entries = g_ptr_array_new_with_free_func((GDestroyNotify)channel_entry_free);
	ok = read_lines(&r, text, tail, error);
	log->torn = ok && tail < end && !read_lines(&r, tail, end, NULL);
	log->size = (gsize)((log->torn ? tail : end) - text);
	channel_entry_free(r.entry);
	return ok ? g_steal_pointer(&log) : NULL;
}

char *channel_log_path(const char *dir, const char *name)
{
	return g_strdup_printf("%s/%s.log", dir, name);
}

struct channel_log *channel_log_read(const char *dir, const char *name, GError **error)
{
	g_autofree char *path = channel_log_path(dir, name);
	g_autoptr(GBytes) text = NULL;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return channel_log_parse(path, "", 0, error);
	text = file_read(path, CHANNEL_LOG_CEILING, error);
	if (text == NULL)
		return NULL;
	return channel_log_parse(path, g_bytes_get_size(text) > 0 ? g_bytes_get_data(text, NULL) : "", g_bytes_get_size(text),
				 error);
}

/* ---- against the channel ---- */

void channel_log_judge(struct channel_log *log, const struct channel *channel)
{
	for (guint i = 0; i < log->entries->len; i++) {
		struct channel_entry *e = log->entries->pdata[i];
		const struct channel_entry *next = i + 1 < log->entries->len ? log->entries->pdata[i + 1] : NULL;
		const char *then = next != NULL ? next->after : channel != NULL ? channel->sha256 : NULL;
		e->undone = e->action != CHANNEL_ACTION_HAND && (next == NULL || next->action == CHANNEL_ACTION_HAND) &&
			    g_strcmp0(then, e->before) == 0 && g_strcmp0(then, e->after) != 0;
	}
}

static gint by_what(gconstpointer a, gconstpointer b)
{
	return strcmp((*(const struct channel_item *const *)a)->what, (*(const struct channel_item *const *)b)->what);
}

GPtrArray *channel_log_items(const struct channel_log *log)
{
	g_autoptr(GHashTable) values = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *items = g_ptr_array_new_with_free_func((GDestroyNotify)channel_item_free);
	GHashTableIter iter;
	gpointer what, value;

	for (guint i = 0; i < log->entries->len; i++) {
		const struct channel_entry *e = log->entries->pdata[i];
		for (guint k = 0; k < e->changes->len; k++) {
			const struct channel_difference *d = e->changes->pdata[k];
			g_hash_table_insert(values, d->what, d->to);
		}
	}
	g_hash_table_iter_init(&iter, values);
	while (g_hash_table_iter_next(&iter, &what, &value))
		if (value != NULL)
			g_ptr_array_add(items, channel_item_new(what, value));
	g_ptr_array_sort(items, by_what);
	return items;
}

struct channel_entry *channel_log_by_hand(const struct channel_log *log, const struct channel *channel, gint64 when)
{
	const struct channel_entry *last = log->entries->len > 0 ? log->entries->pdata[log->entries->len - 1] : NULL;
	const char *recorded = last != NULL ? last->after : NULL, *found = channel != NULL ? channel->sha256 : NULL;
	g_autoptr(GPtrArray) old = channel_log_items(log);
	g_autoptr(GPtrArray) new = channel != NULL ? channel_items(channel) : g_ptr_array_new();
	g_autoptr(GPtrArray) changes = channel_differences(old, new);
	struct channel_entry *e;

	if (g_strcmp0(recorded, found) == 0 && changes->len == 0)
		return NULL;
	e = channel_entry_new();
	e->when = when;
	e->action = CHANNEL_ACTION_HAND;
	e->unrecorded = TRUE;
	g_ptr_array_unref(e->changes);
	e->changes = g_steal_pointer(&changes);
	e->before = g_strdup(recorded);
	e->after = g_strdup(found);
	return e;
}

/* ---- writing ---- */

static void append_digest(GString *out, const char *field, const char *digest)
{
	g_string_append_printf(out, "%s: %s\n", field, digest != NULL ? digest : CHANNEL_LOG_NONE);
}

void channel_entry_append(GString *out, const struct channel_entry *e)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(e->when);
	g_autofree char *shown = g_date_time_format(date, "%Y-%m-%dT%H:%M:%SZ");

	g_string_append_printf(out, "Date: %s\nAction: %s\n", shown, actions[e->action]);
	if (e->by != NULL)
		g_string_append_printf(out, "By: %s\n", e->by);
	if (e->why != NULL)
		g_string_append_printf(out, "Why: %s\n", e->why);
	g_string_append(out, "Changes:\n");
	for (guint i = 0; i < e->changes->len; i++) {
		const struct channel_difference *d = e->changes->pdata[i];
		if (d->from != NULL)
			g_string_append_printf(out, " - %s %s\n", d->what, d->from);
		if (d->to != NULL)
			g_string_append_printf(out, " + %s %s\n", d->what, d->to);
	}
	append_digest(out, "Before", e->before);
	append_digest(out, "After", e->after);
	g_string_append_c(out, '\n');
}

/* The record of a publication: see state.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/state.h"
#include "publish/declared.h"
#include "publish/error.h"

#include <string.h>

#define MOST_WORDS 8

/* In one piece of memory, its strings behind it: a state may have very many. strings: name, version, arch, path, SHA-256. */
static struct state_item *item_of(const struct family *family, const char *const strings[5], guint64 size, gboolean added)
{
	gsize sizes[5], all = 0;

	for (guint i = 0; i < 5; i++)
		all += sizes[i] = strlen(strings[i]) + 1;
	struct state_item *item = g_malloc(sizeof *item + all);
	char *to = (char *)(item + 1), *copies[5];
	for (guint i = 0; i < 5; to += sizes[i++])
		copies[i] = memcpy(to, strings[i], sizes[i]);
	*item = (struct state_item){added, family, copies[0], copies[1], copies[2], copies[3], copies[4], size};
	return item;
}

struct state_item *state_item_new(const entry *e, gboolean added)
{
	const char *const strings[] = {e->name, e->version, e->arch, e->path, e->sha256};

	return item_of(e->family, strings, e->size, added);
}

struct state_item *state_item_of(const entry *e, gboolean added)
{
	struct state_item *item = g_new(struct state_item, 1);

	*item = (struct state_item){.added = added,
				    .family = e->family,
				    .name = e->name,
				    .version = e->version,
				    .arch = e->arch,
				    .path = e->path,
				    .sha256 = e->sha256,
				    .size = e->size};
	return item;
}

struct state_item *state_item_copy(const struct state_item *item)
{
	const char *const strings[] = {item->name, item->version, item->arch, item->path, item->sha256};

	return item_of(item->family, strings, item->size, item->added);
}

void state_item_free(struct state_item *item)
{
	g_free(item);
}

gint state_item_compare(gconstpointer a, gconstpointer b)
{
	const struct state_item *const x = *(const struct state_item *const *)a;
	const struct state_item *const y = *(const struct state_item *const *)b;
	int difference = strcmp(x->family->name, y->family->name);

	if (difference == 0)
		difference = strcmp(x->name, y->name);
	if (difference == 0)
		difference = x->family->compare(x->version, y->version);
	if (difference == 0)
		difference = strcmp(x->arch, y->arch);
	return difference != 0 ? difference : strcmp(x->path, y->path);
}

void state_retired_free(struct state_retired *retired)
{
	g_free(retired->path);
	g_free(retired);
}

state *state_new(void)
{
	state *s = g_new0(state, 1);

	s->changes = g_ptr_array_new_with_free_func((GDestroyNotify)state_item_free);
	s->staged = g_ptr_array_new_with_free_func((GDestroyNotify)state_item_free);
	s->bases = g_ptr_array_new_with_free_func(g_free);
	s->waived = g_ptr_array_new_with_free_func(g_free);
	s->retired = g_ptr_array_new_with_free_func((GDestroyNotify)state_retired_free);
	return s;
}

void state_free(state *s)
{
	if (s == NULL)
		return;
	g_free(s->suite);
	g_free(s->by);
	g_free(s->why);
	g_free(s->action);
	g_free(s->channel_sha256);
	g_free(s->previous_sha256);
	g_ptr_array_unref(s->changes);
	g_ptr_array_unref(s->staged);
	g_ptr_array_unref(s->bases);
	g_ptr_array_unref(s->waived);
	g_ptr_array_unref(s->retired);
	g_free(s);
}

gboolean state_is_line(const char *text)
{
	if (!g_utf8_validate(text, -1, NULL))
		return FALSE;
	for (; *text != '\0'; text++)
		if (g_ascii_iscntrl(*text))
			return FALSE;
	return TRUE;
}

/* ---- reading ---- */

/* Where the reader is. */
struct reader {
	state *s;
	const char *name;
	guint line;
	guint seen; /* a bit for each row of fields */
	const struct field *list; /* whose lines follow, or NULL */
};

/* A field: TAKE is handed its value, or for a list each of its lines; FALSE when it cannot be one. */
struct field {
	const char *name;
	gboolean list, required;
	gboolean (*take)(state *s, char *value);
};

static gboolean is_word(const char *text)
{
	return *text != '\0' && strpbrk(text, " \t") == NULL && state_is_line(text);
}

static gboolean is_sha256(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static gboolean take_number(guint64 *to, const char *text)
{
	return g_ascii_string_to_unsigned(text, 10, 1, RELEASE_MOST_STATES, to, NULL) && *text != '0';
}

/* The words of a line, which it is cut into; -1 when there are more than fit. */
static gint cut(char *line, char *words[MOST_WORDS])
{
	gint n = 0;

	while (line != NULL && n < MOST_WORDS) {
		words[n++] = line;
		line = strchr(line, ' ');
		if (line != NULL)
			*line++ = '\0';
	}
	return line == NULL ? n : -1;
}

static const struct family *family_named(const char *name)
{
	for (gsize i = 0; i < FAMILIES; i++)
		if (strcmp(families[i]->name, name) == 0)
			return families[i];
	return NULL;
}

static gboolean take_state(state *s, char *value)
{
	return take_number(&s->number, value);
}

static gboolean take_suite(state *s, char *value)
{
	s->suite = g_strdup(value);
	return release_is_suite(value);
}

static gboolean take_date(state *s, char *value)
{
	return release_parse_date(value, &s->date);
}

static gboolean take_by(state *s, char *value)
{
	s->by = g_strdup(value);
	return *value != '\0';
}

static gboolean take_why(state *s, char *value)
{
	s->why = g_strdup(value);
	return TRUE;
}

static gboolean take_action(state *s, char *value)
{
	s->action = g_strdup(value);
	return is_word(value);
}

static gboolean take_returns_to(state *s, char *value)
{
	return take_number(&s->returns_to, value);
}

static gboolean take_channel(state *s, char *value)
{
	s->channel_sha256 = g_strdup(value);
	return is_sha256(value);
}

static gboolean take_previous(state *s, char *value)
{
	s->previous_sha256 = g_strdup(value);
	return is_sha256(value);
}

static gboolean take_oldest(state *s, char *value)
{
	return take_number(&s->oldest, value);
}

/* "deb NAME VERSION ARCH PATH SHA256 SIZE": words of a line of text. */
static gboolean take_item(GPtrArray *list, gboolean added, char *words[])
{
	const struct family *family = family_named(words[0]);
	guint64 size = 0;

	for (gint i = 1; i <= 4; i++)
		if (*words[i] == '\0')
			return FALSE;
	if (family == NULL || !release_is_safe_path(words[4]) || !is_sha256(words[5]) ||
	    !g_ascii_string_to_unsigned(words[6], 10, 0, G_MAXINT64, &size, NULL))
		return FALSE;
	g_ptr_array_add(list, item_of(family, (const char *const *)words + 1, size, added));
	return TRUE;
}

static gboolean take_change(state *s, char *value)
{
	char *words[MOST_WORDS];

	return cut(value, words) == 8 && strlen(words[0]) == 1 && strchr("+-", *words[0]) != NULL &&
	       take_item(s->changes, *words[0] == '+', words + 1);
}

static gboolean take_staged(state *s, char *value)
{
	char *words[MOST_WORDS];

	return cut(value, words) == 7 && take_item(s->staged, TRUE, words);
}

static gboolean take_base(state *s, char *value)
{
	g_ptr_array_add(s->bases, g_strdup(value));
	return (g_str_has_prefix(value, "+ ") || g_str_has_prefix(value, "- ")) && declared_is_word(value + 2);
}

static gboolean take_waived(state *s, char *value)
{
	g_ptr_array_add(s->waived, g_strdup(value));
	return *value != '\0';
}

static gboolean take_retired(state *s, char *value)
{
	char *words[MOST_WORDS];

	if (cut(value, words) != 2 || family_named(words[0]) == NULL || !release_is_safe_path(words[1]))
		return FALSE;
	struct state_retired *retired = g_new(struct state_retired, 1);
	*retired = (struct state_retired){.family = family_named(words[0]), .path = g_strdup(words[1])};
	g_ptr_array_add(s->retired, retired);
	return TRUE;
}

static const struct field fields[] = {
	{"State", FALSE, TRUE, take_state},     {"Suite", FALSE, TRUE, take_suite},
	{"Date", FALSE, TRUE, take_date},       {"By", FALSE, TRUE, take_by},
	{"Why", FALSE, FALSE, take_why},        {"Action", FALSE, TRUE, take_action},
	{"Returns-To", FALSE, FALSE, take_returns_to}, {"Previous", FALSE, FALSE, take_previous}, {"Oldest", FALSE, TRUE, take_oldest},
	{"Channel", FALSE, FALSE, take_channel},
	{"Changes", TRUE, FALSE, take_change},  {"Staged", TRUE, FALSE, take_staged},
	{"Retired", TRUE, FALSE, take_retired}, {"Waived", TRUE, FALSE, take_waived},
	{"Bases", TRUE, FALSE, take_base},
};

static gboolean bad(const struct reader *r, GError **error, const char *what, const char *which)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s:%u: %s%s%s", r->name, r->line, what, which ? " " : "",
		    which ? which : "");
	return FALSE;
}

static gboolean take_field(struct reader *r, char *line, GError **error)
{
	char *value = strstr(line, ":");
	gsize i = 0;

	if (value == NULL)
		return bad(r, error, "not a field", NULL);
	*value++ = '\0';
	value += *value == ' ' ? 1 : 0;
	while (i < G_N_ELEMENTS(fields) && strcmp(fields[i].name, line) != 0)
		i++;
	r->list = NULL;
	if (i == G_N_ELEMENTS(fields))
		return TRUE; /* of a later abide */
	if (r->seen & (1u << i))
		return bad(r, error, "a second field", line);
	r->seen |= 1u << i;
	if (fields[i].list)
		r->list = &fields[i];
	return fields[i].list ? *value == '\0' || bad(r, error, "not a list:", line)
			      : fields[i].take(r->s, value) || bad(r, error, "malformed:", line);
}

static gboolean take_line(struct reader *r, char *line, GError **error)
{
	if (!state_is_line(line))
		return bad(r, error, "not text", NULL);
	if (*line != ' ')
		return take_field(r, line, error);
	return r->list == NULL || r->list->take(r->s, line + 1) || bad(r, error, "malformed line of", r->list->name);
}

static gboolean check_whole(struct reader *r, GError **error)
{
	const state *s = r->s;

	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
		if (fields[i].required && (r->seen & (1u << i)) == 0)
			return bad(r, error, "missing:", fields[i].name);
	if (s->oldest > s->number)
		return bad(r, error, "Oldest is later than State", NULL);
	if ((s->number == 1) != (s->previous_sha256 == NULL))
		return bad(r, error, "Previous must be there, but for state 1", NULL);
	return TRUE;
}

state *state_parse(const char *name, const char *text, gsize size, GError **error)
{
	g_autoptr(state) s = state_new();
	struct reader r = {.s = s, .name = name};
	const char *end = text + size;

	while (text < end) {
		const char *newline = memchr(text, '\n', (gsize)(end - text));
		r.line++;
		if (newline == NULL || memchr(text, '\0', (gsize)(newline - text)) != NULL) {
			bad(&r, error, newline ? "not text" : "the file ends within the line", NULL);
			return NULL;
		}
		g_autofree char *line = g_strndup(text, (gsize)(newline - text));
		if (!take_line(&r, line, error))
			return NULL;
		text = newline + 1;
	}
	if (s->why == NULL)
		s->why = g_strdup("");
	return check_whole(&r, error) ? g_steal_pointer(&s) : NULL;
}

/* ---- writing ---- */

static void append_item(GString *text, const struct state_item *item)
{
	g_string_append_printf(text, "%s %s %s %s %s %s %" G_GUINT64_FORMAT "\n", item->family->name, item->name,
			       item->version, item->arch, item->path, item->sha256, item->size);
}

static void append_lists(GString *text, const state *s)
{
	g_ptr_array_sort(s->changes, state_item_compare);
	g_ptr_array_sort(s->staged, state_item_compare);
	if (s->changes->len > 0)
		g_string_append(text, "Changes:\n");
	for (guint i = 0; i < s->changes->len; i++) {
		const struct state_item *item = s->changes->pdata[i];
		g_string_append(text, item->added ? " + " : " - ");
		append_item(text, item);
	}
	if (s->staged->len > 0)
		g_string_append(text, "Staged:\n");
	for (guint i = 0; i < s->staged->len; i++) {
		g_string_append_c(text, ' ');
		append_item(text, s->staged->pdata[i]);
	}
	if (s->bases->len > 0)
		g_string_append(text, "Bases:\n");
	for (guint i = 0; i < s->bases->len; i++)
		g_string_append_printf(text, " %s\n", (const char *)s->bases->pdata[i]);
	if (s->waived->len > 0)
		g_string_append(text, "Waived:\n");
	for (guint i = 0; i < s->waived->len; i++)
		g_string_append_printf(text, " %s\n", (const char *)s->waived->pdata[i]);
	if (s->retired->len > 0)
		g_string_append(text, "Retired:\n");
	for (guint i = 0; i < s->retired->len; i++) {
		const struct state_retired *retired = s->retired->pdata[i];
		g_string_append_printf(text, " %s %s\n", retired->family->name, retired->path);
	}
}

char *state_text(const state *s)
{
	g_autofree char *date = release_date_text(s->date);
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "State: %" G_GUINT64_FORMAT "\nSuite: %s\nDate: %s\nBy: %s\n", s->number, s->suite,
			       date, s->by);
	if (*s->why != '\0')
		g_string_append_printf(text, "Why: %s\n", s->why);
	g_string_append_printf(text, "Action: %s\n", s->action);
	if (s->returns_to != 0)
		g_string_append_printf(text, "Returns-To: %" G_GUINT64_FORMAT "\n", s->returns_to);
	if (s->channel_sha256 != NULL)
		g_string_append_printf(text, "Channel: %s\n", s->channel_sha256);
	if (s->previous_sha256 != NULL)
		g_string_append_printf(text, "Previous: %s\n", s->previous_sha256);
	g_string_append_printf(text, "Oldest: %" G_GUINT64_FORMAT "\n", s->oldest);
	append_lists(text, s);
	return g_string_free(text, FALSE);
}

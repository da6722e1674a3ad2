/* The matrix for a terminal: see matrix.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/text.h"
#include "pin/matrix.h"

#include <string.h>

#define NAME_MOST 32 /* a longer name of a row is cut */
#define GAP 2        /* between columns */

/* In the order of users_word. */
static const char marks[] = "+~?X";
#define MARK_NONE '.'

/* Versions that follow one another and are alike for all services. */
struct span {
	guint first, n;
	char *label; /* what stands above the column */
};

/* A table being written. */
struct table {
	GString *out;
	const struct matrix_section *section;
	GArray *spans; /* struct span */
	guint width;   /* of the terminal */
	guint names;   /* of the column with the rows' names */
	gboolean abbreviated; /* labels are letters, which a legend explains */
};

/* ---- columns ---- */

static const char *version_at(const struct matrix_section *s, guint k)
{
	return ((const entry *)s->versions->pdata[k])->version;
}

static gboolean same_cell(const struct matrix_service *row, guint a, guint b)
{
	const struct pair *x = row->cells ? row->cells[a] : NULL, *y = row->cells ? row->cells[b] : NULL;

	if (x == NULL || y == NULL)
		return x == y;
	return x->word == y->word && (x->word <= USERS_NOTE || g_strcmp0(x->reason, y->reason) == 0);
}

static gboolean same_column(const struct matrix_section *s, guint a, guint b)
{
	for (guint i = 0; i < s->services->len; i++)
		if (!same_cell(s->services->pdata[i], a, b))
			return FALSE;
	return TRUE;
}

static void clear_span(gpointer data)
{
	g_free(((struct span *)data)->label);
}

static char *range_text(const struct matrix_section *s, const struct span *span)
{
	if (span->n == 1)
		return g_strdup(version_at(s, span->first));
	return g_strdup_printf("%s..%s", version_at(s, span->first), version_at(s, span->first + span->n - 1));
}

static GArray *spans_of(const struct matrix_section *s)
{
	GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct span));

	g_array_set_clear_func(spans, clear_span);
	for (guint k = 0; k < s->versions->len; k++) {
		struct span *last = spans->len > 0 ? &g_array_index(spans, struct span, spans->len - 1) : NULL;
		if (last != NULL && same_column(s, last->first, k)) {
			last->n++;
			continue;
		}
		struct span span = {k, 1, NULL};
		g_array_append_val(spans, span);
	}
	for (guint i = 0; i < spans->len; i++) {
		struct span *span = &g_array_index(spans, struct span, i);
		span->label = range_text(s, span);
	}
	return spans;
}

/* "a" to "z", then "aa" and so on. */
static char *letters(guint n)
{
	char text[8], *at = text + sizeof text;

	*--at = '\0';
	for (n++; n > 0; n = (n - 1) / 26)
		*--at = (char)('a' + (n - 1) % 26);
	return g_strdup(at);
}

static guint width_of(const struct table *t)
{
	guint width = t->names;

	for (guint i = 0; i < t->spans->len; i++)
		width += GAP + MAX((guint)g_utf8_strlen(g_array_index(t->spans, struct span, i).label, -1), 2);
	return width;
}

static void abbreviate(struct table *t)
{
	t->abbreviated = width_of(t) > t->width;
	for (guint i = 0; t->abbreviated && i < t->spans->len; i++) {
		struct span *span = &g_array_index(t->spans, struct span, i);
		g_free(span->label);
		span->label = letters(i);
	}
}

/* ---- rows ---- */

static void append_padded(GString *out, const char *text, guint width)
{
	guint n = (guint)g_utf8_strlen(text, -1);

	g_string_append(out, text);
	for (; n < width; n++)
		g_string_append_c(out, ' ');
}

static void append_name(const struct table *t, const char *name)
{
	g_autofree char *line = text_one_line(name);
	glong n = g_utf8_strlen(line, -1);
	g_autofree char *cut = n > t->names ? g_utf8_substring(line, 0, (glong)t->names - 1) : NULL;
	g_autofree char *shown = cut ? g_strconcat(cut, ">", NULL) : NULL;

	append_padded(t->out, shown ? shown : line, t->names);
}

static guint column_width(const struct span *span)
{
	return MAX((guint)g_utf8_strlen(span->label, -1), 2);
}

/* How many of the columns from FIRST on fit into a line; one at least. */
static guint fitting(const struct table *t, guint first)
{
	guint width = t->names, n = 0;

	for (guint i = first; i < t->spans->len; i++, n++) {
		width += GAP + column_width(&g_array_index(t->spans, struct span, i));
		if (width > t->width && n > 0)
			break;
	}
	return n;
}

static void end_line(GString *out)
{
	while (out->len > 0 && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	g_string_append_c(out, '\n');
}

static void append_head(const struct table *t, const char *title, guint first, guint n)
{
	append_name(t, title);
	for (guint i = first; i < first + n; i++) {
		const struct span *span = &g_array_index(t->spans, struct span, i);
		g_string_append_printf(t->out, "%*s", GAP, "");
		append_padded(t->out, span->label, column_width(span));
	}
	end_line(t->out);
}

static void append_cell(const struct table *t, const struct span *span, char mark, const char *more)
{
	const char text[] = {mark, '\0'};
	g_autofree char *both = g_strconcat(text, more, NULL);

	g_string_append_printf(t->out, "%*s", GAP, "");
	append_padded(t->out, both, column_width(span));
}

static char mark_of(const struct matrix_service *row, guint version)
{
	return matrix_is_linked(row, version) ? marks[matrix_word(row, version)] : MARK_NONE;
}

static char *service_name(const struct matrix_service *row)
{
	return g_strconcat(row->name, " ", row->version ? row->version : "(not in the repository)", NULL);
}

static void append_service(const struct table *t, const struct matrix_service *row, guint first, guint n)
{
	g_autofree char *name = service_name(row);

	append_name(t, name);
	for (guint i = first; i < first + n; i++) {
		const struct span *span = &g_array_index(t->spans, struct span, i);
		append_cell(t, span, mark_of(row, span->first), "");
	}
	end_line(t->out);
}

static char *customer_name(const struct matrix_customer *c)
{
	return g_strconcat(c->channel->name, "/", c->host->class, NULL);
}

static gboolean is_in(const struct span *span, gint version)
{
	return version >= (gint)span->first && version < (gint)(span->first + span->n);
}

static gboolean holds(const struct matrix_customer *c, const struct span *span)
{
	for (guint i = 0; i < c->uses->len; i++)
		if (is_in(span, g_array_index(c->uses, struct matrix_use, i).held))
			return TRUE;
	return FALSE;
}

static void append_customer(const struct table *t, const struct matrix_customer *c, guint first, guint n)
{
	g_autofree char *name = customer_name(c);

	append_name(t, name);
	for (guint i = first; i < first + n; i++) {
		const struct span *span = &g_array_index(t->spans, struct span, i);
		char mark = c->uses->len > 0 ? marks[matrix_customer_word(t->section, c, span->first)] : MARK_NONE;
		append_cell(t, span, mark, is_in(span, c->takes) ? "*" : holds(c, span) ? "h" : "");
	}
	end_line(t->out);
}

static void append_services(struct table *t)
{
	const GPtrArray *rows = t->section->services;

	for (guint first = 0, n; first < t->spans->len; first += n) {
		n = fitting(t, first);
		append_head(t, "service", first, n);
		for (guint i = 0; i < rows->len; i++)
			append_service(t, rows->pdata[i], first, n);
		g_string_append_c(t->out, '\n');
	}
}

static void append_customers(struct table *t)
{
	const GPtrArray *rows = t->section->customers;

	for (guint first = 0, n; rows->len > 0 && first < t->spans->len; first += n) {
		n = fitting(t, first);
		append_head(t, "customer/class", first, n);
		for (guint i = 0; i < rows->len; i++)
			append_customer(t, rows->pdata[i], first, n);
		g_string_append_c(t->out, '\n');
	}
}

/* ---- what stands beside the tables ---- */

static void append_legend(struct table *t)
{
	for (guint i = 0; t->abbreviated && i < t->spans->len; i++) {
		const struct span *span = &g_array_index(t->spans, struct span, i);
		g_autofree char *range = range_text(t->section, span);
		g_string_append_printf(t->out, "%-3s %s", span->label, range);
		g_string_append_printf(t->out, span->n > 1 ? " (%u versions)\n" : "\n", span->n);
	}
	if (t->abbreviated)
		g_string_append_c(t->out, '\n');
}

/* TEXT broken at blanks, later lines indented. */
static void append_wrapped(GString *out, const char *text, guint indent, guint width)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	gsize at = 0;

	for (char **word = words; *word != NULL; word++) {
		gsize n = (gsize)g_utf8_strlen(*word, -1);
		if (at > indent && at + 1 + n > width) {
			g_string_append_printf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (at > 0) {
			g_string_append_c(out, ' ');
			at++;
		}
		g_string_append(out, *word);
		at += n;
	}
	g_string_append_c(out, '\n');
}

/* "breaks 1.13.0-1..1.39.0-1: reason", and then who: a line for each reason. */
static void append_reasons(struct table *t)
{
	g_autoptr(GHashTable) services = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) order = g_ptr_array_new();
	g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

	for (int word = USERS_BREAKS; word > USERS_RUNS; word--)
		for (guint i = 0; i < t->spans->len; i++) {
			const struct span *span = &g_array_index(t->spans, struct span, i);
			g_autofree char *range = range_text(t->section, span);
			for (guint r = 0; r < t->section->services->len; r++) {
				const struct matrix_service *row = t->section->services->pdata[r];
				const struct pair *p = row->cells ? row->cells[span->first] : NULL;
				if (p == NULL || p->word != (enum users_word)word || p->reason == NULL)
					continue;
				char *key = g_strdup_printf("%-7s %s", users_word_name(p->word), p->reason);
				GPtrArray *list = g_hash_table_lookup(services, key);
				if (list == NULL) {
					list = g_ptr_array_new_with_free_func(g_free);
					g_ptr_array_add(lists, list);
					g_ptr_array_add(order, key);
					g_hash_table_insert(services, key, list);
				} else {
					g_free(key);
				}
				char *who = g_strdup_printf("%s %s", row->name, range);
				g_ptr_array_add(list, who);
			}
		}
	for (guint i = 0; i < order->len; i++) {
		GPtrArray *list = lists->pdata[i];
		append_wrapped(t->out, order->pdata[i], 8, t->width);
		g_ptr_array_add(list, NULL);
		g_autofree char *who = g_strjoinv(", ", (char **)list->pdata);
		g_autofree char *line = g_strconcat("        ", who, NULL);
		append_wrapped(t->out, line, 8, t->width);
	}
}

static guint names_width(const struct matrix_section *s, guint width)
{
	glong most = (glong)strlen("customer/class");

	for (guint i = 0; i < s->services->len; i++) {
		g_autofree char *name = service_name(s->services->pdata[i]);
		most = MAX(most, g_utf8_strlen(name, -1));
	}
	for (guint i = 0; i < s->customers->len; i++) {
		g_autofree char *name = customer_name(s->customers->pdata[i]);
		most = MAX(most, g_utf8_strlen(name, -1));
	}
	return MIN(MIN((guint)most, NAME_MOST), MAX(width / 2, 8));
}

static void append_section(GString *out, const struct matrix_section *s, guint width)
{
	g_autoptr(GArray) spans = spans_of(s);
	struct table t = {out, s, spans, width, names_width(s, width), FALSE};

	abbreviate(&t);
	g_string_append_printf(out, "%s (%s %s, suite %s): %u service%s, %u version%s, %u host class%s\n\n", s->library,
			       s->family->name, s->arch, s->suite, s->services->len, s->services->len == 1 ? "" : "s",
			       s->versions->len, s->versions->len == 1 ? "" : "s", s->customers->len,
			       s->customers->len == 1 ? "" : "es");
	append_services(&t);
	append_customers(&t);
	append_legend(&t);
	append_reasons(&t);
}

char *matrix_text(const struct matrix *m, guint width)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < m->sections->len; i++) {
		append_section(out, m->sections->pdata[i], width);
		g_string_append(out, "\n");
	}
	if (m->sections->len == 0)
		g_string_append(out, "no service of the fleet uses a library of the repository\n");
	else
		append_wrapped(out, "+ runs  ~ runs, with a note  ? unknown  X breaks  . not linked  * what the class has or gets  "
			       "h a service is held here", 0, width);
	return g_string_free(out, FALSE);
}

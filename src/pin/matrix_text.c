/* The matrix for a terminal: see matrix.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/text.h"
#include "pin/matrix.h"

#include <string.h>

#define NAME_MOST 32 /* a longer name of a row is cut */
#define GAP 2        /* between columns; none between letters, as a mark needs two places at most */

/* In the order of users_word. */
static const char marks[] = "+~?X";
#define MARK_NONE '.'

/* A version, or several that follow one another and are alike for all services. */
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
	return x->word == y->word && g_strcmp0(x->reason, y->reason) == 0;
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

/* join: those that are alike. */
static GArray *spans_of(const struct matrix_section *s, gboolean join)
{
	GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct span));

	g_array_set_clear_func(spans, clear_span);
	for (guint k = 0; k < s->versions->len; k++) {
		struct span *last = spans->len > 0 ? &g_array_index(spans, struct span, spans->len - 1) : NULL;
		if (join && last != NULL && same_column(s, last->first, k)) {
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

/* "a" to "z", "A" to "Z", then "a1" and so on. */
static char *letter(guint n)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const guint most = sizeof letters - 1;

	return n < most ? g_strdup_printf("%c", letters[n]) : g_strdup_printf("%c%u", letters[n % most], n / most);
}

static guint gap(const struct table *t, guint i)
{
	return t->abbreviated && i > 0 ? 0 : GAP;
}

/* A mark is two characters at most. */
static guint column_width(const struct table *t, const struct span *span)
{
	guint width = (guint)g_utf8_strlen(span->label, -1);

	return MAX(t->abbreviated && width > 1 ? width + 1 : width, 2);
}

static guint width_of(const struct table *t)
{
	guint width = t->names;

	for (guint i = 0; i < t->spans->len; i++)
		width += gap(t, i) + column_width(t, &g_array_index(t->spans, struct span, i));
	return width;
}

/* Where a column for each version does not fit, those that are alike are joined; then the labels become letters. */
static void choose_columns(struct table *t)
{
	t->spans = spans_of(t->section, FALSE);
	if (width_of(t) <= t->width)
		return;
	g_array_unref(t->spans);
	t->spans = spans_of(t->section, TRUE);
	t->abbreviated = width_of(t) > t->width;
	for (guint i = 0; t->abbreviated && i < t->spans->len; i++) {
		struct span *span = &g_array_index(t->spans, struct span, i);
		g_free(span->label);
		span->label = letter(i);
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

/* How many of the columns from FIRST on fit into a line; one at least. */
static guint fitting(const struct table *t, guint first)
{
	guint width = t->names, n = 0;

	for (guint i = first; i < t->spans->len; i++, n++) {
		width += gap(t, i) + column_width(t, &g_array_index(t->spans, struct span, i));
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
		g_string_append_printf(t->out, "%*s", (int)gap(t, i - first), "");
		append_padded(t->out, span->label, column_width(t, span));
	}
	end_line(t->out);
}

/* The cell of the I-th column of a line. */
static void append_cell(const struct table *t, guint i, const struct span *span, char mark, const char *more)
{
	const char text[] = {mark, '\0'};
	g_autofree char *both = g_strconcat(text, more, NULL);

	g_string_append_printf(t->out, "%*s", (int)gap(t, i), "");
	append_padded(t->out, both, column_width(t, span));
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
		append_cell(t, i - first, span, mark_of(row, span->first), "");
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
		append_cell(t, i - first, span, mark, is_in(span, c->takes) ? "*" : holds(c, span) ? "h" : "");
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

/* TEXT broken at blanks; every line begins with INDENT of them, but the first where it goes on a line. */
static void append_wrapped(GString *out, const char *text, guint indent, guint width)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	gsize at = 0;

	for (char **word = words; *word != NULL; word++) {
		gsize n = (gsize)g_utf8_strlen(*word, -1);
		if (at == 0 || at + 1 + n > width) {
			g_string_append_printf(out, at > 0 ? "\n%*s" : "%*s", (int)indent, "");
			at = indent;
		} else {
			g_string_append_c(out, ' ');
			at++;
		}
		g_string_append(out, *word);
		at += n;
	}
	g_string_append_c(out, '\n');
}

/* What stands in the way of whom. */
struct note {
	const struct pair *pair; /* the first that has the reason */
	GString *who;            /* "app03 1.13.0-1..1.39.0-1, app11 1.13.0-1" */
};

static void free_note(gpointer data)
{
	struct note *n = data;

	g_string_free(n->who, TRUE);
	g_free(n);
}

static struct note *note_for(GPtrArray *notes, const struct pair *p)
{
	for (guint i = 0; i < notes->len; i++) {
		struct note *n = notes->pdata[i];
		if (n->pair->word == p->word && strcmp(n->pair->reason, p->reason) == 0)
			return n;
	}
	struct note *n = g_new(struct note, 1);
	*n = (struct note){p, g_string_new(NULL)};
	g_ptr_array_add(notes, n);
	return n;
}

/* One service: versions that follow one another for one reason are one range. */
static void note_service(const struct table *t, GPtrArray *notes, const struct matrix_service *row)
{
	for (guint k = 0, n; k < t->section->versions->len; k += n) {
		const struct pair *p = row->cells ? row->cells[k] : NULL;
		for (n = 1; k + n < t->section->versions->len && same_cell(row, k, k + n); n++)
			;
		if (p == NULL || p->reason == NULL)
			continue;
		const struct span span = {k, n, NULL};
		g_autofree char *range = range_text(t->section, &span);
		GString *who = note_for(notes, p)->who;
		g_string_append_printf(who, "%s%s %s", who->len > 0 ? ", " : "", row->name, range);
	}
}

static void append_reasons(struct table *t)
{
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(free_note);

	for (guint i = 0; i < t->section->services->len; i++)
		note_service(t, notes, t->section->services->pdata[i]);
	for (int word = USERS_BREAKS; word >= USERS_RUNS; word--)
		for (guint i = 0; i < notes->len; i++) {
			const struct note *n = notes->pdata[i];
			if (n->pair->word != (enum users_word)word)
				continue;
			g_autofree char *line = g_strconcat(users_word_name(n->pair->word), ": ", n->pair->reason, NULL);
			append_wrapped(t->out, line, 0, t->width);
			append_wrapped(t->out, n->who->str, 4, t->width);
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
	struct table t = {out, s, NULL, width, names_width(s, width), FALSE};

	choose_columns(&t);
	g_autofree char *title = g_strdup_printf("%s (%s %s, suite %s): %u service%s, %u version%s, %u host class%s", s->library,
						 s->family->name, s->arch, s->suite, s->services->len,
						 s->services->len == 1 ? "" : "s", s->versions->len, s->versions->len == 1 ? "" : "s",
						 s->customers->len, s->customers->len == 1 ? "" : "es");
	append_wrapped(out, title, 0, width);
	g_string_append_c(out, '\n');
	append_services(&t);
	append_customers(&t);
	append_legend(&t);
	append_reasons(&t);
	g_array_unref(t.spans);
}

char *matrix_text(const struct matrix *m, guint width)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < m->sections->len; i++) {
		append_section(out, m->sections->pdata[i], width);
		if (!g_str_has_suffix(out->str, "\n\n"))
			g_string_append_c(out, '\n');
	}
	if (m->sections->len == 0)
		g_string_append(out, "no service of the fleet uses a library of the repository\n");
	else
		append_wrapped(out, "+ runs  ~ runs, with a note  ? unknown  X breaks  . not linked  * what the class has or gets  "
			       "h a service is held here", 0, width);
	return g_string_free(out, FALSE);
}

/* The matrix as a page of HTML: see matrix.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/html.h"
#include "pin/matrix.h"
#include "pin/matrix_page_private.h"

#include <string.h>

/* How a word is written in a cell, as a class, and in full. In the order of users_word. */
static const struct {
	const char *mark, *class, *text;
} words[] = {
	[USERS_RUNS] = {"✓", "same", "runs"},
	[USERS_NOTE] = {"~", "adds", "runs, with a note"},
	[USERS_UNKNOWN] = {"?", "unknown", "unknown"},
	[USERS_BREAKS] = {"✕", "breaks", "breaks"},
};

/* A page being written. */
struct page {
	GString *out;
	GHashTable *numbers; /* what a reason says -> its number; from 1 */
	GArray *reasons;     /* struct reason, by number */
};

struct reason {
	const struct pair *pair; /* the first that has it */
	guint cells;
};

/* ---- reasons: what several cells say is written once ---- */

static char *reason_key(const struct pair *p)
{
	g_autoptr(GString) key = g_string_new(NULL);

	g_string_append_printf(key, "%u\n%s\n%s\n%s\n%s\n", p->word, p->reason ? p->reason : "",
			       p->waivers ? p->waivers : "", p->file ? p->file : "", p->before ? p->before->version : "");
	for (guint i = 0; i < p->findings->len; i++) {
		const struct pair_finding *f = p->findings->pdata[i];
		g_string_append_printf(key, "%s\n%s\n%s\n", f->rule, f->subject, f->change);
		for (char **s = f->symbols; *s != NULL; s++)
			g_string_append_printf(key, "%s\t", *s);
	}
	return g_string_free(g_steal_pointer(&key), FALSE);
}

/* The number of what a cell says; 0 for a program that simply runs, and one that is not in the repository. */
static guint reason_of(struct page *page, const struct pair *p)
{
	if (p == NULL || p->reason == NULL)
		return 0;
	g_autofree char *key = reason_key(p);
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(page->numbers, key));
	if (number == 0) {
		const struct reason reason = {p, 0};
		g_array_append_val(page->reasons, reason);
		number = page->reasons->len;
		g_hash_table_insert(page->numbers, g_steal_pointer(&key), GUINT_TO_POINTER(number));
	}
	g_array_index(page->reasons, struct reason, number - 1).cells++;
	return number;
}

static void append_findings(GString *out, const GPtrArray *findings)
{
	if (findings->len == 0)
		return;
	g_string_append(out, "<table class=\"why\"><thead><tr><th>Rule</th><th>What</th><th>Symbols that the program uses</th>"
			     "</tr></thead>\n");
	for (guint i = 0; i < findings->len; i++) {
		const struct pair_finding *f = findings->pdata[i];
		html_format(out, "<tr><td class=\"rule\">%s</td><td><code>%s</code> %s</td><td>", f->rule, f->subject, f->change);
		for (char **s = f->symbols; *s != NULL; s++)
			html_format(out, s == f->symbols ? "<code>%s</code>" : ", <code>%s</code>", *s);
		g_string_append(out, "</td></tr>\n");
	}
	g_string_append(out, "</table>\n");
}

static void append_reason(struct page *page, guint number)
{
	const struct reason *r = &g_array_index(page->reasons, struct reason, number - 1);
	const struct pair *p = r->pair;

	html_format(page->out, "<li id=\"r%u\" class=\"card %s\"><p><span class=\"badge %s\">%s</span> ", number,
		    words[p->word].class, words[p->word].class, words[p->word].text);
	html_format(page->out, "%s <span class=\"count\">%u cells</span></p>\n", p->reason, r->cells);
	if (p->file != NULL)
		html_format(page->out, "<p class=\"about\"><code>%s</code> needs <code>%s</code>", p->file, p->soname);
	if (p->file != NULL && p->before != NULL)
		html_format(page->out, "; it is taken to be built with <code>%s</code> %s", p->before->name, p->before->version);
	if (p->file != NULL)
		g_string_append(page->out, "</p>\n");
	if (p->waivers != NULL)
		html_format(page->out, "<p class=\"waiver\">Waived: %s</p>\n", p->waivers);
	append_findings(page->out, p->findings);
	g_string_append(page->out, "</li>\n");
}

static void append_reasons(struct page *page)
{
	if (page->reasons->len == 0)
		return;
	g_string_append(page->out, "<section id=\"reasons\">\n<h2>What stands in the way, and what is to be known</h2>\n<ul>\n");
	for (int word = USERS_BREAKS; word >= USERS_RUNS; word--)
		for (guint i = 0; i < page->reasons->len; i++)
			if (g_array_index(page->reasons, struct reason, i).pair->word == (enum users_word)word)
				append_reason(page, i + 1);
	g_string_append(page->out, "</ul>\n</section>\n");
}

/* ---- cells ---- */

static const char *version_at(const struct matrix_section *s, guint k)
{
	return ((const entry *)s->versions->pdata[k])->version;
}

/* more: classes besides the word's, each after a blank. */
static void append_cell(struct page *page, enum users_word word, guint reason, const char *more)
{
	html_format(page->out, reason > 0 ? "<td class=\"%s%s\"><a href=\"#r%u\">" : "<td class=\"%s%s\">", words[word].class,
		    more, reason);
	g_string_append(page->out, words[word].mark);
	g_string_append(page->out, reason > 0 ? "</a></td>" : "</td>");
}

static void append_head(GString *out, const struct matrix_section *s, const char *title)
{
	html_format(out, "<thead><tr><th scope=\"col\">%s</th>", title);
	for (guint k = 0; k < s->versions->len; k++)
		html_format(out, "<th scope=\"col\"><span>%s</span></th>", version_at(s, k));
	g_string_append(out, "</tr></thead>\n<tbody>\n");
}

static void append_service(struct page *page, const struct matrix_section *s, const struct matrix_service *row)
{
	html_format(page->out, "<tr><th scope=\"row\">%s <small>%s</small></th>", row->name,
		    row->version ? row->version : "not in the repository");
	for (guint k = 0; k < s->versions->len; k++)
		if (matrix_is_linked(row, k))
			append_cell(page, matrix_word(row, k), reason_of(page, row->cells ? row->cells[k] : NULL), "");
		else
			g_string_append(page->out, "<td></td>");
	g_string_append(page->out, "</tr>\n");
}

static const struct pair *pair_of(const struct matrix_section *s, const struct matrix_use *u, guint version)
{
	const struct matrix_service *row = s->services->pdata[u->service];

	return row->cells ? row->cells[u->held >= 0 ? (guint)u->held : version] : NULL;
}

static gboolean holds(const struct matrix_customer *c, guint version)
{
	for (guint i = 0; i < c->uses->len; i++)
		if (g_array_index(c->uses, struct matrix_use, i).held == (gint)version)
			return TRUE;
	return FALSE;
}

/* The services of the row as the script reads them: rows of the table above, and what each is held at: "3 7:12". */
static void append_uses(GString *out, const struct matrix_customer *c)
{
	g_string_append(out, " data-uses=\"");
	for (guint i = 0; i < c->uses->len; i++) {
		const struct matrix_use *u = &g_array_index(c->uses, struct matrix_use, i);
		html_format(out, i > 0 ? " %u" : "%u", u->service);
		if (u->held >= 0)
			html_format(out, ":%u", (guint)u->held);
	}
	g_string_append(out, "\"");
}

/* What the row's pin says, for whoever looks closer. */
static void append_pin(GString *out, const struct matrix_customer *c)
{
	if (c->pin == NULL) {
		g_string_append(out, " data-pin=\"not pinned: it takes the newest\"");
		return;
	}
	html_format(out, " data-pin=\"pinned to %s: %s", c->pin->version, c->pin->reason);
	if (c->pin->author != NULL)
		html_format(out, " (%s)", c->pin->author);
	if (c->pin->until != NULL)
		html_format(out, c->is_over ? ", expired on %s" : ", until %s", c->pin->until);
	g_string_append(out, "\"");
}

static void append_customer(struct page *page, const struct matrix_section *s, const struct matrix_customer *c)
{
	g_string_append(page->out, "<tr");
	append_uses(page->out, c);
	append_pin(page->out, c);
	html_format(page->out, "><th scope=\"row\">%s <small>%s%s%s</small></th>", c->channel->name, c->host->class,
		    c->pin != NULL ? " @" : "", c->pin != NULL ? c->pin->version : "");
	for (guint k = 0; k < s->versions->len; k++) {
		gint i = c->deciding[k];
		const char *more = (gint)k == c->takes ? " takes" : holds(c, k) ? " held" : "";
		const struct pair *p = i >= 0 ? pair_of(s, &g_array_index(c->uses, struct matrix_use, i), k) : NULL;
		append_cell(page, matrix_customer_word(s, c, k), reason_of(page, p), more);
	}
	g_string_append(page->out, "</tr>\n");
}

/* ---- the page ---- */

static void append_section(struct page *page, const struct matrix_section *s, guint number)
{
	html_format(page->out, "<section class=\"library\" id=\"s%u\" data-library=\"%s\">\n<h2>%s <small>%s %s, suite %s</small></h2>\n",
		    number, s->library, s->library, s->family->name, s->arch, s->suite);
	html_format(page->out, "<p class=\"count\">%u services, %u versions, %u host classes of customers</p>\n",
		    s->services->len, s->versions->len, s->customers->len);
	g_string_append(page->out, "<div class=\"tables\">\n<div class=\"scroll\"><table class=\"grid services\">\n");
	append_head(page->out, s, "Service");
	for (guint i = 0; i < s->services->len; i++)
		append_service(page, s, s->services->pdata[i]);
	g_string_append(page->out, "</tbody></table></div>\n");
	if (s->customers->len > 0) {
		g_string_append(page->out, "<div class=\"scroll\"><table class=\"grid customers\">\n");
		append_head(page->out, s, "Customer");
		for (guint i = 0; i < s->customers->len; i++)
			append_customer(page, s, s->customers->pdata[i]);
		g_string_append(page->out, "</tbody></table></div>\n");
	}
	g_string_append(page->out, "</div>\n</section>\n");
}

static void append_legend(GString *out)
{
	g_string_append(out, "<p class=\"legend\">");
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		g_string_append_printf(out, "<span class=\"key\"><span class=\"box %s\">%s</span> %s</span> ", words[i].class,
				       words[i].mark, words[i].text);
	g_string_append(out, "<span class=\"key\"><span class=\"box takes\">&nbsp;</span> what the customer has or gets</span> "
			     "<span class=\"key\"><span class=\"box held\">&nbsp;</span> a service is held here</span> "
			     "<span class=\"key\"><span class=\"box\">&nbsp;</span> not linked</span></p>\n");
}

static void append_contents(GString *out, const struct matrix *m)
{
	if (m->sections->len < 2)
		return;
	g_string_append(out, "<nav><ul>\n");
	for (guint i = 0; i < m->sections->len; i++) {
		const struct matrix_section *s = m->sections->pdata[i];
		html_format(out, "<li><a href=\"#s%u\">%s</a> <small>%s %s, suite %s</small></li>\n", i, s->library,
			    s->family->name, s->arch, s->suite);
	}
	g_string_append(out, "</ul></nav>\n");
}

char *matrix_page(const struct matrix *m)
{
	g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GArray) reasons = g_array_new(FALSE, FALSE, sizeof(struct reason));
	g_autofree char *style = g_strconcat(html_look, matrix_style, NULL);
	g_autofree char *title = g_strconcat(m->fleet->name, ": which service runs with which library", NULL);
	struct page page = {g_string_new(NULL), numbers, reasons};

	html_begin(page.out, title, style, matrix_script);
	html_format(page.out, "<body>\n<main>\n<header>\n<h1>%s</h1>\n", title);
	append_legend(page.out);
	append_contents(page.out, m);
	g_string_append(page.out, "</header>\n");
	for (guint i = 0; i < m->sections->len; i++)
		append_section(&page, m->sections->pdata[i], i);
	if (m->sections->len == 0)
		g_string_append(page.out, "<p>No service of the fleet uses a library of the repository.</p>\n");
	append_reasons(&page);
	g_string_append_printf(page.out, "</main>\n<script>%s</script>\n</body>\n</html>\n", matrix_script);
	return g_string_free(page.out, FALSE);
}

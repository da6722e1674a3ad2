/* The report as a page of HTML: see page.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/evidence.h"
#include "judge/group.h"
#include "judge/law.h"
#include "inspect/reach.h"
#include "judge/page_private.h"
#include "judge/report.h"

#include <string.h>

/* Longer lists of additions and notes, and of exports, are folded; of exports only so many are named. */
enum { LIST_OPEN = 40, VIA_OPEN = 8, VIA_NAMED = 200 };

struct page {
	GString *body, *contents;
	GPtrArray *rules; /* const struct verdict_rule *: those that findings were told by, once each */
	guint sections;
	enum verdict_word worst;
	char *title; /* of the first section */
};

struct page *page_new(void)
{
	struct page *p = g_new0(struct page, 1);

	p->body = g_string_new(NULL);
	p->contents = g_string_new(NULL);
	p->rules = g_ptr_array_new();
	return p;
}

void page_free(struct page *p)
{
	if (p == NULL)
		return;
	g_string_free(p->body, TRUE);
	g_string_free(p->contents, TRUE);
	g_ptr_array_unref(p->rules);
	g_free(p->title);
	g_free(p);
}

/* "breaks", for classes: a word's, or that of the mark of a finding. */
static const char *class_of(const char *mark)
{
	static const char *const classes[][2] = {
		{"BREAKS", "breaks"}, {"UNKNOWN", "unknown"}, {"ADDS", "adds"}, {"SAME", "same"}, {"waived", "waived"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(classes); i++)
		if (strcmp(mark, classes[i][0]) == 0)
			return classes[i][1];
	return "note";
}

static void open_section(struct page *p, enum verdict_word word, const char *name, const char *meaning)
{
	const char *text = verdict_word_name(word);

	p->sections++;
	p->worst = MAX(p->worst, word);
	if (p->title == NULL)
		p->title = g_strdup(name);
	html_format(p->contents, "<li><span class=\"badge %s\">%s</span> <a href=\"#s%u\">%s</a></li>\n",
		    class_of(text), text, p->sections, name);
	html_format(p->body, "<section id=\"s%u\">\n<header class=\"verdict %s\">\n<p class=\"word\">%s</p>\n",
		    p->sections, class_of(text), text);
	html_format(p->body, "<h1>%s</h1>\n<p class=\"meaning\">%s</p>\n", name, meaning);
}

static void append_row(GString *out, const char *what, const char *older, const char *newer)
{
	html_format(out, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td></tr>\n", what, older ? older : "none",
		    newer ? newer : "none");
}

static char *machine_of(const struct facts *f)
{
	return g_strdup_printf("%s, %u-bit", facts_machine_name(f->machine), f->bits);
}

static char *counts_of(const struct facts *f)
{
	return g_strdup_printf("%u exports, %u version nodes, %u types", f->n_exports, f->n_nodes, f->n_types);
}

/* What was compared, and what is known of each side. */
static void append_evidence(GString *out, const struct facts *a, const struct facts *b)
{
	g_autofree char *a_machine = machine_of(a), *b_machine = machine_of(b), *a_counts = counts_of(a);
	g_autofree char *b_counts = counts_of(b), *a_evidence = evidence_of(a), *b_evidence = evidence_of(b);

	g_string_append(out, "<h2>Evidence</h2>\n<table class=\"evidence\"><thead><tr><td></td><th scope=\"col\">Old</th>"
			     "<th scope=\"col\">New</th></tr></thead><tbody>\n");
	append_row(out, "File", a->path, b->path);
	append_row(out, "Soname", a->soname, b->soname);
	append_row(out, "Machine", a_machine, b_machine);
	append_row(out, "Build-ID", a->build_id, b->build_id);
	append_row(out, "Has", a_counts, b_counts);
	append_row(out, "Types from", a_evidence, b_evidence);
	g_string_append(out, "</tbody></table>\n");
}

static void append_rule(struct page *p, const struct verdict_rule *rule)
{
	if (!g_ptr_array_find(p->rules, rule, NULL))
		g_ptr_array_add(p->rules, (gpointer)rule);
	html_format(p->body, "<a class=\"rule\" href=\"#rule-%s\">%s</a>", rule->id, rule->id);
}

static void append_names(GString *out, char **names, guint from, guint to)
{
	for (guint i = from; i < to; i++)
		html_format(out, i + 1 < to ? "<code>%s</code>, " : "<code>%s</code>", names[i]);
}

static void append_via(GString *out, const struct verdict_finding *f)
{
	guint n = f->via ? g_strv_length(f->via) : 0;

	if (f->path != NULL)
		html_format(out, "<p class=\"path\"><code>%s</code></p>\n", f->path);
	if (n == 0)
		return;
	html_format(out, n == 1 ? "<p class=\"via\">Met through " : "<p class=\"via\">Met through %u exports: ", n);
	append_names(out, f->via, 0, MIN(n, VIA_OPEN));
	g_string_append(out, "</p>\n");
	if (n > VIA_OPEN) {
		html_format(out, "<details class=\"via\"><summary>and %u more</summary><p>", n - VIA_OPEN);
		append_names(out, f->via, VIA_OPEN, MIN(n, VIA_NAMED));
		if (n > VIA_NAMED)
			html_format(out, " and %u more, which <code>--json</code> names", n - VIA_NAMED);
		g_string_append(out, "</p></details>\n");
	}
}

static void append_waiver(GString *out, const struct verdict_waiver *w)
{
	if (w != NULL)
		html_format(out, "<p class=\"waiver\">%s <strong>%s</strong>: %s <span>(%s)</span></p>",
			    w->expired ? "Waiver expired" : "Waived until", w->until, w->reason, w->author);
}

static void append_words(GString *out, const struct group *g, const struct verdict_finding *f)
{
	const char *part = group_part(g, f);

	if (*part != '\0')
		html_format(out, " <span class=\"part\">%s</span>", part);
	html_format(out, " <span class=\"change\">%s</span>", f->change);
	if (f->because != NULL)
		html_format(out, "<p class=\"because\">because %s</p>", f->because);
}

static void append_change(struct page *p, const struct group *g, const struct verdict_finding *f, const char *mark)
{
	const char *own = group_mark(f);

	g_string_append(p->body, "<li>");
	append_rule(p, f->rule);
	if (strcmp(own, mark) != 0)
		html_format(p->body, " <span class=\"badge %s\">%s</span>", class_of(own), own);
	append_words(p->body, g, f);
	append_waiver(p->body, f->waiver);
	g_string_append(p->body, "</li>\n");
}

static const struct facts_type *type_of(const struct facts *facts, const char *name)
{
	guint i = reach_type(facts, name, strlen(name));

	return i < facts->n_types ? &facts->types[i] : NULL;
}

static void append_layout(GString *out, const char *name, const struct facts *older, const struct facts *newer)
{
	const struct facts_type *a = type_of(older, name);

	if (a == NULL || a->n_members + a->n_enumerators == 0)
		return;
	g_string_append(out, "<details open class=\"layouts\"><summary>Layout, old and new</summary>\n");
	page_layout(out, a, type_of(newer, name));
	g_string_append(out, "</details>\n");
}

/* What stands in the way of a release, or would, had nobody waived it. */
static void append_card(struct page *p, const struct group *g, const struct facts *older, const struct facts *newer)
{
	const char *mark = g->word > VERDICT_SAME ? verdict_word_name(g->word) : "waived";
	const struct verdict_finding *first = g->findings->pdata[0];

	html_format(p->body, "<article class=\"card %s\">\n<h3><span class=\"badge %s\">%s</span> <code>%s</code></h3>\n",
		    class_of(mark), class_of(mark), mark, g->subject);
	append_via(p->body, first);
	g_string_append(p->body, "<ul class=\"changes\">\n");
	for (guint i = 0; i < g->findings->len; i++)
		append_change(p, g, g->findings->pdata[i], mark);
	g_string_append(p->body, "</ul>\n");
	if (first->type != NULL && older != NULL)
		append_layout(p->body, first->type, older, newer);
	g_string_append(p->body, "</article>\n");
}

static gboolean is_card(const struct group *g)
{
	return g->word > VERDICT_ADDS || g->waived;
}

static void append_cards(struct page *p, const GPtrArray *groups, const struct facts *older, const struct facts *newer)
{
	guint n = 0;

	for (guint i = 0; i < groups->len; i++) {
		if (!is_card(groups->pdata[i]))
			continue;
		if (n++ == 0)
			g_string_append(p->body, "<h2>What stands in the way</h2>\n");
		append_card(p, groups->pdata[i], older, newer);
	}
}

static void append_item(struct page *p, const struct group *g, const struct verdict_finding *f)
{
	html_format(p->body, "<li><code>%s</code> ", g->subject);
	append_rule(p, f->rule);
	append_words(p->body, g, f);
	g_string_append(p->body, "</li>\n");
}

/* Additions, or notes: a line each. */
static void append_list(struct page *p, const GPtrArray *groups, enum verdict_word word, const char *title)
{
	guint n = 0;

	for (guint i = 0; i < groups->len; i++) {
		const struct group *g = groups->pdata[i];
		n += !is_card(g) && g->word == word ? g->findings->len : 0;
	}
	if (n == 0)
		return;
	html_format(p->body, "<h2>%s <span class=\"count\">%u</span></h2>\n", title, n);
	g_string_append(p->body, n <= LIST_OPEN ? "<details open" : "<details");
	g_string_append(p->body, " class=\"list\"><summary>One line each</summary>\n<ul>\n");
	for (guint i = 0; i < groups->len; i++) {
		const struct group *g = groups->pdata[i];
		for (guint k = 0; !is_card(g) && g->word == word && k < g->findings->len; k++)
			append_item(p, g, g->findings->pdata[k]);
	}
	g_string_append(p->body, "</ul></details>\n");
}

/* "3 BREAKS, 1 waived, 12 notes": what to expect below. */
static void append_tally(GString *out, const GPtrArray *findings)
{
	static const char *const marks[] = {"BREAKS", "UNKNOWN", "ADDS", "waived", "note"};
	guint counts[G_N_ELEMENTS(marks)] = {0}, shown = 0;

	for (guint i = 0; i < findings->len; i++)
		for (gsize m = 0; m < G_N_ELEMENTS(marks); m++)
			counts[m] += strcmp(group_mark(findings->pdata[i]), marks[m]) == 0;
	for (gsize m = 0; m < G_N_ELEMENTS(marks); m++)
		if (counts[m] > 0)
			html_format(out, shown++ == 0 ? "<p class=\"tally\"><span class=\"badge %s\">%u %s</span>"
						      : " <span class=\"badge %s\">%u %s</span>",
				    class_of(marks[m]), counts[m], marks[m]);
	g_string_append(out, shown > 0 ? "</p>\n" : "");
}

static void append_findings(struct page *p, const struct verdict *v, const struct facts *older, const struct facts *newer)
{
	g_autoptr(GPtrArray) groups = groups_new(v);

	append_cards(p, groups, older, newer);
	append_list(p, groups, VERDICT_ADDS, "Additions");
	append_list(p, groups, VERDICT_SAME, "Notes");
}

void page_add_verdict(struct page *p, const struct verdict *v, const struct facts *older, const struct facts *newer)
{
	g_autoptr(law) law = law_of(v);

	open_section(p, v->word, v->soname ? v->soname : newer->path, report_meaning(v->word));
	html_format(p->body, "<p class=\"demands\"><span>Demands</span> %s</p>\n", law->demands);
	append_tally(p->body, v->findings);
	g_string_append(p->body, "</header>\n");
	append_findings(p, v, older, newer);
	append_evidence(p->body, older, newer);
	g_string_append(p->body, "</section>\n");
}

static void append_uses(GString *out, const struct consumer *c)
{
	html_format(out, "<h2>Uses</h2>\n<p>%u symbols and %u version nodes of <code>%s</code></p>\n", c->uses->len,
		    c->nodes->len, c->soname);
	g_string_append(out, c->uses->len <= LIST_OPEN ? "<details open><summary>Symbols</summary><p>"
						       : "<details><summary>Symbols</summary><p>");
	for (guint i = 0; i < c->uses->len; i++) {
		const struct consumer_use *use = &g_array_index(c->uses, struct consumer_use, i);
		html_format(out, use->copied ? "<code>%s</code> (copied) " : "<code>%s</code> ", use->symbol->name);
	}
	g_string_append(out, "</p></details>\n");
}

void page_add_consumer(struct page *p, const struct consumer *c, const struct facts *older)
{
	open_section(p, c->verdict->word, c->program->path, consumer_meaning(c));
	html_format(p->body, "<p class=\"demands\"><span>Library</span> %s</p>\n", c->library->path);
	append_tally(p->body, c->verdict->findings);
	g_string_append(p->body, "</header>\n");
	append_findings(p, c->verdict, older, c->library);
	append_uses(p->body, c);
	if (older != NULL)
		append_evidence(p->body, older, c->library);
	else
		g_string_append(p->body, "<p>Symbols and version nodes were compared; name the older library too to compare "
					 "types.</p>\n");
	g_string_append(p->body, "</section>\n");
}

void page_add_lone(struct page *p, enum verdict_word word, const char *name, const char *why)
{
	open_section(p, word, name, why);
	g_string_append(p->body, "</header>\n</section>\n");
}

static void append_rules(GString *out, const GPtrArray *rules)
{
	if (rules->len == 0)
		return;
	g_string_append(out, "<section class=\"rules\">\n<h2>What the rules mean</h2>\n<dl>\n");
	for (guint i = 0; i < rules->len; i++) {
		const struct verdict_rule *rule = rules->pdata[i];
		html_format(out, "<dt id=\"rule-%s\"><code>%s</code></dt>\n<dd>%s", rule->id, rule->id, rule->why);
		html_format(out, rule->instead ? "<br><em>Instead:</em> %s</dd>\n" : "</dd>\n", rule->instead);
	}
	g_string_append(out, "</dl>\n</section>\n");
}

char *page_text(const struct page *p)
{
	GString *out = g_string_new(NULL);
	const char *worst = verdict_word_name(p->worst);
	g_autofree char *style = g_strconcat(html_look, page_style, NULL);
	g_autofree char *title = p->sections > 1 ? g_strdup_printf("%s: %u judgements", worst, p->sections) : g_strdup(worst);

	html_begin(out, title, style, page_script);
	g_string_append(out, "<body>\n<main>\n");
	if (p->sections > 1)
		html_format(out, "<nav>\n<h2>%s: the worst of %u</h2>\n<ul>\n", worst, p->sections);
	if (p->sections > 1)
		g_string_append_printf(out, "%s</ul>\n</nav>\n", p->contents->str);
	g_string_append_len(out, p->body->str, (gssize)p->body->len);
	append_rules(out, p->rules);
	g_string_append_printf(out, "</main>\n<script>%s</script>\n</body>\n</html>\n", page_script);
	return g_string_free(out, FALSE);
}

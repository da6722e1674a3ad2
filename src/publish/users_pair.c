/* Judging one program with one library: see users_pair.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/users_pair.h"
#include "core/text.h"
#include "publish/users_rules.h"

static void finding_free(gpointer data)
{
	struct users_finding *f = data;

	g_free(f->subject);
	g_free(f->change);
	g_free(f);
}

void users_result_free(gpointer data)
{
	struct users_result *r = data;

	state_item_free(r->user);
	state_item_free(r->library);
	state_item_free(r->before);
	g_free(r->program);
	g_free(r->soname);
	g_free(r->reason);
	g_ptr_array_unref(r->findings);
	g_free(r->waivers);
	g_free(r->program_id);
	g_free(r->library_id);
	g_free(r->before_id);
	g_free(r);
}

struct users_result *users_result_new(const struct link *l, enum users_word word, char *reason)
{
	struct users_result *r = g_new0(struct users_result, 1);

	r->user = state_item_new(l->user->entry, TRUE);
	r->library = l->after ? state_item_new(l->after->entry, TRUE) : NULL;
	r->before = l->before ? state_item_new(l->before->entry, TRUE) : NULL;
	r->word = word;
	r->reason = reason;
	r->findings = g_ptr_array_new_with_free_func(finding_free);
	return r;
}

static struct consumer *judge(const struct users_pair *p, const struct facts *older, const struct users_waivers *waivers)
{
	const struct facts *family[] = {p->before ? p->before->facts : NULL, NULL};

	return users_rules_judge(p->program, older, p->after->facts, family, waivers);
}

static void add_findings(struct users_result *r, const struct consumer *c)
{
	for (guint i = 0; i < c->verdict->findings->len; i++) {
		const struct verdict_finding *f = c->verdict->findings->pdata[i];
		struct users_finding *copy = g_new(struct users_finding, 1);
		*copy = (struct users_finding){.rule = f->rule->id,
					       .word = f->word,
					       .subject = text_one_line(f->subject),
					       .change = text_one_line(f->change),
					       .is_waived = verdict_is_waived(f)};
		g_ptr_array_add(r->findings, copy);
	}
}

/* What is no obstacle and yet to be known; a waiver is to be known first. */
static void note_disallowed(struct users_result *r, const struct users_pair *p)
{
	if (r->word > USERS_NOTE || r->waivers != NULL || !p->link->disallowed)
		return;
	g_free(r->reason);
	r->word = USERS_NOTE;
	r->reason = g_strdup("its dependency allows none of the suite's versions");
}

static struct users_result *result_of(const struct users_pair *p, const struct consumer *c)
{
	const struct facts *older = p->before && c->types_known ? p->before->facts : NULL;
	const char *note;
	enum users_word word = users_rules_word(c, older, &note);
	struct users_result *r =
		users_result_new(p->link, word, word > USERS_NOTE ? users_rules_reason(c) : g_strdup(note));

	r->program = g_strdup(p->file);
	r->soname = text_one_line(c->soname);
	r->waivers = users_rules_waivers(c);
	add_findings(r, c);
	r->program_id = g_strdup(p->program->build_id);
	r->library_id = p->after ? g_strdup(p->after->build_id) : NULL;
	r->before_id = p->before ? g_strdup(p->before->build_id) : NULL;
	note_disallowed(r, p);
	return r;
}

/* Nothing says whether the program was built with the library that the suite has or with the one that it would get. */
static void doubt(struct users_result *r, const struct users_pair *p, const struct consumer *with_older)
{
	const entry *before = p->link->before->entry, *after = p->link->after->entry;
	g_autofree char *why = users_rules_reason(with_older);

	g_free(r->reason);
	g_ptr_array_set_size(r->findings, 0);
	add_findings(r, with_older);
	r->word = USERS_UNKNOWN;
	r->reason = g_strdup_printf("%s since %s, which its dependency allows too; if it was built with %s, let it depend on "
				    "%s (>= %s)", why ? why : "something changed", before->version, after->version,
				    after->name, after->version);
}

/* Whoever lacks something in the library that the suite has now is not broken by the next one. */
static void excuse_broken(struct users_result *r, const struct users_pair *p)
{
	g_autoptr(consumer) now = p->before ? consumer_new(p->program, NULL, p->before->facts, NULL) : NULL;

	if (r->word <= USERS_NOTE || now == NULL || now->verdict->word != VERDICT_BREAKS)
		return;
	g_free(r->reason);
	r->word = USERS_NOTE;
	r->reason = g_strdup_printf("does not run with %s %s either", p->link->before->entry->name,
				    p->link->before->entry->version);
}

/* What leaves may have come after the program was built, which then knows better. */
static gboolean goes_back(const struct users_pair *p)
{
	return p->link->before != NULL && p->link->before->move == MEMBER_LEAVES &&
	       users_rules_tells(p->program, p->after->facts);
}

struct users_result *users_pair_judge(const struct users_pair *p, const struct users_waivers *waivers)
{
	const struct facts *older = p->before ? p->before->facts : NULL;

	if (!p->link->is_new) {
		g_autoptr(consumer) c = judge(p, goes_back(p) ? NULL : older, waivers);
		struct users_result *known = result_of(p, c);
		excuse_broken(known, p);
		return known;
	}
	g_autoptr(consumer) alone = judge(p, NULL, waivers);
	struct users_result *r = result_of(p, alone);
	if (older == NULL || !p->link->loose || users_rules_tells(p->program, p->after->facts) || r->word > USERS_NOTE)
		return r;
	g_autoptr(consumer) both = judge(p, older, waivers);
	if (both->verdict->word > VERDICT_ADDS)
		doubt(r, p, both);
	return r;
}

gboolean users_pair_is_unchanged(const struct users_pair *p)
{
	return !p->link->is_new && p->before != NULL && p->before->build_id != NULL &&
	       g_strcmp0(p->before->build_id, p->after->build_id) == 0;
}

struct users_result *users_pair_judge_gone(const struct users_pair *p, const struct users_waivers *waivers)
{
	const struct link *l = p->link;
	g_autofree char *change = l->after ? g_strdup_printf("is no longer in %s", l->after->entry->name)
					   : g_strdup_printf("is in no package that is left and that its dependency allows");
	g_autoptr(consumer) c = consumer_without(p->program, p->before->facts, change);

	if (waivers->list != NULL)
		waivers_apply(waivers->list, c->verdict, &waivers->today, FALSE);
	return result_of(p, c);
}

/* Proofs for people and for programs: see proof.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/proof.h"
#include "core/member.h"

#include <string.h>

/* So many symbols are named in a line. */
#define MOST_SYMBOLS 4

const char *proof_word_name(enum proof_word word)
{
	static const char *const names[PROOF_WORDS] = {[PROOF_HOLDS] = "holds",
						       [PROOF_NOTE] = "note",
						       [PROOF_UNKNOWN] = "unknown",
						       [PROOF_EXPIRED] = "expired",
						       [PROOF_FAILS] = "fails"};

	return names[word];
}

const char *proof_kind_name(enum proof_kind kind)
{
	static const char *const names[] = {[PROOF_INSTALL] = "install",
					    [PROOF_ABI] = "abi",
					    [PROOF_GONE] = "gone",
					    [PROOF_CONTRADICTION] = "contradiction",
					    [PROOF_EXPIRY] = "expired",
					    [PROOF_BASE] = "base"};

	return names[kind];
}

/* ---- for people ---- */

void proof_append_symbols(GString *out, char *const *symbols)
{
	guint n = symbols ? g_strv_length((char **)symbols) : 0;

	for (guint i = 0; i < MIN(n, MOST_SYMBOLS); i++)
		g_string_append_printf(out, "%s%s", i == 0 ? " [" : " ", symbols[i]);
	if (n > MOST_SYMBOLS)
		g_string_append_printf(out, " and %u more", n - MOST_SYMBOLS);
	g_string_append(out, n > 0 ? "]" : "");
}

/* How wide the columns are: channels, and classes. */
struct widths {
	guint channel, class;
};

static struct widths widths_of(const proofs *p)
{
	struct widths w = {0};

	for (guint i = 0; i < p->all->len; i++) {
		const struct proof *one = p->all->pdata[i];
		w.channel = MAX(w.channel, (guint)strlen(one->channel->name));
		for (guint k = 0; k < one->findings->len; k++) {
			const struct proof_finding *f = one->findings->pdata[k];
			w.class = MAX(w.class, f->host ? (guint)strlen(f->host->class) : 1);
		}
	}
	return w;
}

static void append_findings(GString *out, const struct proof *p, struct widths w)
{
	for (int word = PROOF_WORDS - 1; word > PROOF_HOLDS; word--)
		for (guint i = 0; i < p->findings->len; i++) {
			const struct proof_finding *f = p->findings->pdata[i];
			if ((int)f->word != word)
				continue;
			g_string_append_printf(out, "%-7s  %-*s  %-*s  %s", proof_word_name(f->word), (int)w.channel,
					       p->channel->name, (int)w.class, f->host ? f->host->class : "-", f->text);
			proof_append_symbols(out, f->symbols);
			g_string_append_c(out, '\n');
		}
}

static void append_count(GString *out, guint n, const char *text)
{
	if (n > 0)
		g_string_append_printf(out, ", %u %s", n, text);
}

char *proofs_text(const proofs *p, gboolean each)
{
	GString *out = g_string_new(NULL);
	struct widths w = widths_of(p);
	guint can = proofs_count(p, PROOF_HOLDS) + proofs_count(p, PROOF_NOTE);

	for (guint i = 0; i < p->all->len; i++) {
		const struct proof *one = p->all->pdata[i];
		append_findings(out, one, w);
		if (each && one->findings->len == 0)
			g_string_append_printf(out, "%-7s  %s\n", proof_word_name(one->word), one->channel->name);
	}
	g_string_append_printf(out, "%u customer%s: %u can take what %s pinned to", p->all->len, p->all->len == 1 ? "" : "s",
			       can, can == 1 ? "it is" : "they are");
	append_count(out, proofs_count(p, PROOF_FAILS), "cannot");
	append_count(out, proofs_count(p, PROOF_EXPIRED), "with something that is over");
	append_count(out, proofs_count(p, PROOF_UNKNOWN), "of which it cannot be told");
	g_string_append_c(out, '\n');
	return g_string_free(out, FALSE);
}

/* ---- for programs ---- */

static void add_entry(JsonBuilder *b, const entry *e)
{
	json_builder_begin_object(b);
	member_text(b, "name", e->name);
	member_text(b, "version", e->version);
	member_text(b, "arch", e->arch);
	json_builder_end_object(b);
}

static void add_install(JsonBuilder *b, const struct install *install)
{
	json_builder_set_member_name(b, "installable");
	if (install != NULL && install->known)
		json_builder_add_boolean_value(b, install->found);
	else
		json_builder_add_null_value(b);
	member_text(b, "why", install ? install->why : NULL);
	member_array(b, "installs");
	for (guint i = 0; install != NULL && i < install->gets->len; i++)
		add_entry(b, install->gets->pdata[i]);
	json_builder_end_array(b);
}

static void add_use(JsonBuilder *b, const struct proof_use *use)
{
	json_builder_begin_object(b);
	member_text(b, "service", use->service->name);
	member_text(b, "version", use->service->entry->version);
	member_text(b, "library", use->name);
	member_text(b, "library_version", use->library ? use->library->version : NULL);
	member_text(b, "word", use->pair ? users_word_name(use->pair->word) : NULL);
	member_text(b, "reason", use->pair ? use->pair->reason : NULL);
	json_builder_end_object(b);
}

static void add_class(JsonBuilder *b, const struct proof_class *c)
{
	json_builder_begin_object(b);
	member_text(b, "class", c->target->host->class);
	member_text(b, "base", c->target->on->name);
	member_text(b, "family", c->target->on->family->name);
	add_install(b, c->install);
	member_array(b, "services");
	for (guint i = 0; i < c->uses->len; i++) {
		const struct proof_use *use = &g_array_index(c->uses, struct proof_use, i);
		if (use->pair == NULL || use->pair->linked)
			add_use(b, use);
	}
	json_builder_end_array(b);
	json_builder_end_object(b);
}

static void add_finding(JsonBuilder *b, const struct proof_finding *f)
{
	json_builder_begin_object(b);
	member_text(b, "word", proof_word_name(f->word));
	member_text(b, "kind", proof_kind_name(f->kind));
	member_text(b, "class", f->host ? f->host->class : NULL);
	member_text(b, "subject", f->subject);
	member_text(b, "text", f->text);
	member_texts(b, "symbols", f->symbols);
	json_builder_end_object(b);
}

static void add_proof(JsonBuilder *b, const struct proof *p)
{
	json_builder_begin_object(b);
	member_text(b, "channel", p->channel->name);
	member_text(b, "word", proof_word_name(p->word));
	member_array(b, "classes");
	for (guint i = 0; i < p->classes->len; i++)
		add_class(b, p->classes->pdata[i]);
	json_builder_end_array(b);
	member_array(b, "findings");
	for (guint i = 0; i < p->findings->len; i++)
		add_finding(b, p->findings->pdata[i]);
	json_builder_end_array(b);
	json_builder_end_object(b);
}

JsonNode *proofs_json(const proofs *p, const struct fleet *fleet)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	member_text(b, "fleet", fleet->name);
	member_text(b, "word", proof_word_name(proofs_worst(p)));
	member_array(b, "channels");
	for (guint i = 0; i < p->all->len; i++)
		add_proof(b, p->all->pdata[i]);
	json_builder_end_array(b);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}

/* The matrix for programs: see matrix.h; the schema is in abide-pin(1). */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/matrix.h"
#include "core/member.h"

static void add_findings(JsonBuilder *b, const GPtrArray *findings)
{
	member_array(b, "findings");
	for (guint i = 0; i < findings->len; i++) {
		const struct pair_finding *f = findings->pdata[i];
		json_builder_begin_object(b);
		member_text(b, "rule", f->rule);
		member_text(b, "subject", f->subject);
		member_text(b, "change", f->change);
		member_array(b, "symbols");
		for (char **s = f->symbols; *s != NULL; s++)
			json_builder_add_string_value(b, *s);
		json_builder_end_array(b);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

static void add_cell(JsonBuilder *b, const struct pair *p)
{
	if (p == NULL) {
		json_builder_add_null_value(b);
		return;
	}
	json_builder_begin_object(b);
	member_text(b, "result", users_word_name(p->word));
	member_text(b, "reason", p->reason);
	member_text(b, "waived", p->waivers);
	member_text(b, "program", p->file);
	member_text(b, "soname", p->soname);
	member_text(b, "before", p->before ? p->before->version : NULL);
	add_findings(b, p->findings);
	json_builder_end_object(b);
}

static void add_service(JsonBuilder *b, const struct matrix_section *s, const struct matrix_service *row)
{
	json_builder_begin_object(b);
	member_text(b, "name", row->name);
	member_text(b, "version", row->version);
	json_builder_set_member_name(b, "classes");
	json_builder_add_int_value(b, row->n_customers);
	member_array(b, "cells");
	for (guint k = 0; row->cells != NULL && k < s->versions->len; k++)
		add_cell(b, row->cells[k]);
	json_builder_end_array(b);
	json_builder_end_object(b);
}

static void add_pin(JsonBuilder *b, const struct matrix_customer *c)
{
	json_builder_set_member_name(b, "pin");
	if (c->pin == NULL) {
		json_builder_add_null_value(b);
		return;
	}
	json_builder_begin_object(b);
	member_text(b, "version", c->pin->version);
	member_text(b, "reason", c->pin->reason);
	member_text(b, "author", c->pin->author);
	member_text(b, "until", c->pin->until);
	member_flag(b, "expired", c->is_over);
	json_builder_end_object(b);
}

static void add_uses(JsonBuilder *b, const struct matrix_section *s, const struct matrix_customer *c)
{
	member_array(b, "services");
	for (guint i = 0; i < c->uses->len; i++) {
		const struct matrix_use *u = &g_array_index(c->uses, struct matrix_use, i);
		const struct matrix_service *row = s->services->pdata[u->service];
		json_builder_begin_object(b);
		member_text(b, "name", row->name);
		member_text(b, "version", row->version);
		member_text(b, "held", u->why ? u->why->version : NULL);
		member_text(b, "held_reason", u->why ? u->why->reason : NULL);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

static void add_customer(JsonBuilder *b, const struct matrix_section *s, const struct matrix_customer *c)
{
	const entry *takes = c->takes >= 0 ? s->versions->pdata[c->takes] : NULL;

	json_builder_begin_object(b);
	member_text(b, "channel", c->channel->name);
	member_text(b, "class", c->host->class);
	member_text(b, "takes", takes ? takes->version : NULL);
	add_pin(b, c);
	add_uses(b, s, c);
	member_array(b, "cells");
	for (guint k = 0; k < s->versions->len; k++) {
		gint i = c->deciding[k];
		const struct matrix_use *u = i >= 0 ? &g_array_index(c->uses, struct matrix_use, i) : NULL;
		json_builder_begin_object(b);
		member_text(b, "result", users_word_name(matrix_customer_word(s, c, k)));
		member_text(b, "service", u ? ((const struct matrix_service *)s->services->pdata[u->service])->name : NULL);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	json_builder_end_object(b);
}

static void add_section(JsonBuilder *b, const struct matrix_section *s)
{
	json_builder_begin_object(b);
	member_text(b, "suite", s->suite);
	member_text(b, "library", s->library);
	member_text(b, "family", s->family->name);
	member_text(b, "architecture", s->arch);
	member_array(b, "versions");
	for (guint k = 0; k < s->versions->len; k++)
		json_builder_add_string_value(b, ((const entry *)s->versions->pdata[k])->version);
	json_builder_end_array(b);
	member_array(b, "services");
	for (guint i = 0; i < s->services->len; i++)
		add_service(b, s, s->services->pdata[i]);
	json_builder_end_array(b);
	member_array(b, "customers");
	for (guint i = 0; i < s->customers->len; i++)
		add_customer(b, s, s->customers->pdata[i]);
	json_builder_end_array(b);
	json_builder_end_object(b);
}

JsonNode *matrix_json(const struct matrix *m)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	member_text(b, "fleet", m->fleet->name);
	member_text(b, "repository", m->fleet->repository);
	member_array(b, "sections");
	for (guint i = 0; i < m->sections->len; i++)
		add_section(b, m->sections->pdata[i]);
	json_builder_end_array(b);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}

/* The programs of a suite as JSON: see cli/publish_users.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/publish_users.h"
#include "cli/publish.h"

static void add_text(JsonBuilder *b, const char *name, const char *value)
{
	json_builder_set_member_name(b, name);
	if (value == NULL)
		json_builder_add_null_value(b);
	else
		json_builder_add_string_value(b, value);
}

static void add_package(JsonBuilder *b, const char *name, const struct state_item *item)
{
	json_builder_set_member_name(b, name);
	if (item == NULL) {
		json_builder_add_null_value(b);
		return;
	}
	json_builder_begin_object(b);
	publish_add_item(b, item);
	json_builder_end_object(b);
}

static void add_result(JsonBuilder *b, const struct users_result *r)
{
	json_builder_begin_object(b);
	publish_add_member(b, "result", users_word_name(r->word));
	add_text(b, "reason", r->reason);
	add_text(b, "waived", r->waivers);
	add_text(b, "program", r->program);
	add_text(b, "soname", r->soname);
	add_package(b, "package", r->user);
	add_package(b, "library", r->library);
	add_package(b, "before", r->before);
	json_builder_end_object(b);
}

void publish_add_users(JsonBuilder *b, const struct users *users)
{
	json_builder_set_member_name(b, "programs");
	json_builder_begin_array(b);
	for (guint i = 0; users != NULL && i < users->results->len; i++)
		add_result(b, users->results->pdata[i]);
	json_builder_end_array(b);
}

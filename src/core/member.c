/* Members of JSON objects: see member.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/member.h"

static void add_text(JsonBuilder *b, const char *value)
{
	g_autofree char *valid = g_utf8_make_valid(value, -1);

	json_builder_add_string_value(b, valid);
}

void member_text(JsonBuilder *b, const char *name, const char *value)
{
	json_builder_set_member_name(b, name);
	if (value != NULL)
		add_text(b, value);
	else
		json_builder_add_null_value(b);
}

void member_texts(JsonBuilder *b, const char *name, char *const *values)
{
	member_array(b, name);
	for (; values != NULL && *values != NULL; values++)
		add_text(b, *values);
	json_builder_end_array(b);
}

void member_number(JsonBuilder *b, const char *name, guint64 value)
{
	json_builder_set_member_name(b, name);
	json_builder_add_int_value(b, (gint64)value);
}

void member_flag(JsonBuilder *b, const char *name, gboolean value)
{
	json_builder_set_member_name(b, name);
	json_builder_add_boolean_value(b, value);
}

void member_array(JsonBuilder *b, const char *name)
{
	json_builder_set_member_name(b, name);
	json_builder_begin_array(b);
}

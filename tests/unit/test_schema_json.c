/* schema_json.c: every key that the tables have is described. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/schema_json.h"
#include "suite.h"

static void walk(JsonObject *schema, const char *place, guint *keys)
{
	g_autoptr(GList) names = NULL;
	JsonObject *properties;

	if (json_object_has_member(schema, "items"))
		walk(json_object_get_object_member(schema, "items"), place, keys);
	if (!json_object_has_member(schema, "properties"))
		return;
	properties = json_object_get_object_member(schema, "properties");
	names = json_object_get_members(properties);
	for (GList *n = names; n != NULL; n = n->next) {
		g_autofree char *inner = g_strconcat(place, ".", n->data, NULL);
		JsonObject *value = json_object_get_object_member(properties, n->data);
		ck_assert_msg(json_object_has_member(value, "description"), "%s has no description", inner);
		(*keys)++;
		walk(value, inner, keys);
	}
}

START_TEST(test_described)
{
	g_autoptr(JsonNode) node = schema_json();
	guint keys = 0;

	walk(json_node_get_object(node), "", &keys);
	ck_assert_uint_gt(keys, 80);
}
END_TEST

START_TEST(test_describe)
{
	ck_assert_str_eq(schema_describe("overrides.rpm.depends"), schema_describe("depends"));
	ck_assert_str_eq(schema_describe("overrides.deb.contents[].dst"), schema_describe("contents[].dst"));
	ck_assert_ptr_null(schema_describe("nothing"));
	ck_assert_ptr_null(schema_describe("overrides.rpm.nothing"));
}
END_TEST

static Suite *manifest_schema_suite(void)
{
	Suite *s = suite_create("manifest schema");
	TCase *t = tcase_create("manifest schema");

	tcase_add_test(t, test_described);
	tcase_add_test(t, test_describe);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(manifest_schema_suite)

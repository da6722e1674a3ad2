/* YAML files: what is refused and where, and edits that leave every other byte alone. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/yaml.h"
#include "suite.h"

#include <string.h>

enum colour { RED, GREEN };

struct thing {
	char *name;
	int size;
	gboolean live;
	enum colour colour;
	char **tags;
	guint n_tags;
};

static const cyaml_strval_t colours[] = {{"red", RED}, {"green", GREEN}};
static const cyaml_schema_value_t tag_value = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 16)};
static const cyaml_schema_field_t thing_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct thing, name, 1, 20),
	CYAML_FIELD_INT("size", CYAML_FLAG_OPTIONAL, struct thing, size),
	CYAML_FIELD_BOOL("live", CYAML_FLAG_OPTIONAL, struct thing, live),
	CYAML_FIELD_ENUM("colour", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct thing, colour, colours, 2),
	CYAML_FIELD_SEQUENCE_COUNT("tags", CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL, struct thing, tags, n_tags,
				   &tag_value, 0, 3),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t thing_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct thing, thing_fields)};

static struct yamlfile *parse(const char *text, gssize size, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, size < 0 ? strlen(text) : (gsize)size);

	return yamlfile_parse("t.yaml", bytes, error);
}

static const struct {
	const char *text;
	const char *message; /* what the error says, all of it */
} bad[] = {
	{"", "t.yaml:1:1: the file is empty"},
	{"# only a comment\n", "t.yaml:2:1: the file is empty"},
	{"name: a\n---\nname: b\n", "t.yaml:2:1: a second document; one file holds one"},
	{"name: &x a\ncolour: *x\n", "t.yaml:2:9: aliases (*name) are not taken; write the value out"},
	{"name: !!str a\n", "t.yaml:1:7: tags (!name) are not taken"},
	{"name: a\nname: b\n", "t.yaml:2:1: the key 'name' is here twice"},
	{"name: a\nü: [\xff]\n", "t.yaml:2:5: not UTF-8 text"},
	{"name: \"a\\0b\"\n", "t.yaml:1:7: holds a zero byte"},
	{"? [a]\n: b\n", "t.yaml:1:3: expected a key, found a list or a mapping"},
	{"name: a\n\tsize: 1\n", "t.yaml:2:1: found a tab character that violates indentation while scanning a plain scalar"},
	{"- name: a\n", "t.yaml:1:1: expected a mapping (key: value), found a list"},
	{"name: a\nsiez: 3\n", "t.yaml:2:1: unknown key 'siez'; did you mean 'size'?"},
	{"name: a\nweight: 3\n", "t.yaml:2:1: unknown key 'weight'; known here: name, size, live, colour, tags"},
	{"size: 3\n", "t.yaml:1:1: the key 'name' is missing"},
	{"name: [a]\n", "t.yaml:1:7: name: expected a text, found a list"},
	{"name:\n", "t.yaml:1:6: name: expected a text, found nothing"},
	{"name: ''\n", "t.yaml:1:7: name: expected at least 1 characters"},
	{"name: aaaaaaaaaabbbbbbbbbbc\n", "t.yaml:1:7: name: expected at most 20 bytes"},
	{"name: a\nsize: big\n", "t.yaml:2:7: size: expected a whole number, -2147483648 to 2147483647, found 'big'"},
	{"name: a\nsize: 9999999999\n",
	 "t.yaml:2:7: size: expected a whole number, -2147483648 to 2147483647, found '9999999999'"},
	{"name: a\nlive: ture\n", "t.yaml:2:7: live: expected true or false, found 'ture'"},
	{"name: a\ncolour: gren\n", "t.yaml:2:9: colour: 'gren' is not a value for this key; did you mean 'green'?"},
	{"name: a\ntags: x\n", "t.yaml:2:7: tags: expected a list (lines that begin with '- '), found 'x'"},
	{"name: a\ntags: [a, b, c, d]\n", "t.yaml:2:7: tags: expected at most 3 elements, found 4"},
	{"name: a\ntags:\n  - a\n  - {b: c}\n", "t.yaml:4:5: tags[1]: expected a text, found a mapping"},
};

START_TEST(refuses)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(yamlfile) file = parse(bad[_i].text, -1, &error);
	gpointer value = NULL;

	if (file != NULL)
		ck_assert(!yamlfile_load(file, &thing_schema, &value, &error));
	ck_assert_ptr_null(value);
	ck_assert_str_eq(error->message, bad[_i].message);
}
END_TEST

START_TEST(nesting_is_bounded)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *deep = g_strnfill(5000, '[');
	g_autoptr(yamlfile) file = parse(deep, -1, &error);

	ck_assert_ptr_null(file);
	ck_assert_str_eq(error->message, "t.yaml:1:65: nested too deeply");
}
END_TEST

START_TEST(loads)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(yamlfile) file =
		parse("\xef\xbb\xbfname: 1.10\nsize: -4\nlive: yes\ncolour: green\ntags: [a, \"b c\"]\n", -1, &error);
	gpointer value = NULL;

	ck_assert_ptr_nonnull(file);
	ck_assert(yamlfile_load(file, &thing_schema, &value, &error));
	struct thing *thing = value;
	ck_assert_str_eq(thing->name, "1.10");
	ck_assert_int_eq(thing->size, -4);
	ck_assert(thing->live);
	ck_assert_int_eq(thing->colour, GREEN);
	ck_assert_uint_eq(thing->n_tags, 2);
	ck_assert_str_eq(thing->tags[1], "b c");
	yamlfile_release(&thing_schema, value);
}
END_TEST

START_TEST(takes_null_where_the_schema_does)
{
	g_autoptr(yamlfile) file = parse("name: a\ntags:\n", -1, NULL);
	gpointer value = NULL;

	ck_assert(yamlfile_load(file, &thing_schema, &value, NULL));
	ck_assert_uint_eq(((struct thing *)value)->n_tags, 0);
	yamlfile_release(&thing_schema, value);
}
END_TEST

START_TEST(fails_at_a_place)
{
	g_autoptr(yamlfile) file = parse("a: 1\nlist:\n  - {x: 1}\n  - x: 2\n    ü: {y: 3}\n", -1, NULL);
	static const struct {
		const char *place, *message;
	} rows[] = {
		{"", "t.yaml:1:1: m"},
		{"a", "t.yaml:1:4: m"},
		{"list[0].x", "t.yaml:3:9: m"},
		{"list[1].ü.y", "t.yaml:5:12: m"},
		{"list[2]", "t.yaml:3:3: m"}, /* what is above it */
		{"list[1", "t.yaml:3:3: m"},
		{"nothing.here", "t.yaml:1:1: m"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		yamlfile_fail(file, rows[i].place, &error, YAMLFILE_ERROR, YAMLFILE_ERROR_SCHEMA, "%s", "m");
		ck_assert_str_eq(error->message, rows[i].message);
	}
}
END_TEST

/*
 * The edits: '+' appends {n: x, v: "a b"} to the list l, '=' sets v of l[0] and adds w, '-' removes l[0]; '>' and '<'
 * append to and remove from the list h[1].l.
 */
static const struct {
	char edit;
	const char *before, *after; /* NULL: refused */
} edits[] = {
	{'+', "c: 1\n", "c: 1\nl:\n  - n: x\n    v: \"a b\"\n"},
	{'+', "c: 1", "c: 1\nl:\n  - n: x\n    v: \"a b\"\n"},
	{'+', "c: 1 # one\n# end\n", "c: 1 # one\nl:\n  - n: x\n    v: \"a b\"\n# end\n"},
	{'+', "c: 1\r\n", "c: 1\r\nl:\r\n  - n: x\r\n    v: \"a b\"\r\n"},
	{'+', "---\nc: 1\n...\n", "---\nc: 1\nl:\n  - n: x\n    v: \"a b\"\n...\n"},
	{'+', "l: # none\nc: 1\n", "l: # none\n  - n: x\n    v: \"a b\"\nc: 1\n"},
	{'+', "l: [] # none\nc: 1\n", "l: # none\n  - n: x\n    v: \"a b\"\nc: 1\n"},
	{'+', "l:\n- n: ü # é\n\n# c\nc: 1\n", "l:\n- n: ü # é\n- n: x\n  v: \"a b\"\n\n# c\nc: 1\n"},
	{'+', "l:\n    - n: |\n        b\nc: 1\n", "l:\n    - n: |\n        b\n    - n: x\n      v: \"a b\"\nc: 1\n"},
	{'+', "l: [{n: a}]\n", "l: [{n: a}, {n: x, v: \"a b\"}]\n"},
	{'+', "{c: 1}\n", "{c: 1, l: [{n: x, v: \"a b\"}]}\n"},
	{'+', "{l: [], c: 1}\n", "{l: [{n: x, v: \"a b\"}], c: 1}\n"},
	{'+', "l: text\n", NULL},
	{'+', "[1]\n", NULL},
	{'=', "l:\n  - v: 1   # one\n    # two\n    w: 'q'\n", "l:\n  - v: \"a b\"   # one\n    # two\n    w: new\n"},
	{'=', "# é\nl:\n  - v: |\n      old\n      text\n  - v: 2\n", "# é\nl:\n  - v: \"a b\"\n    w: new\n  - v: 2\n"},
	{'=', "l:\n  - v:\n    w:   # c\n", "l:\n  - v: \"a b\"\n    w: new   # c\n"},
	{'=', "l:\n  - v: \"a b\"\n    w: \"new\"\n", "l:\n  - v: \"a b\"\n    w: \"new\"\n"},
	{'=', "l: [{v: 1}, 2]\n", "l: [{v: \"a b\", w: new}, 2]\n"},
	{'=', "\xef\xbb\xbfl: [{v: é}]", "\xef\xbb\xbfl: [{v: \"a b\", w: new}]"},
	{'=', "l:\n  -\n    v: 1 # end", "l:\n  -\n    v: \"a b\" # end\n    w: new\n"},
	{'=', "l: [{v: [1]}]\n", NULL},
	{'=', "l: [1]\n", NULL},
	{'=', "l: [{}]\n", NULL},
	{'-', "l:\n  # first\n  - n: a # x\n    v: 1\n\n  # second\n  - n: b\n", "l:\n  # first\n\n  # second\n  - n: b\n"},
	{'-', "l:\n-\n  n: a\nc: 1", "l:\nc: 1"},
	{'-', "l: [{n: a}, {n: b}]\n", "l: [{n: b}]\n"},
	{'-', "l: [{n: a}]\n", "l: []\n"},
	{'-', "l:\n  - {n: a,\n     v: 1}  # two lines\nc: 1\n", "l:\nc: 1\n"},
	{'>', "h:\n  - c: 1\n  - c: 2 # two\n# end\n", "h:\n  - c: 1\n  - c: 2 # two\n    l:\n      - n: x\n        v: \"a b\"\n# end\n"},
	{'>', "h:\n- c: 1\n- c: 2\n  l:\n  - n: a\n\n# end\np: 1\n",
	 "h:\n- c: 1\n- c: 2\n  l:\n  - n: a\n  - n: x\n    v: \"a b\"\n\n# end\np: 1\n"},
	{'>', "h:\n  -  c: 1\n  -  l: # none yet\n     c: 2\n  - c: 3\n",
	 "h:\n  -  c: 1\n  -  l: # none yet\n       - n: x\n         v: \"a b\"\n     c: 2\n  - c: 3\n"},
	{'>', "h:\n  - {c: 1}\n  - {c: 2}\n", "h:\n  - {c: 1}\n  - {c: 2, l: [{n: x, v: \"a b\"}]}\n"},
	{'>', "h: [{c: 1}, {l: [], c: 2}]\n", "h: [{c: 1}, {l: [{n: x, v: \"a b\"}], c: 2}]\n"},
	{'>', "h:\n  - c: 1\n", NULL},
	{'>', "h:\n  - c: 1\n  - text\n", NULL},
	{'<', "h:\n  - c: 1\n  - c: 2\n    l:\n      # first\n      - n: a\n        v: 1\n      # second\n      - n: b\n",
	 "h:\n  - c: 1\n  - c: 2\n    l:\n      # first\n      # second\n      - n: b\n"},
	{'<', "h: [{}, {l: [{n: a}, {n: b}]}]\n", "h: [{}, {l: [{n: b}]}]\n"},
	{'<', "h: [{}, {}]\n", NULL},
	{'-', "l: []\n", NULL},
	{'-', "c: 1\n", NULL},
};

static GBytes *edit(char kind, const struct yamlfile *file)
{
	static const struct yamlfile_pair added[] = {{"n", "x"}, {"v", "a b"}, {0}};
	static const struct yamlfile_pair changed[] = {{"v", "a b"}, {"w", "new"}, {0}};

	return kind == '+'   ? yamlfile_append(file, "l", added)
	       : kind == '>' ? yamlfile_append(file, "h[1].l", added)
	       : kind == '<' ? yamlfile_remove(file, "h[1].l", 0)
	       : kind == '=' ? yamlfile_set(file, "l[0]", changed)
			     : yamlfile_remove(file, "l", 0);
}

START_TEST(edits_in_place)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(yamlfile) file = parse(edits[_i].before, -1, &error);

	ck_assert_msg(file != NULL, "%s", error ? error->message : "");
	g_autoptr(GBytes) after = edit(edits[_i].edit, file);
	if (edits[_i].after == NULL) {
		ck_assert_ptr_null(after);
		return;
	}
	ck_assert_ptr_nonnull(after);
	g_autofree char *text = g_strndup(g_bytes_get_data(after, NULL), g_bytes_get_size(after));
	ck_assert_str_eq(text, edits[_i].after);
	g_autoptr(yamlfile) again = yamlfile_parse("again", after, &error);
	ck_assert_msg(again != NULL, "%s", error ? error->message : "");
}
END_TEST

START_TEST(quotes)
{
	static const struct {
		const char *text, *quoted;
	} rows[] = {
		{"libwarden1", "libwarden1"}, {"1.0.*", "\"1.0.*\""}, {"No", "\"No\""},	      {"", "\"\""},
		{"a: b", "\"a: b\""},	      {"a\"\\\n", "\"a\\\"\\\\\\n\""}, {"ü", "\"ü\""}, {"\033", "\"\\u001b\""},
		{"\xe2\x80\xa8", "\"\\u2028\""},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *quoted = yamlfile_quote(rows[i].text);
		ck_assert_str_eq(quoted, rows[i].quoted);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("yaml");
	TCase *t = tcase_create("yaml");

	tcase_add_loop_test(t, refuses, 0, G_N_ELEMENTS(bad));
	tcase_add_test(t, nesting_is_bounded);
	tcase_add_test(t, loads);
	tcase_add_test(t, takes_null_where_the_schema_does);
	tcase_add_test(t, fails_at_a_place);
	tcase_add_loop_test(t, edits_in_place, 0, G_N_ELEMENTS(edits));
	tcase_add_test(t, quotes);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(suite)

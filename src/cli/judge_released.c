/* abide judge --released: may this library be released after what was released before it? */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/judge.h"
#include "cli/released.h"
#include "judge/law.h"

#include <stdio.h>
#include <string.h>

static void set_text(JsonObject *o, const char *key, const char *text)
{
	if (text == NULL) {
		json_object_set_null_member(o, key);
		return;
	}
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	json_object_set_string_member(o, key, valid);
}

/* What was released, as the member "released"; null when nothing was. */
static void set_released(JsonObject *o, const struct released *r)
{
	if (r == NULL) {
		json_object_set_null_member(o, "released");
		return;
	}
	JsonObject *member = json_object_new();
	set_text(member, "file", r->where);
	set_text(member, "version", r->library->version);
	set_text(member, "soname", r->library->soname);
	json_object_set_boolean_member(member, "same_soname", r->same_soname);
	json_object_set_int_member(member, "releases", r->n);
	json_object_set_object_member(o, "released", member);
}

static void show_first(const struct judge_input *in, const struct facts *library, const char *dir, JsonArray *list)
{
	if (!in->call->json) {
		printf("first release of %s: %s holds no earlier one\n", library->soname, dir);
		return;
	}
	JsonObject *o = json_object_new();
	json_object_set_null_member(o, "verdict");
	set_text(o, "soname", library->soname);
	json_object_set_boolean_member(o, "first_release", TRUE);
	set_released(o, NULL);
	json_array_add_object_element(list, o);
}

static void show_text(const struct judge_input *in, const struct verdict *v, const struct law *law,
		      const struct released *r)
{
	const struct judge_options *options = in->call->options;
	g_autofree char *text = verdict_text(v, options->explain);

	judge_print(v->word, text);
	printf("  %-9s %s%s%s, the newest of %u\n", "released", r->library->version ? r->library->version : "",
	       r->library->version ? ": " : "", r->where, r->n);
	if (!r->same_soname)
		printf("  %-9s first release of %s, beside %s\n", "", v->soname, r->library->soname);
	if (law->state == LAW_BROKEN)
		printf("  %-9s %s; the law demands %s\n", "refused", law->breach, law->demands);
}

static void add_json(JsonArray *list, const struct verdict *v, const struct released *r)
{
	JsonNode *node = verdict_json(v);

	json_object_set_boolean_member(json_node_get_object(node), "first_release", !r->same_soname);
	set_released(json_node_get_object(node), r);
	json_array_add_element(list, node);
}

/* The exit code of one release: another soname is beside the old library and breaks nobody. */
static enum cli_exit exit_of(const struct verdict *v, const struct law *law)
{
	if (law->state == LAW_BROKEN)
		return CLI_INCOMPATIBLE;
	return verdict_is_releasable(v) ? CLI_DONE : judge_exit(v->word);
}

/* Judges one library; its exit code, or -1 with an error. */
static int judge_one(const struct judge_input *in, const struct facts *library, const struct input_sources *sources,
		     JsonArray *list, GError **error)
{
	const struct judge_options *options = in->call->options;
	g_autoptr(released) r = NULL;

	if (library->soname == NULL) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_INPUT,
			    "%s: has no soname, by which its releases would be known; link it with "
			    "-Wl,-soname,NAME.so.1",
			    library->path);
		return -1;
	}
	if (!released_find(options->released, library, sources, &r, error))
		return -1;
	if (r == NULL) {
		show_first(in, library, options->released, list);
		return CLI_DONE;
	}
	g_autoptr(verdict) v = verdict_new(r->library, library);
	if (in->waivers != NULL)
		waivers_apply(in->waivers, v, &in->today, TRUE);
	g_autoptr(law) law = law_of(v);
	if (in->page != NULL)
		page_add_verdict(in->page, v, r->library, library);
	if (in->call->json)
		add_json(list, v, r);
	else
		show_text(in, v, law, r);
	return exit_of(v, law);
}

/* One library is an object, several are an object around an array of them. */
static void print_json(JsonArray *list)
{
	JsonNode *node;

	if (json_array_get_length(list) == 1) {
		node = json_array_dup_element(list, 0);
	} else {
		JsonObject *o = json_object_new();
		json_object_set_array_member(o, "libraries", json_array_ref(list));
		node = json_node_init_object(json_node_alloc(), o);
		json_object_unref(o);
	}
	cli_print_json(node);
}

int judge_released(const struct judge_input *in, const GPtrArray *inputs, const struct input_sources *sources,
		   GError **error)
{
	g_autoptr(JsonArray) list = json_array_new();
	int worst = CLI_DONE;

	for (guint i = 0; i < inputs->len; i++) {
		const struct input *one = inputs->pdata[i];
		for (guint k = 0; k < one->libraries->len; k++) {
			int exit = judge_one(in, one->libraries->pdata[k], sources, list, error);
			if (exit < 0)
				return -1;
			worst = worst == CLI_INCOMPATIBLE || exit == CLI_DONE ? worst : exit;
		}
	}
	if (in->call->json)
		print_json(list);
	return worst;
}

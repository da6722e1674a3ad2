/* abide judge --used-by and --floor: what a library is to programs. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/judge.h"

#include <stdio.h>

static GPtrArray *judge_programs(const struct judge_input *in)
{
	GPtrArray *consumers = g_ptr_array_new_with_free_func((GDestroyNotify)consumer_free);
	const struct facts *newer = in->libraries->pdata[in->libraries->len - 1];
	const struct facts *older = in->libraries->len > 1 ? in->libraries->pdata[0] : NULL;

	for (guint i = 0; i < in->programs->len; i++) {
		struct consumer *c = consumer_new(in->programs->pdata[i], older, newer, NULL);
		if (in->waivers != NULL)
			waivers_apply(in->waivers, c->verdict, &in->today, FALSE);
		if (in->page != NULL)
			page_add_consumer(in->page, c, older);
		g_ptr_array_add(consumers, c);
	}
	return consumers;
}

static JsonNode *json_of(const GPtrArray *consumers)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	json_builder_set_member_name(b, "verdict");
	json_builder_add_string_value(b, verdict_word_name(consumer_worst(consumers)));
	json_builder_set_member_name(b, "programs");
	json_builder_begin_array(b);
	for (guint i = 0; i < consumers->len; i++)
		json_builder_add_value(b, consumer_json(consumers->pdata[i]));
	json_builder_end_array(b);
	json_builder_end_object(b);
	return json_builder_get_root(b);
}

int judge_used_by(const struct cli_call *call, const struct judge_input *input)
{
	const struct judge_options *options = call->options;
	g_autoptr(GPtrArray) consumers = judge_programs(input);
	enum verdict_word worst = consumer_worst(consumers);

	if (call->json) {
		cli_print_json(json_of(consumers));
	} else {
		g_autofree char *text = consumers->len == 1 ? consumer_text(consumers->pdata[0], options->explain)
							    : consumer_table(consumers);
		judge_print(worst, text);
	}
	return judge_exit(worst);
}

int judge_floor(const struct cli_call *call, const struct judge_input *input)
{
	g_autoptr(GPtrArray) consumers = NULL;
	int floor = consumer_floor(input->programs->pdata[0], (const struct facts *const *)input->libraries->pdata,
				   input->libraries->len, &consumers);

	if (call->json) {
		cli_print_json(consumer_floor_json(consumers, floor));
	} else {
		g_autofree char *text = consumer_floor_text(consumers, floor);
		fputs(text, stdout);
	}
	return floor >= 0 ? CLI_DONE : CLI_INCOMPATIBLE;
}

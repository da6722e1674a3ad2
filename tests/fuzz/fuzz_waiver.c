/* Fuzzes waiver files: what reads must apply to a verdict and show in both reports. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/waiver.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void apply(const struct waivers *w)
{
	static const char *const subjects[] = {"struct s: member a", "open@V1", "struct s", "\xff\xc3", ""};
	struct facts library = {.path = "lib.so", .soname = "lib.so.1"};
	g_autoptr(verdict) v = verdict_empty(&library, &library);
	GDate today;

	for (guint i = 0; verdict_rules[i] != NULL; i++)
		verdict_find(v, verdict_rules[i], VERDICT_BREAKS, subjects[i % G_N_ELEMENTS(subjects)], NULL, "changed");
	g_date_clear(&today, 1);
	g_date_set_dmy(&today, 1, G_DATE_JANUARY, 2027);
	waivers_apply(w, v, &today, TRUE);
	g_free(verdict_text(v, TRUE));
	json_node_unref(verdict_json(v));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) text = g_bytes_new(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(waivers) w = waivers_parse("fuzz", text, &error);

	if ((w == NULL) != (error != NULL))
		abort();
	if (w != NULL)
		apply(w);
	return 0;
}

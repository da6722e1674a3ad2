/* Fuzzes records of channels: what reads is written again, reads the same, and can be shown. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/log_private.h"
#include "pin/report.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *written(const struct channel_log *log)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < log->entries->len; i++)
		channel_entry_append(out, log->entries->pdata[i]);
	return g_string_free(out, FALSE);
}

static void show(struct channel_log *log)
{
	g_autoptr(GPtrArray) items = channel_log_items(log);
	g_autoptr(JsonBuilder) b = json_builder_new();

	channel_log_judge(log, NULL);
	channel_entry_free(channel_log_by_hand(log, NULL, 0));
	json_builder_begin_array(b);
	for (guint i = 0; i < log->entries->len; i++) {
		g_free(channel_entry_text("acme", log->entries->pdata[i]));
		channel_add_entry(b, "acme", log->entries->pdata[i]);
	}
	json_builder_end_array(b);
	json_node_unref(json_builder_get_root(b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(channel_log) log = channel_log_parse("fuzz", (const char *)data, size, &error);

	if ((log == NULL) != (error != NULL) || (log != NULL && log->size > size))
		abort();
	if (log == NULL)
		return 0;
	g_autofree char *once = written(log);
	g_autoptr(channel_log) again = channel_log_parse("again", once, strlen(once), NULL);
	g_autofree char *twice = again != NULL ? written(again) : NULL;
	if (g_strcmp0(once, twice) != 0 || again->torn)
		abort();
	show(log);
	return 0;
}

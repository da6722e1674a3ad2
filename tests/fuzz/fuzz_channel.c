/* Fuzzes channel files: parsing, every export, and edits, which must read back as intended or be refused. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/yaml.h"
#include "pin/channel.h"
#include "pin/export.h"
#include "pin/report.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_out(const struct channel *c)
{
	GDate today;

	g_date_clear(&today, 1);
	g_date_set_dmy(&today, 1, G_DATE_JANUARY, 2027);
	for (const struct pin_export_format *f = pin_export_formats; f->text != NULL; f++)
		g_free(f->text(c, NULL));
	g_free(channel_text(c, &today));
	json_node_unref(channel_json(c, &today));
	g_ptr_array_unref(channel_items(c));
}

/* An edit may be refused or read as something else (then channel_set refuses it), but what reads must be well-formed. */
static void take(GBytes *text)
{
	if (text != NULL)
		channel_free(channel_parse("edited", "acme", text, NULL));
	g_clear_pointer(&text, g_bytes_unref);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct yamlfile_pair pairs[] = {
		{"name", "b"}, {"version", "2.0.*"}, {"reason", "a: \"b\"\n"}, {"until", "2027-01-31"}, {0}};
	g_autoptr(GBytes) text = g_bytes_new(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(channel) c = channel_parse("fuzz", "acme", text, &error);
	g_autoptr(yamlfile) file = yamlfile_parse("fuzz", text, NULL);

	if ((c == NULL) != (error != NULL) || (c != NULL && file == NULL))
		abort();
	if (c != NULL)
		write_out(c);
	if (file == NULL)
		return 0;
	take(yamlfile_append(file, "packages", pairs));
	take(yamlfile_set(file, "packages[0]", pairs));
	take(yamlfile_remove(file, "packages", 0));
	take(yamlfile_append(file, "hosts[0].services", pairs));
	take(yamlfile_set(file, "hosts[0].services[0]", pairs));
	take(yamlfile_remove(file, "hosts[0].services", 0));
	return 0;
}

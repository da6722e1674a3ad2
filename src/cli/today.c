/* Which day it is, for whatever has a last day. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cli.h"

#include <stdlib.h>

/* The last second of the year 9999, the last that g_date_time_new_from_unix_utc takes. */
#define LATEST G_GUINT64_CONSTANT(253402300799)

gboolean cli_today(GDate *today, GError **error)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	guint64 seconds = (guint64)g_get_real_time() / G_USEC_PER_SEC;

	if (epoch != NULL && *epoch != '\0' && !g_ascii_string_to_unsigned(epoch, 10, 0, LATEST, &seconds, NULL)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "SOURCE_DATE_EPOCH is '%s', not a number of seconds", epoch);
		return FALSE;
	}
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc((gint64)seconds);
	g_date_clear(today, 1);
	g_date_set_dmy(today, (GDateDay)g_date_time_get_day_of_month(now), (GDateMonth)g_date_time_get_month(now),
		       (GDateYear)g_date_time_get_year(now));
	return TRUE;
}

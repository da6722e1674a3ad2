/* Channels in the files that stock apt and dnf read, for servers that see the full repository. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_EXPORT_H
#define PIN_EXPORT_H

#include "pin/channel.h"
#include "publish/family.h"

/* One reader of pins: a file name and how its text is written. */
struct pin_export_format {
	const char *before, *after; /* the path below the root: before, or before NAME after when after is not NULL */
	/*
	 * The whole file. Depends on the channel alone and, for ranges, on the versions of the packages (entry *; NULL:
	 * none), so that the same gives the same bytes. Caller frees.
	 */
	char *(*text)(const struct channel *channel, const GPtrArray *packages);
};

/*
 * The formats, ending with a row without text:
 *
 * etc/apt/preferences.d/abide-NAME.pref (apt_preferences(5)): the versions let through at priority 1001, which makes one
 *   of them the candidate even when something newer is installed or offered, and every other version at -1, which is
 *   never a candidate. apt looks at nothing but the candidate, so upgrade, dist-upgrade and installing by name, also
 *   of what depends on the package, keep to the pin. `apt-get install NAME=VERSION` does not: apt takes a version that a
 *   person names whatever the pins say.
 * etc/dnf/plugins/versionlock.list (dnf4, the versionlock plugin of dnf-plugins-core) and
 * etc/dnf/versionlock.toml (dnf5): every other version is excluded, also when a person names it.
 */
extern const struct pin_export_format pin_export_formats[];

/*
 * pin_export_check: whether everything in a channel still holds.
 *
 * FALSE with CHANNEL_ERROR_EXPIRED for a pin, a service or something held whose last day is before TODAY: exported, it would
 * hold on past its day unseen; left out, the server would move without anybody having decided it.
 */
gboolean pin_export_check(const struct channel *channel, const GDate *today, GError **error);

/*
 * pin_export: write every format below the folder ROOT, making the folders.
 *
 * All files are written before the first takes its name.
 *
 * packages: those of the suite that the channel takes from (entry *). apt and dnf 4 know no ranges: they get the versions
 * that a range lets through today, and nothing published later comes through until the next export. NULL: they are not
 * known; a channel with a range is then refused with CHANNEL_ERROR_ARGUMENT. CHANNEL_ERROR_MISSING: a range lets nothing
 * through that the suite has.
 *
 * Returns the paths written (caller frees with g_strfreev), or NULL with an error of pin_export_check, another
 * CHANNEL_ERROR or a G_FILE_ERROR.
 */
char **pin_export(const struct channel *channel, const GPtrArray *packages, const char *root, const GDate *today,
		  GError **error);

/* pin_export_needs_packages: whether pin_export has to know the packages of the suite. */
gboolean pin_export_needs_packages(const struct channel *channel);

#endif

/* A published library packed once more, to stay beside the current one for the services that must keep it. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_HELD_H
#define PACK_HELD_H

#include "pack/package.h"

/* What is known of the published package of a library. Nothing is owned; NULL where it says nothing. */
struct held_origin {
	const char *path;	   /* of its .deb or .rpm */
	const char *name;	   /* "libwarden1" */
	const char *version, *arch; /* as the family writes them: "1:1.0.1-1", "amd64" */
	const char *sha256;	   /* of the file */
	const char *maintainer, *vendor, *homepage, *license;
	const char *depends; /* of a .deb: its Pre-Depends and Depends */
	const struct package_format *format;
};

/* A service that stays on the library. Strings are owned by the caller. */
struct held_unit {
	const char *name; /* of its systemd unit: "ask.service" */
	const char *path; /* its LD_LIBRARY_PATH: held_folder of this library, and of others that it is held on */
};

/* For whom it is held, and which package of that name this is. */
struct held_purpose {
	const char *channel; /* "acme" */
	guint64 serial;	     /* the package's version ends in "+acme.SERIAL" */
	const struct held_unit *units;
	guint n_units;
};

/*
 * A library that was taken out of its package. The package that it makes:
 *
 *   NAME-held-VERSION                              VERSION is the upstream version: libwarden1-held-1.0.1
 *   PREFIX/held/VERSION/lib/SONAME...              PREFIX as the published package has it (/opt/warden); /opt/STEM when it
 *                                                  has the library below /usr or /lib: /opt/warden for libwarden.so.1
 *   /usr/lib/systemd/system/UNIT.d/50-abide-held-NAME.conf   LD_LIBRARY_PATH for that service and nobody else
 *
 * No loader looks into that folder by itself. The package provides no soname and has no shlibs, symbols and trigger, so
 * nothing can come to depend on it. It conflicts with what would hold the same service at another version. Its scripts tell
 * systemd to read its units again; a running service keeps what it has until it is restarted.
 *
 * Bytes depend on the origin and the purpose only. Not thread-safe.
 */
typedef struct held held;

/* held_open: read the package. NULL with a FACTS_ERROR, or PACK_ERROR_INPUT for a folder that systemd could not be told. */
held *held_open(const struct held_origin *origin, GError **error);
void held_free(held *h);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(held, held_free)

/* held_folder: where the library will be: "/opt/warden/held/1.0.1/lib"; owned by h. */
const char *held_folder(const held *h);

/* held_name: "libwarden1-held-1.0.1", for a package and its version in that format's notation. Caller frees. */
char *held_name(const char *package, const char *version, const struct package_format *format);

/*
 * held_identity: a digest of all that decides what is in the package, but for its serial number. The package's description
 * ends with it, so that who reads an index finds whether it has the very package. Caller frees.
 */
char *held_identity(const held *h, const struct held_purpose *purpose);

/*
 * held_suits: whether LD_LIBRARY_PATH moves the programs of a service to the library that is held.
 *
 * path: the service's package. unit: its unit, which must be in it.
 *
 * FALSE with PACK_ERROR_INPUT for a program linked to the library that the loader would not move: one with DT_RPATH, which
 * goes before LD_LIBRARY_PATH, or one that runs as another user or group than its caller (set-user-ID, set-group-ID), for
 * which the loader drops it; when the unit is not in the package; or with a FACTS_ERROR.
 */
gboolean held_suits(const held *h, const char *path, const char *unit, GError **error);

/*
 * held_package: the package, sealed and checked, ready for package_format.write. It borrows from h.
 *
 * NULL with PACK_ERROR_MANIFEST for names that the family does not take, or PACK_ERROR_WRITE.
 */
struct package *held_package(const held *h, const struct held_purpose *purpose, GError **error);

#endif

/* What goes wrong when publishing: the error domain of this room. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_ERROR_H
#define PUBLISH_ERROR_H

#include <glib.h>

#define PUBLISH_ERROR publish_error_quark()
GQuark publish_error_quark(void);

/* Files that cannot be opened or written are G_FILE_ERROR instead. */
enum publish_error {
	PUBLISH_ERROR_INPUT,     /* not a package, or one that cannot be published; a setting out of range */
	PUBLISH_ERROR_DIRECTORY, /* not a repository of ours, or not the place to make one */
	PUBLISH_ERROR_BUSY,      /* another publisher holds the lock */
	PUBLISH_ERROR_KEY,       /* gpg has no such key, or it cannot sign */
	PUBLISH_ERROR_EXPIRED,   /* the key is expired or revoked */
	PUBLISH_ERROR_SIGNATURE, /* a signature is missing, bad, weak or somebody else's */
	PUBLISH_ERROR_DIGEST,    /* bytes differ from what was signed, or from what is already published */
	PUBLISH_ERROR_ROLLBACK,  /* the clock is before the last publication */
	PUBLISH_ERROR_STALE,     /* what was signed elsewhere is not what would be published now */
	PUBLISH_ERROR_TOOL,      /* a library that is loaded when it is needed is not installed */
	PUBLISH_ERROR_ABI,       /* a program of the suite would not run with the library that it would get */
	PUBLISH_ERROR_EVIDENCE,  /* whether it would cannot be told */
	PUBLISH_ERROR_ABSENT,    /* a file is not where a mirror's source should have it */
	PUBLISH_ERROR_SOURCE,    /* a mirror's source cannot be read: no connection, too slow, a server's error */
};

#endif

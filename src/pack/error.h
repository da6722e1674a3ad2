/* Why packing failed: the error domain of the room. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_ERROR_H
#define PACK_ERROR_H

#include <glib.h>

#define PACK_ERROR pack_error_quark()
GQuark pack_error_quark(void);
enum pack_error {
	PACK_ERROR_MANIFEST, /* abide.yaml asks for something that cannot be; its message begins FILE:LINE:COLUMN */
	PACK_ERROR_INPUT,    /* a file that the manifest names is missing, unreadable, or not what it should be */
	PACK_ERROR_ABI,	     /* the library breaks programs built against the previous release */
	PACK_ERROR_EVIDENCE, /* it cannot be told whether the library breaks them */
	PACK_ERROR_DEPENDS,  /* a program needs what no base or package named has */
	PACK_ERROR_SIGN,     /* the key is unknown, or signing with it failed */
	PACK_ERROR_WRITE,    /* the package could not be written */
};

#endif

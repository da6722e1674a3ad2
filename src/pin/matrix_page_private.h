/* What the files of the matrix' page share. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_MATRIX_PAGE_PRIVATE_H
#define PIN_MATRIX_PAGE_PRIVATE_H

/* The style sheet after html_look, and the script. Without the script cells still lead to their reasons. */
extern const char matrix_style[], matrix_script[];

#endif

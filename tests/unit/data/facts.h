/* The public header of the libraries in the fuzz_facts corpus: struct o stays opaque. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
struct s {
	int a;
	char *b;
};
typedef struct {
	int q;
	struct s in;
} t;
struct o;
int f(struct s *p, t *q, struct o *o);

/* member_index.c: finds in large types what looking through them finds. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/member_index.h"
#include "suite.h"

#include <string.h>

#define N 200

/* Names that repeat, members without a name, and places that several share: what hostile debug information has. */
static struct facts_type *a_type(void)
{
	static struct facts_member members[N];
	static struct facts_enumerator enumerators[N];
	static char names[N][8];
	static struct facts_type type = {.members = members, .n_members = N, .enumerators = enumerators, .n_enumerators = N};

	for (guint i = 0; i < N; i++) {
		guint mixed = i * 37 % N;
		g_snprintf(names[i], sizeof names[i], "m%u", mixed % 150);
		members[i] = (struct facts_member){
			.name = i % 10 == 0 ? "" : names[i], .offset = mixed / 4 * 8, .size = mixed % 2 * 8, .shape = i % 3 ? "i8" : "f8"};
		enumerators[i] = (struct facts_enumerator){.name = names[i], .value = i};
	}
	return &type;
}

static gboolean has_shape(const struct facts_member *member, gpointer shape)
{
	return strcmp(member->shape, shape) == 0;
}

/* In declaration order, the first like LIKE: by name, or else by place. */
static const struct facts_member *look_through(const struct facts_type *t, const struct facts_member *like, gboolean by_name)
{
	for (guint i = 0; i < t->n_members; i++) {
		const struct facts_member *m = &t->members[i];
		gboolean same_name = strcmp(m->name, like->name) == 0 && (*m->name != '\0' || m->offset == like->offset);
		gboolean same_place = m->offset == like->offset && m->size == like->size && strcmp(m->shape, like->shape) == 0;
		if (by_name ? same_name : same_place)
			return m;
	}
	return NULL;
}

START_TEST(test_finds_the_same)
{
	struct facts_type *t = a_type();
	struct facts facts = {.types = t, .n_types = 1};

	member_index_build(&facts);
	ck_assert_ptr_nonnull(t->index);
	for (guint i = 0; i < N; i++) {
		struct facts_member like = t->members[i];
		ck_assert_ptr_eq(member_index_find(t, like.name, like.offset), look_through(t, &like, TRUE));
		like.shape = i % 2 ? "i8" : "f8";
		ck_assert_ptr_eq(member_index_at(t, like.offset, like.size, has_shape, (gpointer)like.shape),
				 look_through(t, &like, FALSE));
		const struct facts_enumerator *e = member_index_enumerator(t, t->enumerators[i].name);
		ck_assert_str_eq(e->name, t->enumerators[i].name);
		ck_assert_uint_le(e - t->enumerators, i);
	}
	ck_assert_ptr_null(member_index_find(t, "none", 0));
	ck_assert_ptr_null(member_index_enumerator(t, "none"));
	ck_assert_ptr_null(member_index_at(t, 1, 8, has_shape, (gpointer)"i8"));
	g_clear_pointer(&t->index, member_index_free);
}
END_TEST

START_TEST(test_small_types_have_none)
{
	struct facts_member member = {.name = "m"};
	struct facts_type t = {.members = &member, .n_members = 1};
	struct facts facts = {.types = &t, .n_types = 1};

	member_index_build(&facts);
	ck_assert_ptr_null(t.index);
}
END_TEST

static Suite *member_index_suite(void)
{
	Suite *s = suite_create("member_index");
	TCase *t = tcase_create("search");

	tcase_add_test(t, test_finds_the_same);
	tcase_add_test(t, test_small_types_have_none);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(member_index_suite)

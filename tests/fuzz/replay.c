/* Runs a fuzz harness over every file of its corpus, once, and reports each as TAP; see fuzz_*.c and `make fuzz`. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	long size = -1;

	if (f != NULL && fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0) {
		rewind(f);
		data = malloc((size_t)size + (size == 0));
		if (data == NULL || fread(data, 1, (size_t)size, f) != (size_t)size)
			size = -1;
	}
	if (size >= 0)
		LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
	if (f != NULL)
		fclose(f);
	return size >= 0;
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	char dir[512], path[1024];
	struct dirent **files;
	int failed = 0, n;

	if (argc > 1)
		return !replay(argv[1]);
	snprintf(dir, sizeof dir, "tests/fuzz/corpus/fuzz_%s", name);
	n = scandir(dir, &files, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (files[i]->d_name[0] != '.') {
			snprintf(path, sizeof path, "%s/%s", dir, files[i]->d_name);
			int ok = replay(path);
			printf("%s - %s %s\n", ok ? "ok" : "not ok", name, files[i]->d_name);
			failed |= !ok;
		}
		free(files[i]);
	}
	if (n >= 0)
		free(files);
	return failed;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plays the kept corpus through a fuzz target: fuzz_X plays $SRCDIR/tests/fuzz/corpus/X, or the
 * files that are given as arguments.  Speaks TAP.
 */
#include <config.h>

#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* Each input in memory of just its size, so that a sanitizer sees the first byte too far. */
static void play(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;
	long size;

	if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0)
		err(EXIT_FAILURE, "%s", path);
	rewind(file);
	data = malloc((size_t)size);
	if (size && (!data || fread(data, (size_t)size, 1, file) != 1))
		err(EXIT_FAILURE, "%s", path);
	fclose(file);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
}

static int play_folder(const char *target)
{
	const char *source = getenv("SRCDIR"), *name = strrchr(target, '/');
	struct dirent **entries;
	char *folder, *path;
	int n, played = 0;

	name = strstr(name ? name : target, "fuzz_");
	if (!source || !name || asprintf(&folder, "%s/tests/fuzz/corpus/%s", source, name + 5) < 0)
		errx(EXIT_FAILURE, "needs SRCDIR, or files to play");
	n = scandir(folder, &entries, NULL, alphasort);
	if (n < 0)
		err(EXIT_FAILURE, "%s", folder);
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.') {
			if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0)
				err(EXIT_FAILURE, "%s", folder);
			/* Where it aborts, the last line says on what. */
			printf("# %s\n", entries[i]->d_name);
			fflush(stdout);
			play(path);
			free(path);
			played++;
		}
		free(entries[i]);
	}
	free(entries);
	free(folder);
	return played;
}

int main(int argc, char **argv)
{
	int played = argc - 1;

	printf("1..1\n");
	for (int i = 1; i < argc; i++)
		play(argv[i]);
	if (argc == 1)
		played = play_folder(argv[0]);
	printf("%sok 1 - %d inputs\n", played ? "" : "not ", played);
	return !played;
}

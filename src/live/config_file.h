/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file in which the live view's configuration is kept. */
#ifndef PORTSTAT_LIVE_CONFIG_FILE_H
#define PORTSTAT_LIVE_CONFIG_FILE_H

#include <stdbool.h>

struct buf;
struct live_config;

/*
 * The path of the file: $XDG_CONFIG_HOME/portstat/config, or below $HOME/.config.  False where the
 * environment names no place that is absolute, or is not to be trusted (secure execution).
 */
bool live_config_path(struct buf *out);

/*
 * Reads the file.  One that is not there is as built in; root reads one of its own or of the caller of
 * sudo (else -EPERM).  0 or -errno.
 */
int live_config_load(struct live_config *config, const char *path, struct buf *complaints);

/* Writes the file, whole or not at all; as root only into a folder of root's (else -EPERM).  0 or -errno. */
int live_config_save(const struct live_config *config, const char *path);

#endif

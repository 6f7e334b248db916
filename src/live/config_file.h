/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds, reads and writes the configuration file of the live view. */
#ifndef PORTSTAT_LIVE_CONFIG_FILE_H
#define PORTSTAT_LIVE_CONFIG_FILE_H

#include <stdbool.h>

struct buf;
struct live_config;

/*
 * The path of the file: $XDG_CONFIG_HOME/portstat/config, or else below $HOME/.config.  False if
 * neither is an absolute path, or if the environment is not trusted (AT_SECURE).
 */
bool live_config_path(struct buf *out);

/*
 * Reads the file; if there is none, the defaults stay.  Root reads only a file owned by root or by
 * the caller of sudo (else -EPERM).  Invalid lines go to complaints. 0 or -errno.
 */
int live_config_load(struct live_config *config, const char *path, struct buf *complaints);

/*
 * Writes lines as live_config_print() has them into the file, in place of those with the same key, and
 * leaves everything else in it as it is.  Replaces the file as a whole, or what a symbolic link leads to;
 * as root only in directories that root owns (else -EPERM).  0 or -errno, as of output_file_begin().
 */
int live_config_save(const char *path, const struct buf *lines);

#endif

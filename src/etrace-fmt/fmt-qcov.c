/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Source files with a count before each line, as gcov(1) writes them.
 * in:  work.c:9 ran 452 times, work.c:10 never, and work.c:11 is without code
 * out:       452:    9:	while (n != 1) {
 *          #####:   10:		overflow();
 *              -:   11:	}
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fmt.h"
#include "num.h"
#include "source.h"
#include "outfile.h"

#define SUFFIX ".qcov"

/* How a file of ours begins: nothing else is overwritten. */
#define HEADER "        -:    0:Source:"

struct job {
	const struct coverage *c;
	const char *dir;		/* or NULL: beside the sources */
	struct outfile *outfile;
	struct intern *results;		/* files, by device and inode: those there were, and ours */
	const char **source;		/* of each: what we wrote it for, or NULL */
	size_t cap_source;
	size_t at;			/* index in c->line */
	size_t files, missing;		/* sources, and those of them that were not found */
	const char *first_missing;
	enum status status;
};

/* Where the text for the source PATH goes, to be freed.  In a directory, no path leads out of it. */
static char *result_name(const struct job *j, const char *path)
{
	size_t dir = j->dir ? strlen(j->dir) : 0;
	char *name = must_malloc(dir + 1 + strlen(path) + sizeof SUFFIX), *p = name;

	if (!j->dir)
		return strcat(strcpy(name, path), SUFFIX);
	p = mempcpy(p, j->dir, dir);
	while (*(path += strspn(path, "/"))) {
		size_t n = strcspn(path, "/");

		if (n == 2 && !memcmp(path, "..", 2))
			p = mempcpy(p, "/^", 2);	/* as gcov -p */
		else
			p = mempcpy(mempcpy(p, "/", 1), path, n);
		path += n;
	}
	if (p == name + dir)
		*p++ = '/';
	strcpy(p, SUFFIX);
	return name;
}

/* Whether there is nothing at NAME, or a file that we wrote. */
static bool is_ours(const char *name)
{
	char buf[sizeof HEADER - 1];
	struct stat st;
	bool ours;
	int fd;

	if (lstat(name, &st))
		return errno == ENOENT || errno == ENOTDIR;
	if (!S_ISREG(st.st_mode))
		return false;
	fd = open(name, O_RDONLY | O_CLOEXEC);
	ours = fd >= 0 && read(fd, buf, sizeof buf) == sizeof buf && !memcmp(buf, HEADER, sizeof buf);
	if (fd >= 0)
		close(fd);
	return ours;
}

/*
 * What source the file at NAME was written for, or NULL where it was not there: two names may be one file,
 * by ".." and "^", by a link, or on a file system without capital letters.
 */
static const char **source_of(struct job *j, const char *name)
{
	struct stat st;
	uint64_t key[2];
	uint32_t id;
	bool fresh;

	if (lstat(name, &st))
		return NULL;
	key[0] = st.st_dev;
	key[1] = st.st_ino;
	id = intern_put(j->results, (char *)key, sizeof key, &fresh);
	if (fresh) {
		GROW(j->source, id, j->cap_source);
		j->source[id] = NULL;
	}
	return &j->source[id];
}

/* Whether the file NAME may be written; says why not. */
static bool may_write(struct job *j, const char *name, const char *path)
{
	const char **source;

	if (!is_ours(name)) {
		warn("%s: exists, and was not written by this program: left as it is", name);
		return false;
	}
	source = source_of(j, name);
	if (!source || !*source)
		return true;
	warn("%s: is for %s, and would be for %s too, which was left out; tell them apart with -s, -p or -o", name,
	     *source, path);
	return false;
}

/* Makes the directories above NAME; an error shows when NAME is opened. */
static void make_dirs(char *name)
{
	for (char *p = name + 1; (p = strchr(p, '/')); p++) {
		*p = 0;
		mkdir(name, 0777);
		*p = '/';
	}
}

/* What is before the text of line NUMBER; the count is due if the next line with code is this one. */
static void begin_line(struct job *j, size_t file, uint32_t number, struct out *o)
{
	const struct coverage_line *l = &j->c->line[j->at];
	char count[NUM_MAX] = "-", *end = count + 1, num[NUM_MAX];

	if (j->at < j->c->n_line && l->file == file && l->line == number) {
		uint64_t n = coverage_count(j->c, &j->at);

		if (!n)
			end = mempcpy(count, "#####", 5);
		else
			end = j->c->seen_only ? mempcpy(count, "seen", 4) : num_dec(count, n);
	}
	fmt_right(o, count, (size_t)(end - count), 9);
	out_char(o, ':');
	fmt_right(o, num, (size_t)(num_dec(num, number) - num), 5);
	out_char(o, ':');
}

/* Lines past the end of the source get gcov's text for them. */
static void annotate(struct job *j, size_t file, struct source *s, struct out *o)
{
	const struct coverage *c = j->c;
	const char *text;
	size_t len;
	uint32_t number = 1;
	bool begins = true, whole;

	out_str(o, HEADER);
	fmt_name(o, c->file[file], ',');
	out_str(o, "\n        -:    0:Counts:");
	out_str(o, c->seen_only ? "seen, or not; how often is not known" : "exact");
	out_str(o, c->incomplete ? "; incomplete: some of what ran is not counted\n" : "\n");
	for (; source_next(s, &text, &len, &whole); begins = whole) {
		if (begins)
			begin_line(j, file, number++, o);
		out_mem(o, text, len);
		if (whole)
			out_char(o, '\n');
	}
	if (!begins)
		out_char(o, '\n');
	while (j->at < c->n_line && c->line[j->at].file == file) {
		begin_line(j, file, c->line[j->at].line, o);
		out_str(o, "/*EOF*/\n");
	}
}

static enum status write_file(struct job *j, size_t file, struct source *s)
{
	const char *path = j->c->file[file], **source;
	char *name = result_name(j, path);
	enum status status = ST_OK;
	struct out *o;

	if (!may_write(j, name, path)) {
		free(name);
		return ST_INPUT;
	}
	if (j->dir)
		make_dirs(name);
	o = outfile_open(j->outfile, name);
	if (o)
		annotate(j, file, s, o);
	if (!o || !outfile_close(j->outfile))
		status = ST_SYSTEM;
	source = status ? NULL : source_of(j, name);
	if (source)
		*source = path;
	free(name);
	return status;
}

static void do_file(struct job *j, size_t file)
{
	const char *path = j->c->file[file];
	enum status status = ST_OK;
	struct source s;
	bool found = source_open(&s, path);
	int error;

	if (s.size > SOURCE_MAX)
		s.error = EFBIG;	/* before it is copied */
	if (!found && !j->missing++)
		j->first_missing = path;
	j->files++;
	if (found || j->dir)
		status = write_file(j, file, &s);
	error = source_close(&s);
	if (error) {
		warn("%s: %s; the text of its lines is missing from there on", path, strerror(error));
		status = status ? status : ST_INPUT;
	}
	if (status > j->status)
		j->status = status;
}

static enum status tree(const struct coverage *c, const char *dir)
{
	struct job j = { .c = c, .dir = dir, .outfile = outfile_new() };
	struct stat st;

	if (dir && !stat(dir, &st) && !S_ISDIR(st.st_mode)) {
		warn("%s: %s", dir, strerror(ENOTDIR));
		return ST_SYSTEM;
	}
	j.results = intern_new();
	for (size_t i = 0; i < c->n_line; i = j.at) {
		do_file(&j, c->line[i].file);
		while (j.at < c->n_line && c->line[j.at].file == c->line[i].file)
			j.at++;
	}
	if (j.missing)
		warn("%zu of %zu source files were not found, such as %s; say where they are with -s and -p", j.missing,
		     j.files, j.first_missing);
	if (j.missing == j.files && !j.status)
		j.status = ST_INPUT;
	intern_free(j.results);
	free(j.source);
	return j.status;
}

const struct fmt fmt_qcov = {
	.name = "qcov", .what = "each source file with its counts, as gcov writes it", .tree = tree,
};

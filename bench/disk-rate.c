/* disk-rate DIR MAILDIRS THREADS OCTETS SECONDS
 *
 * The disk's own rate of durable Maildir deliveries: create in tmp, write, fsync, rename into new, fsync new. No mail server can
 * deliver faster than this on this machine. Prints deliveries and seconds. What it wrote stays for the caller to delete.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *root;
static int maildirs, octets;
static double seconds;
static char *body;

struct worker { pthread_t thread; int number; long deliveries; };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void die(const char *what)
{
    fprintf(stderr, "disk-rate: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void deliver(int worker, long n)
{
    char tmp[512], new[512], dir[512];
    int maildir = 1 + (int) ((n * 61 + worker * 7) % maildirs);
    snprintf(tmp, sizeof tmp, "%s/user%d/Maildir/tmp/c%d.%ld", root, maildir, worker, n);
    snprintf(new, sizeof new, "%s/user%d/Maildir/new/c%d.%ld", root, maildir, worker, n);
    snprintf(dir, sizeof dir, "%s/user%d/Maildir/new", root, maildir);
    int file = open(tmp, O_CREAT | O_EXCL | O_WRONLY, 0600);
    if (file < 0) die(tmp);
    for (int done = 0; done < octets; ) {
        ssize_t w = write(file, body + done, octets - done);
        if (w < 0) die("write");
        done += w;
    }
    if (fsync(file) || close(file)) die("fsync");
    if (rename(tmp, new)) die("rename");
    int directory = open(dir, O_RDONLY | O_DIRECTORY);
    if (directory < 0 || fsync(directory) || close(directory)) die("fsync of the directory");
}

static void *run(void *argument)
{
    struct worker *worker = argument;
    double end = now() + seconds;
    while (now() < end)
        deliver(worker->number, worker->deliveries++);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: disk-rate DIR MAILDIRS THREADS OCTETS SECONDS\n");
        return 2;
    }
    root = argv[1];
    maildirs = atoi(argv[2]);
    int threads = atoi(argv[3]);
    octets = atoi(argv[4]);
    seconds = atof(argv[5]);
    body = malloc(octets);
    memset(body, 'x', octets);
    struct worker *workers = calloc(threads, sizeof *workers);
    double start = now();
    for (int i = 0; i < threads; i++) {
        workers[i].number = i;
        if (pthread_create(&workers[i].thread, NULL, run, &workers[i])) die("thread");
    }
    long deliveries = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
        deliveries += workers[i].deliveries;
    }
    printf("%ld %.6f\n", deliveries, now() - start);
    return 0;
}

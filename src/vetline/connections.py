"""How many connections a process may hold open at once: clients that wait for a decision hold theirs for long."""

import resource

# A request that is held takes some forty kibibytes.
MAX_CONNECTIONS = 10_000

# What the process keeps open besides: the database, logs, the listening socket, keys being fetched.
OTHER_FILES = 64


def connections_possible() -> int:
    """Return how many connections fit, after asking the system for as many files as that takes.

    What is inherited is often 1,024, as a courtesy to programs that use select(), which we are not; each process may
    raise it to the hard limit by itself: http://0pointer.net/blog/file-descriptor-limits.html
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + OTHER_FILES
    files = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(1, files - OTHER_FILES)

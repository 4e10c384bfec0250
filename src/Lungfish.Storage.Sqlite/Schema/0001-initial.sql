-- Instants are in units of 100 ns since 1970, UTC. UUIDs are 16 bytes, big-endian: those of version 7 sort by their
-- time, so rows of new executions are appended and old ones lie together.

CREATE TABLE lf_meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value NOT NULL
) WITHOUT ROWID;

CREATE TABLE lf_partition (
    id         INTEGER NOT NULL PRIMARY KEY,
    slot_first INTEGER NOT NULL,
    slot_end   INTEGER NOT NULL,
    epoch      INTEGER NOT NULL,
    owner      BLOB NOT NULL,
    commit_seq INTEGER NOT NULL
);

-- Short numbers for ARNs of state machines, which every execution would repeat. What a machine is, the catalog says.
CREATE TABLE lf_machine (
    id  INTEGER NOT NULL PRIMARY KEY,
    arn TEXT NOT NULL UNIQUE
);

-- One row an execution, written at its birth, when its rest changes and when it closes; not with every turn.
-- state: 0 active (something is in flight), 1 parked, 2 succeeded, 3 failed, 4 timed out, 5 aborted.
CREATE TABLE lf_execution (
    id         BLOB NOT NULL PRIMARY KEY,
    slot       INTEGER NOT NULL,
    machine    INTEGER NOT NULL,
    state      INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    stopped_at INTEGER,
    wake_at    INTEGER,
    name       TEXT NOT NULL,
    revision   TEXT NOT NULL,
    error      TEXT,
    cause      TEXT,
    output     BLOB
) WITHOUT ROWID;

CREATE UNIQUE INDEX lf_execution_by_name ON lf_execution (machine, name);

-- Lists are merged of it, newest first; recovery finds in it what is active.
CREATE INDEX lf_execution_by_state ON lf_execution (machine, state, started_at, id);

-- Time first: a partition here has thousands of slots, and a probe for each would cost more than to pass over others.
CREATE INDEX lf_execution_by_wake ON lf_execution (wake_at, slot) WHERE wake_at IS NOT NULL;

CREATE INDEX lf_execution_by_stop ON lf_execution (stopped_at) WHERE stopped_at IS NOT NULL;

-- blobs: the SHA-256 of each payload that the segment names, 32 bytes each, in the order of their first use.
CREATE TABLE lf_journal (
    execution   BLOB NOT NULL,
    sequence    INTEGER NOT NULL,
    first_event INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    blobs       BLOB,
    segment     BLOB NOT NULL,
    PRIMARY KEY (execution, sequence)
) WITHOUT ROWID;

CREATE TABLE lf_blob (
    execution BLOB NOT NULL,
    sha256    BLOB NOT NULL,
    content   BLOB NOT NULL,
    PRIMARY KEY (execution, sha256)
) WITHOUT ROWID;

CREATE TABLE lf_callback (
    execution  BLOB NOT NULL,
    task       INTEGER NOT NULL,
    machine    INTEGER NOT NULL,
    since      INTEGER NOT NULL,
    deadline   INTEGER,
    kind       TEXT NOT NULL,
    resource   TEXT NOT NULL,
    state_name TEXT NOT NULL,
    PRIMARY KEY (execution, task)
) WITHOUT ROWID;

CREATE INDEX lf_callback_by_age ON lf_callback (machine, since, execution, task);

CREATE TABLE lf_catalog (
    kind    TEXT NOT NULL,
    key     TEXT NOT NULL,
    version INTEGER NOT NULL,
    value   BLOB NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;

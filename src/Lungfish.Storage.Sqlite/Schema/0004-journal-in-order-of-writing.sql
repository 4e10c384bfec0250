-- A commit writes whole pages. What it adds to many executions lies together, however far apart these were born.

-- position: segments stand in the order in which they were written.
CREATE TABLE lf_journal_new (
    position    INTEGER NOT NULL PRIMARY KEY,
    execution   BLOB NOT NULL,
    sequence    INTEGER NOT NULL,
    first_event INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    blobs       BLOB,
    segment     BLOB NOT NULL
);

INSERT INTO lf_journal_new (execution, sequence, first_event, event_count, blobs, segment)
SELECT execution, sequence, first_event, event_count, blobs, segment FROM lf_journal ORDER BY execution, sequence;

DROP TABLE lf_journal;
ALTER TABLE lf_journal_new RENAME TO lf_journal;
CREATE UNIQUE INDEX lf_journal_by_execution ON lf_journal (execution, sequence);

-- By the second, and in it by id: what was born together and sleeps until about the same moment stands together. The
-- rest is there so that a read needs nothing but the index.
DROP INDEX lf_execution_by_wake;
CREATE INDEX lf_execution_by_wake ON lf_execution (kind, wake_at / 10000000, id, slot, wake_at)
    WHERE wake_at IS NOT NULL;

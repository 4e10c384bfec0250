-- Child executions of distributed Map states name their map run, and say how many items they were given.
ALTER TABLE lf_execution ADD COLUMN map_run BLOB;
ALTER TABLE lf_execution ADD COLUMN item_count INTEGER;

-- Lists of a map run's children are merged of it, as those of a machine are of lf_execution_by_state.
CREATE INDEX lf_execution_by_map_run ON lf_execution (map_run, state, started_at, id) WHERE map_run IS NOT NULL;

-- One row a map run, written when it starts and when it is over. execution: whose Map state it is.
-- snapshot: what is told of it, as JSON.
CREATE TABLE lf_map_run (
    id         BLOB NOT NULL PRIMARY KEY,
    execution  BLOB NOT NULL,
    started_at INTEGER NOT NULL,
    stopped_at INTEGER,
    snapshot   BLOB NOT NULL
) WITHOUT ROWID;

CREATE INDEX lf_map_run_by_execution ON lf_map_run (execution, started_at, id);

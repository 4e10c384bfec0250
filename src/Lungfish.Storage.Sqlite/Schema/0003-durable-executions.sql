-- Durable executions stand beside those of state machines: their machine's ARN is that of a function's version.

-- When a closed execution is removed, if it has a retention of its own; NULL: with all that closed as early as it.
ALTER TABLE lf_execution ADD COLUMN remove_at INTEGER;

CREATE INDEX lf_execution_by_removal ON lf_execution (remove_at) WHERE remove_at IS NOT NULL;

-- Only of those without a retention of their own: the oldest ones are the next to go.
DROP INDEX lf_execution_by_stop;
CREATE INDEX lf_execution_by_stop ON lf_execution (stopped_at) WHERE stopped_at IS NOT NULL AND remove_at IS NULL;

-- 0: of a state machine, 1: a durable one. Each kind is woken by its own schedule.
ALTER TABLE lf_execution ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;

DROP INDEX lf_execution_by_wake;
CREATE INDEX lf_execution_by_wake ON lf_execution (kind, wake_at, slot) WHERE wake_at IS NOT NULL;

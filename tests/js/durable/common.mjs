import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const noRetry = () => ({ shouldRetry: false });

/** Up to so many attempts, a second apart. */
export const attempts = (max) => (_error, attempt) =>
  attempt < max ? { shouldRetry: true, delay: { seconds: 1 } } : { shouldRetry: false };

export const boom = async () => {
  throw new Error("boom");
};

/** How often this was asked for this execution before, by whatever process: attempts must tell each other apart. */
export function timesBefore(context) {
  const arn = context.executionContext.durableExecutionArn;
  const name = createHash("sha256").update(arn).digest("hex");
  for (let times = 0; ; times++) {
    try {
      writeFileSync(join(tmpdir(), `${name}-${times}`), "", { flag: "wx" });
      return times;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
  }
}

/** What a batch came to, as the requirements ask for it. */
export const outcomeOf = (batch, ...members) =>
  Object.fromEntries(
    (members.length > 0 ? members : ["completionReason", "status", "successCount", "failureCount", "totalCount"]).map(
      (member) => [member, batch[member]],
    ),
  );

// An order that a person approves, as a durable function on the official SDK. The code reads from top to bottom as if
// it ran in one go; between its lines minutes or days may pass, processes may die, and nothing is done twice.
import { createRetryStrategy, JitterStrategy, withDurableExecution } from "@aws/durable-execution-sdk-js";

const approvalSeconds = Number(process.env.APPROVAL_SECONDS ?? "180");
const retrySeconds = Number(process.env.RETRY_SECONDS ?? "5");
const busyShare = Number(process.env.WAREHOUSE_BUSY ?? "0.4");

class InvalidOrder extends Error {
  name = "InvalidOrder";
}

class WarehouseBusy extends Error {
  name = "WarehouseBusy";
}

const oneAttempt = { retryStrategy: () => ({ shouldRetry: false }) };

const threeAttempts = {
  retryStrategy: createRetryStrategy({
    maxAttempts: 3,
    initialDelay: { seconds: retrySeconds },
    backoffRate: 2,
    jitter: JitterStrategy.NONE,
  }),
};

export const handler = withDurableExecution(async (order, context) => {
  context.logger.info("an order has come in", { orderId: order.orderId });
  const accepted = await context.step("validate_order", async () => validate(order), oneAttempt);

  // The callback first, then who is to answer it: a crash in between asks twice rather than never.
  const [answer, callbackId] = await context.createCallback("awaiting-approval", {
    timeout: { seconds: approvalSeconds },
  });
  await context.step("send_for_approval", async () => ask(accepted, callbackId));
  context.logger.info("the order is with the desk", { orderId: order.orderId });

  // No process waits here: the function has returned, and is called again when the answer comes.
  const verdict = JSON.parse(await answer);
  if (!verdict.approved) {
    return { orderId: order.orderId, status: "rejected", reason: verdict.because ?? "not approved" };
  }

  const confirmation = await context.step(
    "process_order",
    async (step) => ship(accepted, step.attempt),
    threeAttempts,
  );
  context.logger.info("the order is on its way", { orderId: order.orderId });
  return { orderId: order.orderId, status: "processed", confirmation };
});

function validate(order) {
  if (!order.item) {
    throw new InvalidOrder(`the order ${order.orderId} names no item`);
  }
  return order;
}

// A real application would send a mail or a chat message with the id in it.
function ask(order, callbackId) {
  console.log(`To the desk: ${order.quantity ?? 1} x ${order.item}? Answer to ${callbackId}`);
  return { asked: "desk" };
}

// A warehouse that is often too busy; an order may say for how many attempts, to see retries when you like.
function ship(order, attempt) {
  const isBusy = order.busy === undefined ? Math.random() < busyShare : attempt <= order.busy;
  if (isBusy) {
    throw new WarehouseBusy("all hands are packing");
  }
  return `W-${order.orderId}`;
}

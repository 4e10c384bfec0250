"""An order that a person approves, as a durable function on the official SDK.

The code reads from top to bottom as if it ran in one go; between its lines minutes or days may pass, processes may die,
and nothing is done twice.
"""

import json
import logging
import os
import random

from aws_durable_execution_sdk_python import DurableContext, StepContext, durable_execution, durable_step
from aws_durable_execution_sdk_python.config import CallbackConfig, Duration, JitterStrategy, StepConfig
from aws_durable_execution_sdk_python.retries import RetryStrategyConfig, create_retry_strategy

logging.getLogger().setLevel(logging.INFO)  # Lambda's own default leaves out what is only information.

APPROVAL_SECONDS = int(os.environ.get("APPROVAL_SECONDS", "180"))
RETRY_SECONDS = int(os.environ.get("RETRY_SECONDS", "5"))
BUSY_SHARE = float(os.environ.get("WAREHOUSE_BUSY", "0.4"))


class InvalidOrder(Exception):
    """Trying again would not help."""


class WarehouseBusy(Exception):
    """The warehouse could not take the order just now."""


ONE_ATTEMPT = StepConfig(retry_strategy=create_retry_strategy(RetryStrategyConfig(max_attempts=1)))

THREE_ATTEMPTS = StepConfig(
    retry_strategy=create_retry_strategy(
        RetryStrategyConfig(
            max_attempts=3,
            initial_delay=Duration.from_seconds(RETRY_SECONDS),
            backoff_rate=2.0,
            jitter_strategy=JitterStrategy.NONE,
        )
    )
)


@durable_step
def validate_order(step: StepContext, order: dict) -> dict:
    if not order.get("item"):
        raise InvalidOrder(f"the order {order.get('orderId')} names no item")
    return order


@durable_step
def send_for_approval(step: StepContext, order: dict, callback_id: str) -> dict:
    # A real application would send a mail or a chat message with the id in it.
    print(f"To the desk: {order.get('quantity', 1)} x {order['item']}? Answer to {callback_id}")
    step.logger.info("the order is with the desk")
    return {"asked": "desk"}


@durable_step
def process_order(step: StepContext, order: dict) -> str:
    # A warehouse that is often too busy; an order may say for how many attempts, to see retries when you like.
    busy = step.attempt <= order["busy"] if "busy" in order else random.random() < BUSY_SHARE
    if busy:
        raise WarehouseBusy("all hands are packing")
    return f"W-{order['orderId']}"


@durable_execution
def handler(order: dict, context: DurableContext) -> dict:
    context.logger.info("an order has come in")
    accepted = context.step(validate_order(order), name="validate_order", config=ONE_ATTEMPT)

    # The callback first, then who is to answer it: a crash in between asks twice rather than never.
    callback = context.create_callback(
        name="awaiting-approval", config=CallbackConfig(timeout=Duration.from_seconds(APPROVAL_SECONDS))
    )
    context.step(send_for_approval(accepted, callback.callback_id), name="send_for_approval")

    # No process waits here: the function has returned, and is called again when the answer comes.
    verdict = json.loads(callback.result())
    if not verdict.get("approved"):
        return {"orderId": order["orderId"], "status": "rejected", "reason": verdict.get("because", "not approved")}

    confirmation = context.step(process_order(accepted), name="process_order", config=THREE_ATTEMPTS)
    context.logger.info("the order is on its way")
    return {"orderId": order["orderId"], "status": "processed", "confirmation": confirmation}

"""The functions of the order workflow. Nothing but Python's own library is needed."""

import os
import random


class InvalidOrder(Exception):
    """The name of this class is the error that the state machine catches."""


class OutOfStock(Exception):
    """The state machine retries on this one."""


def validate(event, context):
    # An empty order is a good example of one.
    order = {"item": event.get("item", "mud"), "total": event.get("total", 120)}
    if order["total"] <= 0:
        raise InvalidOrder(f"an order of {order['total']} is none")
    return order


def ask(event, context):
    # A real application would send a mail or a chat message with the token in it. What this function returns does
    # not matter: the state goes on when the token comes back.
    order = event["order"]
    print(f"{os.environ['APPROVER']}, may we sell {order['item']} for {order['total']}?")
    print(f"token: {event['token']}")


def fulfil(event, context):
    if random.random() < 0.3:
        raise OutOfStock("the shelf is empty; somebody is on the way")
    fulfilled = {"status": "fulfilled", "item": event["item"], "total": event["total"]}
    if "approval" in event:  # A small order goes through without.
        fulfilled["approvedBy"] = event["approval"].get("by", "somebody")
    return fulfilled


def reject(event, context):
    why = event.get("problem", {}).get("Error") or event.get("approval", {}).get("because", "not approved")
    return {"status": "rejected", "because": why}

using Lungfish.DurableFunctions;
using Microsoft.Extensions.Logging;

namespace OrderWorkflow;

/// <summary>An order that a person approves within three minutes, and that the warehouse then takes.</summary>
public sealed class OrderApproval(IDesk desk, IWarehouse warehouse, OrderTimes? times = null)
{
    private readonly CallbackConfig _approval = new() { Timeout = (times ?? OrderTimes.Usual).Approval };

    private readonly StepConfig _threeAttempts = new()
    {
        RetryStrategy = RetryStrategy.Exponential(
            maxAttempts: 3,
            initialDelay: (times ?? OrderTimes.Usual).FirstRetry,
            backoffRate: 2.0,
            jitter: JitterStrategy.None),
    };

    private static readonly StepConfig s_oneAttempt = new() { RetryStrategy = RetryStrategy.None };

    public async Task<Receipt> RunAsync(Order order, IDurableContext context)
    {
        context.Logger.LogInformation("Order {OrderId} has come in", order.OrderId);
        var accepted = await context.StepAsync(
            (_, _) => Task.FromResult(Validate(order)), "validate_order", s_oneAttempt);

        // The callback first, then who is to answer it: a crash in between asks twice rather than never.
        var approval = await context.CreateCallbackAsync<Verdict>("awaiting-approval", _approval);
        await context.StepAsync(
            (_, cancellationToken) => desk.AskAsync(accepted, approval.CallbackId, cancellationToken),
            "send_for_approval");
        context.Logger.LogInformation("Order {OrderId} is with the desk", order.OrderId);

        // No process waits here: the function has returned, and is called again when the answer comes.
        var verdict = await approval.GetResultAsync();
        if (!verdict.Approved)
        {
            context.Logger.LogInformation("Order {OrderId} was rejected", order.OrderId);
            return new Receipt(order.OrderId, "rejected", Reason: verdict.Because);
        }

        // The operation's id is the same in every attempt: the warehouse can tell a repeated order from a second one.
        var confirmation = await context.StepAsync(
            (step, cancellationToken) => warehouse.ProcessAsync(accepted, step.OperationId, cancellationToken),
            "process_order",
            _threeAttempts);
        context.Logger.LogInformation("Order {OrderId} is on its way", order.OrderId);
        return new Receipt(order.OrderId, "processed", confirmation);
    }

    private static Order Validate(Order order) => order switch
    {
        { Quantity: < 1 } => throw new InvalidOrderException($"Order {order.OrderId} is for {order.Quantity} items."),
        { Item: null or "" } => throw new InvalidOrderException($"Order {order.OrderId} names no item."),
        _ => order,
    };
}

namespace OrderWorkflow;

/// <summary>Where people approve orders.</summary>
public interface IDesk
{
    /// <summary>Asks for a verdict, to be sent to <paramref name="callbackId"/>.</summary>
    Task AskAsync(Order order, string callbackId, CancellationToken cancellationToken);
}

/// <summary>Where orders are carried out.</summary>
public interface IWarehouse
{
    /// <summary>Takes an order; one that it has taken under the same key is not taken twice.</summary>
    /// <returns>The number under which it did.</returns>
    Task<string> ProcessAsync(Order order, string idempotencyKey, CancellationToken cancellationToken);
}

/// <summary>Prints what a mail to the desk would say.</summary>
internal sealed class Desk : IDesk
{
    public Task AskAsync(Order order, string callbackId, CancellationToken cancellationToken) =>
        Console.Out.WriteLineAsync($"To the desk: {order.Quantity} x {order.Item}? Answer to {callbackId}");
}

/// <summary>A warehouse that is often too busy.</summary>
/// <param name="busyShare">0: never; 1: always.</param>
internal sealed class Warehouse(double busyShare) : IWarehouse
{
    public Task<string> ProcessAsync(Order order, string idempotencyKey, CancellationToken cancellationToken) =>
        Random.Shared.NextDouble() < busyShare
            ? throw new WarehouseBusyException("All hands are packing.")
            : Task.FromResult($"W-{order.OrderId}-{idempotencyKey}");
}

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

/// <summary>A warehouse that is often too busy: WAREHOUSE_BUSY says in how many of 100 attempts.</summary>
internal sealed class Warehouse : IWarehouse
{
    private static readonly int s_busyPercent =
        int.TryParse(Environment.GetEnvironmentVariable("WAREHOUSE_BUSY"), out var percent) ? percent : 60;

    public Task<string> ProcessAsync(Order order, string idempotencyKey, CancellationToken cancellationToken) =>
        Random.Shared.Next(100) < s_busyPercent
            ? throw new WarehouseBusyException("All hands are packing.")
            : Task.FromResult($"W-{order.OrderId}-{idempotencyKey}");
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderWorkflow;

/// <summary>What a customer wants.</summary>
public sealed record Order(string OrderId, string Item, int Quantity);

/// <summary>What the person at the desk said; the body of the callback's answer.</summary>
public sealed record Verdict(bool Approved, string? By = null, string? Because = null);

/// <summary>How it ended.</summary>
public sealed record Receipt(string OrderId, string Status, string? Confirmation = null, string? Reason = null);

/// <summary>How long people and the warehouse have.</summary>
public sealed record OrderTimes
{
    public static readonly OrderTimes Usual = new();

    public TimeSpan Approval { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Before the second attempt; the one after that waits twice as long.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>An order that makes no sense; trying again would not help.</summary>
public sealed class InvalidOrderException(string message) : Exception(message);

/// <summary>The warehouse could not take the order just now.</summary>
public sealed class WarehouseBusyException(string message) : Exception(message);

/// <summary>Everything that is checkpointed, so that the function can be trimmed and compiled ahead of time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Verdict))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(string))]
public sealed partial class OrderJson : JsonSerializerContext;

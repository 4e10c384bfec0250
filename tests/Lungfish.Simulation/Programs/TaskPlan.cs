using Lungfish.Json;

namespace Lungfish.Simulation.Programs;

/// <summary>What a task state is like from outside.</summary>
internal sealed record TaskManner
{
    /// <summary>Nobody ever answers; a limit of its own ends it.</summary>
    public bool IsSilent { get; init; }

    public int FailPercent { get; init; }

    /// <summary>Each attempt comes to the same: a worker may have been lost with an attempt, and nobody knows how
    /// often.</summary>
    public bool IsSameEachTime { get; init; }

    public bool BeatsHeart { get; init; }

    public override string ToString() => IsSilent
        ? "never answers"
        : $"fails {FailPercent}%{(IsSameEachTime ? ", each attempt alike" : "")}{(BeatsHeart ? ", beats" : "")}";
}

/// <summary>What becomes of one attempt of a task.</summary>
internal sealed record TaskPlan
{
    private static readonly string[] s_errors = ["E", "F", "G"];

    public required bool IsSilent { get; init; }

    public required TimeSpan Delay { get; init; }

    public required int Heartbeats { get; init; }

    /// <summary>Null if it fails.</summary>
    public JsonValue? Output { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    /// <param name="input">Nothing in it may differ from run to run, but its token.</param>
    public static TaskPlan For(ulong seed, TaskManner manner, string state, JsonValue input, int retryCount)
    {
        var attempt = manner.IsSameEachTime ? "" : retryCount.ToString(CultureInfo.InvariantCulture);
        var bits = Chance.Of(seed, state, WithoutToken(input).ToText(), attempt);
        var plan = new TaskPlan
        {
            IsSilent = manner.IsSilent,
            Delay = TimeSpan.FromMilliseconds(bits % 5 == 0 ? 0 : (bits >> 8) % 4_000),
            Heartbeats = manner.BeatsHeart ? (int)((bits >> 20) % 3) : 0,
        };
        return (bits >> 32) % 100 < (ulong)manner.FailPercent
            ? plan with { Error = s_errors[(bits >> 40) % 3], Cause = $"{state} failed" }
            : plan with { Output = JsonObject.Of("v", (long)((bits >> 44) % 1_000)) };
    }

    private static JsonValue WithoutToken(JsonValue input) => input is JsonObject members
        ? JsonObject.Of(members
            .Where(member => member.Key is not "token")
            .Select(member => KeyValuePair.Create(member.Key, WithoutToken(member.Value))))
        : input;
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

/// <summary>Names a scope: a run of one flow, be it the machine's top level, a branch or an iteration.</summary>
/// <param name="StartedBy">The id of the ParallelStateStarted or MapStateStarted event; 0 for the top level.</param>
/// <param name="Index">Which branch or which item.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ScopeId(long StartedBy, int Index) : IComparable<ScopeId>
{
    public static readonly ScopeId Root;

    public int CompareTo(ScopeId other) =>
        StartedBy != other.StartedBy ? StartedBy.CompareTo(other.StartedBy) : Index.CompareTo(other.Index);
}

/// <summary>A run of one flow: it is before a state, in a state, or at its end.</summary>
internal sealed record Scope
{
    public static readonly ImmutableDictionary<string, JsonValue> NoVariables =
        ImmutableDictionary.Create<string, JsonValue>(StringComparer.Ordinal);

    public required ScopeId Id { get; init; }

    /// <summary>The scope whose Parallel or Map state started this one; the top level is its own parent.</summary>
    public required ScopeId Parent { get; init; }

    public required Flow Flow { get; init; }

    /// <summary>What the next event of this scope names as its previous one.</summary>
    public required long LastEventId { get; init; }

    /// <summary>The state to enter next; null while in a state and at the end.</summary>
    public string? Next { get; init; }

    /// <summary>The input of the next state, or at the end the output of the flow.</summary>
    public required JsonValue Value { get; init; }

    /// <summary>The state that it is in, or null.</summary>
    public Visit? Visit { get; init; }

    /// <summary>What its states read: the variables set here, and those of the scopes around it.</summary>
    /// <remarks>Those cannot change meanwhile: the state that runs this scope is not left.</remarks>
    public ImmutableDictionary<string, JsonValue> Variables { get; init; } = NoVariables;

    /// <summary>The size of the variables that were set here.</summary>
    public long OwnVariableBytes { get; init; }

    public bool HasEnded => Visit is null && Next is null;
}

/// <summary>A stay in one state, over all its attempts.</summary>
internal sealed record Visit
{
    public required State State { get; init; }

    public required long EnteredEventId { get; init; }

    /// <summary>The event that the entering follows.</summary>
    public required long EnteredAfterEventId { get; init; }

    public required DateTimeOffset EnteredAt { get; init; }

    /// <summary>The raw input, before InputPath.</summary>
    public required JsonValue Input { get; init; }

    /// <summary>How many retries were made, by all retriers together.</summary>
    public int RetryCount { get; init; }

    /// <summary>How many retries each retrier has made; empty until the first one.</summary>
    public ImmutableArray<int> RetriesMade { get; init; } = [];

    /// <summary>The task that is waited for; 0 if there is none.</summary>
    public long TaskId { get; init; }

    /// <summary>The branches or iterations of a Parallel or Map state while they run.</summary>
    public Fan? Fan { get; init; }

    /// <summary>The map run of a distributed Map state while it runs.</summary>
    public MapRun? MapRun { get; init; }
}

/// <summary>The scopes that a Parallel or Map state has started.</summary>
internal sealed record Fan
{
    public required long StartedEventId { get; init; }

    public required int Count { get; init; }

    public int Started { get; init; }

    public int Ended { get; init; }

    /// <summary>0 for any number at once.</summary>
    public int ConcurrencyMax { get; init; }

    /// <summary>What ItemSelector reads as <c>$</c>.</summary>
    public required JsonValue Input { get; init; }

    /// <summary>The array that a Map iterates; null for a Parallel.</summary>
    public JsonArray? Items { get; init; }

    public bool CanStartMore => Started < Count && (ConcurrencyMax == 0 || Started - Ended < ConcurrencyMax);

    public bool HasEnded => Ended == Count;

    public ScopeId ScopeOf(int index) => new(StartedEventId, index);
}

using System.Collections.Immutable;
using System.Diagnostics;
using Lungfish.States.Deciding;

namespace Lungfish.Storage.Sqlite;

/// <summary>The column <c>lf_execution.state</c>: status and rest in one, so that one index serves lists and
/// recovery.</summary>
internal static class ExecutionState
{
    public const int Active = 0;
    public const int Parked = 1;
    public const int FirstClosed = 2;

    public static readonly ImmutableArray<int> All = [Active, Parked, 2, 3, 4, 5];

    public static int OfClosed(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Succeeded => 2,
        ExecutionStatus.Failed => 3,
        ExecutionStatus.TimedOut => 4,
        ExecutionStatus.Aborted => 5,
        _ => throw new UnreachableException($"No execution closes as {status}."),
    };

    public static ImmutableArray<int> Of(ExecutionStatus? status) => status switch
    {
        null => All,
        ExecutionStatus.Running => [Active, Parked],
        { } closed => [OfClosed(closed)],
    };

    public static ExecutionStatus ToStatus(int state) => state switch
    {
        Active or Parked => ExecutionStatus.Running,
        2 => ExecutionStatus.Succeeded,
        3 => ExecutionStatus.Failed,
        4 => ExecutionStatus.TimedOut,
        5 => ExecutionStatus.Aborted,
        _ => throw new UnreachableException($"An execution has the state {state}."),
    };
}

using System.Collections.Concurrent;

namespace Lungfish.Engine.Partitions;

/// <summary>An execution that cannot be gone on with: its journal is damaged, or it hit a bug of ours.</summary>
public sealed record SetAsideExecution(string ExecutionArn, string Reason);

/// <summary>The executions that this process leaves alone, each with the reason. A restart tries them again.</summary>
internal sealed class SetAsideExecutions
{
    private readonly ConcurrentDictionary<Guid, SetAsideExecution> _all = new();

    public IReadOnlyCollection<SetAsideExecution> All => [.. _all.Values];

    public void Add(Guid uuid, SetAsideExecution execution) => _all[uuid] = execution;

    public bool Contains(Guid uuid) => _all.ContainsKey(uuid);

    public SetAsideExecution? Find(Guid uuid) => _all.GetValueOrDefault(uuid);

    public string? WhySetAside(string arn) =>
        _all.IsEmpty ? null : _all.Values.FirstOrDefault(one => one.ExecutionArn == arn)?.Reason;
}

using System.Text.Json.Nodes;
using Lungfish.DurableFunctions;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>Writes what its hooks are told, a JSON line each, for a requirement to read.</summary>
/// <remarks>Each record names the execution whose invocation it was told of last; a process serves one at a
/// time.</remarks>
internal sealed class RecordingPlugin(string name) : DurableInstrumentationPlugin
{
    private string? _executionArn;

    public Action<Recorder, InvocationStartInfo>? InvocationStart { get; init; }

    public Action<Recorder, InvocationEndInfo>? InvocationEnd { get; init; }

    public Action<Recorder, OperationStartInfo>? OperationStart { get; init; }

    public Action<Recorder, OperationEndInfo>? OperationEnd { get; init; }

    public Action<Recorder, OperationChangeInfo>? OperationChange { get; init; }

    public Action<Recorder, UserFunctionStartInfo>? UserFunctionStart { get; init; }

    public Action<Recorder, UserFunctionEndInfo>? UserFunctionEnd { get; init; }

    public override void OnInvocationStart(InvocationStartInfo info)
    {
        _executionArn = info.ExecutionArn;
        InvocationStart?.Invoke(Write, info);
    }

    public override void OnInvocationEnd(InvocationEndInfo info) => InvocationEnd?.Invoke(Write, info);

    public override void OnOperationStart(OperationStartInfo info) => OperationStart?.Invoke(Write, info);

    public override void OnOperationEnd(OperationEndInfo info) => OperationEnd?.Invoke(Write, info);

    public override void OnOperationChange(OperationChangeInfo info) => OperationChange?.Invoke(Write, info);

    public override void OnUserFunctionStart(UserFunctionStartInfo info) => UserFunctionStart?.Invoke(Write, info);

    public override void OnUserFunctionEnd(UserFunctionEndInfo info) => UserFunctionEnd?.Invoke(Write, info);

    private void Write(string hook, JsonObject record)
    {
        record["plugin"] = name;
        record["hook"] = hook;
        record["durableExecutionArn"] = _executionArn;
        Console.WriteLine(record.ToJsonString());
    }
}

/// <summary>Writes a record of a hook.</summary>
internal delegate void Recorder(string hook, JsonObject record);

/// <summary>Passes the hooks of each invocation on to the plugin of its requirement, if it has one.</summary>
internal sealed class PluginByExecution(Dictionary<string, RecordingPlugin> plugins)
    : DurableInstrumentationPlugin
{
    private RecordingPlugin? _current;

    public override void OnInvocationStart(InvocationStartInfo info)
    {
        _current = plugins.GetValueOrDefault(RequirementOf.Execution(info.ExecutionArn));
        _current?.OnInvocationStart(info);
    }

    public override void OnInvocationEnd(InvocationEndInfo info) => _current?.OnInvocationEnd(info);

    public override void OnOperationStart(OperationStartInfo info) => _current?.OnOperationStart(info);

    public override void OnOperationEnd(OperationEndInfo info) => _current?.OnOperationEnd(info);

    public override void OnOperationChange(OperationChangeInfo info) => _current?.OnOperationChange(info);

    public override void OnUserFunctionStart(UserFunctionStartInfo info) => _current?.OnUserFunctionStart(info);

    public override void OnUserFunctionEnd(UserFunctionEndInfo info) => _current?.OnUserFunctionEnd(info);
}

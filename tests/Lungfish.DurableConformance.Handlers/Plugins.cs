using System.Text.Json.Nodes;
using Lungfish.DurableFunctions;
using static Lungfish.DurableConformance.Handlers.PluginRecords;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>The plugins that the requirements ask for.</summary>
internal static class Plugins
{
    private const string Name = "CONFPLUGIN";

    /// <summary>The plugin of each requirement that needs one alone.</summary>
    public static DurableInstrumentationPlugin ByExecution() => new PluginByExecution(new()
    {
        ["10-1"] = Lifecycle(Name),
        ["10-2"] = new(Name)
        {
            OperationStart = (write, info) => WriteOfStep(write, "operation-start", info, new() { ["op"] = info.Id }),
            OperationEnd = StepEnd,
        },
        ["10-3"] = Attempts(withEnd: false),
        ["10-6"] = Lifecycle(Name),
        ["10-7"] = Lifecycle(Name),
        ["10-8"] = new(Name)
        {
            OperationChange = (write, change) =>
            {
                foreach (var (id, item) in change.UpdatedOperations)
                {
                    WriteOfStep(write, "operation-change", item, new()
                    {
                        ["op"] = id,
                        ["status"] = item.Status,
                        ["in_full_map"] = change.Operations.ContainsKey(id),
                    });
                }
            },
        },
        ["10-9"] = new(Name)
        {
            InvocationStart = (write, info) =>
            {
                foreach (var item in info.UpdatedOperations.Values.Where(IsWait))
                {
                    write("updated-on-invoke", new()
                    {
                        ["op"] = item.Id,
                        ["status"] = item.Status,
                        ["first"] = info.IsFirstInvocation,
                    });
                }
            },
        },
        ["10-10"] = new(Name)
        {
            OperationStart = (write, info) => WriteOfWait(write, "operation-start", info, new()
            {
                ["op"] = info.Id,
                ["type"] = info.Type,
            }),
            OperationEnd = (write, info) => WriteOfWait(write, "operation-end", info, new()
            {
                ["op"] = info.Id,
                ["type"] = info.Type,
                ["status"] = info.Status,
            }),
        },
        ["10-11"] = new(Name)
        {
            OperationEnd = (write, info) => write("operation-end", new()
            {
                ["op"] = info.Id,
                ["parent"] = info.ParentId ?? None,
                ["status"] = info.Status,
            }),
        },
        ["10-12"] = new(Name)
        {
            UserFunctionStart = (write, info) => WriteOfBranch(write, "fn-start", info, new()
            {
                ["op"] = info.Id,
                ["parent"] = info.ParentId ?? None,
            }),
            UserFunctionEnd = (write, info) => WriteOfBranch(write, "fn-end", info, new()
            {
                ["op"] = info.Id,
                ["parent"] = info.ParentId ?? None,
                ["outcome"] = TextOf(info.Outcome),
            }),
        },
        ["10-13"] = new(Name)
        {
            OperationStart = (write, info) => WriteOfStep(write, "operation-start", info, new()
            {
                ["op"] = info.Id,
                ["replay"] = info.IsReplay,
            }),
            OperationEnd = StepEnd,
        },
        ["10-14"] = new(Name)
        {
            OperationEnd = (write, info) => WriteOfStep(write, "operation-end", info, new()
            {
                ["op"] = info.Id,
                ["status"] = info.Status,
                ["result"] = info.Result ?? None,
                ["error"] = info.Error?.ErrorMessage ?? None,
            }),
        },
        ["10-15"] = Attempts(withEnd: true),
        ["10-16"] = new(Name)
        {
            InvocationStart = (write, info) => write("invocation-start", new() { ["first"] = info.IsFirstInvocation }),
            InvocationEnd = (write, info) => write("invocation-end", new()
            {
                ["first"] = info.IsFirstInvocation,
                ["terminal"] = IsTerminal(info.Status),
                ["status"] = TextOf(info.Status),
            }),
        },
        ["10-18"] = new(Name)
        {
            OperationStart = (write, info) => WriteOfWait(write, "operation-start", info, new()
            {
                ["type"] = info.Type,
                ["name"] = info.Name,
                ["replay"] = info.IsReplay,
                ["pending"] = !OperationStatuses.IsTerminal(info.Status),
            }),
            OperationEnd = (write, info) => WriteOfWait(write, "operation-end", info, new()
            {
                ["type"] = info.Type,
                ["name"] = info.Name,
                ["status"] = info.Status,
            }),
        },
        ["10-19"] = new(Name)
        {
            InvocationStart = (write, info) => write(
                "invocation-start", Dump(info).With("updatedOperationsCount", info.UpdatedOperations.Count)),
            InvocationEnd = (write, info) => write("invocation-end", Dump(info)
                .With("status", TextOf(info.Status))
                .With("terminal", IsTerminal(info.Status))
                .With("executionError", info.ExecutionError?.ErrorMessage)),
        },
        ["10-20"] = new(Name)
        {
            OperationStart = (write, info) => WriteOfStep(write, "operation-start", info, Dump(info)),
            OperationEnd = (write, info) => WriteOfStep(write, "operation-end", info, Dump(info)),
        },
        ["10-21"] = new(Name)
        {
            UserFunctionStart = (write, info) => WriteOfStep(write, "attempt-start", info, Dump(info)),
            UserFunctionEnd = (write, info) => WriteOfStep(
                write, "attempt-end", info, Dump(info).With("outcome", TextOf(info.Outcome))),
        },
        ["10-22"] = new(Name)
        {
            OperationChange = (write, change) =>
            {
                foreach (var (id, item) in change.UpdatedOperations)
                {
                    WriteOfStep(write, "operation-change", item, Dump(item)
                        .With("executionArn", change.ExecutionArn)
                        .With("updatedOperationsCount", change.UpdatedOperations.Count)
                        .With("operationsCount", change.Operations.Count)
                        .With("inFullMap", change.Operations.ContainsKey(id)));
                }
            },
        },
        ["10-23"] = new(Name)
        {
            OperationStart = (write, info) => WriteOfContext(write, "operation-start", info, Dump(info)),
            UserFunctionStart = (write, info) => WriteOfContext(
                write, "fn-start", info, Dump(info).With("isReplayingChildren", info.IsReplayingChildren)),
        },
    });

    /// <summary>Tells of invocations only.</summary>
    public static RecordingPlugin Lifecycle(string name) => new(name)
    {
        InvocationStart = (write, info) => write("invocation-start", new() { ["first"] = info.IsFirstInvocation }),
        InvocationEnd = (write, info) => write("invocation-end", new() { ["status"] = TextOf(info.Status) }),
    };

    /// <summary>Each hook writes its name and throws.</summary>
    public static RecordingPlugin Faulty() => new("CONFPLUGIN-FAULTY")
    {
        InvocationStart = (write, _) => Fail(write, "invocation-start"),
        InvocationEnd = (write, _) => Fail(write, "invocation-end"),
        OperationStart = (write, info) => FailOfStep(write, "operation-start", info),
        OperationEnd = (write, info) => FailOfStep(write, "operation-end", info),
        UserFunctionStart = (write, info) => FailOfStep(write, "attempt-start", info),
        UserFunctionEnd = (write, info) => FailOfStep(write, "attempt-end", info),
    };

    /// <summary>Tells of all that <see cref="Faulty"/> fails at.</summary>
    public static RecordingPlugin Healthy() => new("CONFPLUGIN-HEALTHY")
    {
        InvocationStart = (write, info) => write("invocation-start", new() { ["first"] = info.IsFirstInvocation }),
        InvocationEnd = (write, info) => write("invocation-end", new() { ["status"] = TextOf(info.Status) }),
        OperationStart = (write, info) => WriteOfStep(write, "operation-start", info, new() { ["op"] = info.Id }),
        OperationEnd = StepEnd,
        UserFunctionStart = (write, info) => WriteOfStep(write, "attempt-start", info, new() { ["op"] = info.Id }),
        UserFunctionEnd = (write, info) => WriteOfStep(write, "attempt-end", info, new()
        {
            ["op"] = info.Id,
            ["outcome"] = TextOf(info.Outcome),
        }),
    };

    /// <summary>Tells of the attempts of steps.</summary>
    private static RecordingPlugin Attempts(bool withEnd) => new(Name)
    {
        UserFunctionStart = (write, info) => WriteOfStep(write, "attempt-start", info, new()
        {
            ["n"] = info.Attempt,
            ["op"] = info.Id,
        }),
        UserFunctionEnd = (write, info) => WriteOfStep(write, "attempt-end", info, new()
        {
            ["n"] = info.Attempt,
            ["outcome"] = TextOf(info.Outcome),
            ["op"] = info.Id,
        }),
        OperationEnd = withEnd ? StepEnd : null,
    };

    private static void StepEnd(Recorder write, OperationEndInfo info) =>
        WriteOfStep(write, "operation-end", info, new() { ["op"] = info.Id, ["status"] = info.Status });

    private static void WriteOfStep(Recorder write, string hook, OperationInfo info, JsonObject record) =>
        WriteIf(IsStep(info), write, hook, record);

    private static void WriteOfWait(Recorder write, string hook, OperationInfo info, JsonObject record) =>
        WriteIf(IsWait(info), write, hook, record);

    private static void WriteOfContext(Recorder write, string hook, OperationInfo info, JsonObject record) =>
        WriteIf(IsContext(info), write, hook, record);

    private static void WriteOfBranch(Recorder write, string hook, OperationInfo info, JsonObject record) =>
        WriteIf(info.SubType == OperationSubTypes.ParallelBranch, write, hook, record);

    private static void WriteIf(bool wanted, Recorder write, string hook, JsonObject record)
    {
        if (wanted)
        {
            write(hook, record);
        }
    }

    private static void FailOfStep(Recorder write, string hook, OperationInfo info)
    {
        if (IsStep(info))
        {
            Fail(write, hook);
        }
    }

    private static void Fail(Recorder write, string hook)
    {
        write(hook, []);
        throw new InvalidOperationException($"{hook} fails");
    }
}

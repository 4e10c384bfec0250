using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;

namespace Lungfish.Cli.Commands;

/// <summary>What the verbs of <c>execution</c> do with a durable execution.</summary>
internal static class DurableShow
{
    public static async Task<ExitCode> ShowAsync(
        CommandContext context, string arn, CancellationToken cancellationToken)
    {
        var output = context.Output;
        var execution = await context.Client.Durable.DescribeAsync(arn, cancellationToken);
        if (WritesForPrograms(execution, output))
        {
            return ExitCode.Ok;
        }

        var operations = await context.Client.Durable.ListOperationsAsync(arn, cancellationToken);
        var timeline = OperationTimeline.Of(operations, output.Now, execution.IsRunning ? null : execution.EndedAt);
        if (execution.IsRunning
            && await context.Client.Durable.FindLastInvocationAsync(arn, cancellationToken) is { } invocation)
        {
            _ = timeline.Add(invocation);
        }

        DurableView.WriteHead(execution, output);
        DurableView.WriteTimeline(timeline, output);
        DurableView.WriteResult(execution, output);
        output.Talk.Line();
        Suggest(execution, operations, output);
        return ExitCode.Ok;
    }

    public static async Task<ExitCode> StopAsync(
        CommandContext context, string arn, string? error, string? cause, CancellationToken cancellationToken)
    {
        await context.Client.Durable.StopAsync(arn, error, cause, cancellationToken);
        return await WriteStatusAsync(context, arn, cancellationToken);
    }

    public static async Task<ExitCode> RedriveAsync(
        CommandContext context, string arn, CancellationToken cancellationToken)
    {
        await context.Client.Durable.RedriveAsync(arn, cancellationToken);
        var exitCode = await WriteStatusAsync(context, arn, cancellationToken);
        if (context.Output.Format == OutputFormat.Table)
        {
            context.Output.Suggest(
                ($"lungfish execution follow {DurableArns.NameOf(arn)}", "follows it from where it goes on"));
        }

        return exitCode;
    }

    private static async Task<ExitCode> WriteStatusAsync(
        CommandContext context, string arn, CancellationToken cancellationToken)
    {
        var execution = await context.Client.Durable.DescribeAsync(arn, cancellationToken);
        if (!WritesForPrograms(execution, context.Output))
        {
            context.Output.Data.Line($"{execution.Name} {execution.Status}", Statuses.StyleOf(execution.Status));
        }

        return ExitCode.Ok;
    }

    private static bool WritesForPrograms(DurableExecution execution, Output output)
    {
        switch (output.Format)
        {
            case OutputFormat.Json:
                output.Json(execution.Json);
                return true;
            case OutputFormat.Id:
                output.Id(execution.Arn);
                return true;
            default:
                return false;
        }
    }

    private static void Suggest(
        DurableExecution execution, IReadOnlyList<DurableOperation> operations, Output output)
    {
        var open = operations.FirstOrDefault(o => o is { Type: "CALLBACK", Status: "STARTED" });
        if (!execution.IsRunning)
        {
            if (execution.Status != "SUCCEEDED")
            {
                output.Suggest(($"lungfish execution redrive {execution.Name}", "resumes it from what failed"));
            }
        }
        else if (open is not null)
        {
            output.Suggest(
                ($"lungfish callback succeed {execution.Name} --result '{{}}'", $"answers {open.Name}"),
                ($"lungfish callback fail {execution.Name} --error NAME", "refuses"));
        }
        else
        {
            output.Suggest(
                ($"lungfish execution follow {execution.Name}", "follows it"),
                ($"lungfish execution stop {execution.Name}", "ends it"));
        }
    }
}

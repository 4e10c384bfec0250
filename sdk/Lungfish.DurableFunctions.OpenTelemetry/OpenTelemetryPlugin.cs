using System.Collections.Concurrent;
using System.Diagnostics;

namespace Lungfish.DurableFunctions.OpenTelemetry;

/// <summary>Writes one trace for each durable execution, across all its invocations and replays.</summary>
/// <remarks>
/// Add it to <see cref="DurableFunctionOptions.Plugins"/> and <see cref="SourceName"/> to the sources of your tracer.
/// One instance may serve many functions and invocations at once.
/// </remarks>
public sealed class OpenTelemetryPlugin : DurableInstrumentationPlugin
{
    /// <summary>The name of the activity source.</summary>
    public const string SourceName = "Lungfish.DurableFunctions";

    private static readonly ActivitySource s_source = new(SourceName);

    private readonly double _sampleRatio;
    private readonly ConcurrentDictionary<string, InvocationSpans> _invocations = new(StringComparer.Ordinal);

    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The ratio is not between 0 and 1.</exception>
    public OpenTelemetryPlugin(OpenTelemetryPluginOptions? options = null)
    {
        _sampleRatio = options?.SampleRatio ?? 1;
        ArgumentOutOfRangeException.ThrowIfLessThan(_sampleRatio, 0, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_sampleRatio, 1, nameof(options));
    }

    /// <inheritdoc/>
    public override void OnInvocationStart(InvocationStartInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);

        // What the platform itself traces of this invocation is another trace; a link leads there.
        var links = Activity.Current is { } ambient ? new ActivityLink[] { new(ambient.Context) } : [];
        var activity = s_source.StartActivity(
            "invocation",
            ActivityKind.Server,
            InExecution(info.ExecutionArn),
            [
                new(SpanAttributes.ExecutionArn, info.ExecutionArn),
                new(SpanAttributes.FirstInvocation, info.IsFirstInvocation),
                new(SpanAttributes.InvocationId, info.RequestId),
            ],
            links);
        _invocations[info.ExecutionArn] = new InvocationSpans(activity);
    }

    /// <inheritdoc/>
    public override void OnInvocationEnd(InvocationEndInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (_invocations.TryRemove(info.ExecutionArn, out var spans))
        {
            if (spans.Invocation is { } activity)
            {
                activity.SetTag(SpanAttributes.InvocationStatus, info.Status?.ToString().ToUpperInvariant());
                if (info.Status is null or InvocationStatus.Failed)
                {
                    SpanAttributes.Fail(activity, info.ExecutionError);
                }
            }

            spans.Dispose();
        }

        if (info.Status is InvocationStatus.Succeeded or InvocationStatus.Failed)
        {
            WriteExecution(info);
        }
    }

    /// <inheritdoc/>
    public override void OnOperationEnd(OperationEndInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (info.IsReplay)
        {
            return; // A context whose body ran again to rebuild its result; its span was written when it ended.
        }

        var ended = info.EndTimestamp ?? info.StartTimestamp ?? DateTimeOffset.UtcNow;
        var activity = s_source.StartActivity(
            SpanAttributes.NameOf(info),
            info.Type is OperationTypes.ChainedInvoke ? ActivityKind.Client : ActivityKind.Internal,
            ParentOf(info),
            SpanAttributes.Of(info),
            startTime: info.StartTimestamp ?? ended);
        if (activity is null)
        {
            return;
        }

        SpanIdentity.Assign(activity, SpanIdentity.OperationOf(info.ExecutionArn, info.Id));
        activity.SetTag("durable.operation.status", info.Status);
        if (info.Status is not (OperationStatuses.Succeeded or OperationStatuses.Cancelled))
        {
            SpanAttributes.Fail(activity, info.Error);
        }

        activity.SetEndTime(ended.UtcDateTime);
        activity.Dispose();
    }

    /// <inheritdoc/>
    public override void OnUserFunctionStart(UserFunctionStartInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);

        // Bodies of contexts run again on every replay, and only attempts of steps do work of their own.
        if (info.Attempt is not { } attempt || !_invocations.TryGetValue(info.ExecutionArn, out var spans))
        {
            return;
        }

        var activity = s_source.StartActivity(
            $"{SpanAttributes.NameOf(info)} attempt {attempt}",
            ActivityKind.Internal,
            InTrace(info.ExecutionArn, SpanIdentity.OperationOf(info.ExecutionArn, info.Id)),
            [.. SpanAttributes.Of(info), new(SpanAttributes.AttemptNumber, attempt)],
            startTime: info.StartTimestamp ?? default);
        if (activity is not null)
        {
            spans.Begin(info, attempt, activity);
        }
    }

    /// <inheritdoc/>
    public override void OnUserFunctionEnd(UserFunctionEndInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (info.Attempt is not { } attempt
            || !_invocations.TryGetValue(info.ExecutionArn, out var spans)
            || spans.End(info, attempt) is not { } activity)
        {
            return;
        }

        activity.SetTag(SpanAttributes.AttemptOutcome, info.Outcome.ToString().ToUpperInvariant());
        if (info.Outcome is UserFunctionOutcome.Failed)
        {
            SpanAttributes.Fail(activity, info.Error);
        }

        if (info.EndTimestamp is { } ended)
        {
            activity.SetEndTime(ended.UtcDateTime);
        }

        activity.Dispose();
    }

    private void WriteExecution(InvocationEndInfo info)
    {
        var trace = new ActivityContext(
            SpanIdentity.TraceOf(info.ExecutionArn), default, Sample(info.ExecutionArn), isRemote: false);
        var activity = s_source.StartActivity(
            FunctionOf(info.ExecutionArn),
            ActivityKind.Internal,
            trace,
            [
                new(SpanAttributes.ExecutionArn, info.ExecutionArn),
                new(SpanAttributes.ExecutionStatus, info.Status?.ToString().ToUpperInvariant()),
            ],
            startTime: info.ExecutionStartTimestamp ?? default);
        if (activity is null)
        {
            return;
        }

        SpanIdentity.Assign(activity, SpanIdentity.ExecutionOf(info.ExecutionArn));
        if (info.Status is InvocationStatus.Failed)
        {
            SpanAttributes.Fail(activity, info.ExecutionError);
        }

        activity.Dispose();
    }

    private ActivityContext ParentOf(OperationInfo info) => info.ParentId is { } parent
        ? InTrace(info.ExecutionArn, SpanIdentity.OperationOf(info.ExecutionArn, parent))
        : InExecution(info.ExecutionArn);

    private ActivityContext InExecution(string executionArn) =>
        InTrace(executionArn, SpanIdentity.ExecutionOf(executionArn));

    private ActivityContext InTrace(string executionArn, ActivitySpanId parent) =>
        new(SpanIdentity.TraceOf(executionArn), parent, Sample(executionArn), isRemote: true);

    private ActivityTraceFlags Sample(string executionArn) => SpanIdentity.Sample(executionArn, _sampleRatio);

    // arn:aws:lambda:REGION:ACCOUNT:function:NAME:VERSION/durable-execution/...
    private static string FunctionOf(string executionArn) =>
        executionArn.Split(':') is { Length: > 6 } parts ? parts[6] : "durable execution";
}

using System.Globalization;
using System.Text;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Engine.Tasks;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Integrations.StepFunctions;

/// <summary><c>arn:aws:states:::states:startExecution</c> with all its patterns.</summary>
internal sealed class StartExecutionTask(StepFunctionsTasks tasks, TimeProvider time) : ITaskHandler
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public static bool Offers(ServiceIntegration integration) =>
        integration is { Service: "states", Action: "startExecution" };

    public bool CanRun(TaskResource resource) => resource is ServiceIntegration integration && Offers(integration);

    public async ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        if (ExecutionStart.Read(assignment, dropsUnknown: true, out var problem) is not { } start)
        {
            return StepFunctionsRefusals.InvalidParameters(assignment, problem);
        }

        var executions = await tasks.ExecutionsAsync(cancellationToken);
        try
        {
            if (assignment.Task.Phase == TaskPhase.AwaitingAnswer)
            {
                var pattern = ((ServiceIntegration)assignment.Task.Resource).Pattern;
                var ended = await PatientlyAsync(
                    () => executions.WaitAsync(start.ExecutionArn, Timeout.InfiniteTimeSpan, cancellationToken),
                    cancellationToken);
                return ChildOutcome.Of(ended, parsesPayloads: pattern == IntegrationPattern.Sync2);
            }

            var started = await PatientlyAsync(
                () => start.StartAsync(executions, cancellationToken), cancellationToken);
            var output = OutputOf(started, RequestIds.Of(assignment));
            return assignment.Task.AnsweredByToken || assignment.Task.AwaitsEndOfWork
                ? new TaskHandedOver(output)
                : new TaskCompleted(output);
        }
        catch (ApiException e)
        {
            return StepFunctionsRefusals.OfOptimized(e, assignment);
        }
    }

    /// <summary>Measured: status ABORTED, no error, and this cause.</summary>
    public async ValueTask StopAsync(TaskAssignment assignment)
    {
        if (assignment.Task.AwaitsEndOfWork
            && ExecutionStart.Read(assignment, dropsUnknown: true, out _) is { } start)
        {
            var executions = await tasks.ExecutionsAsync(CancellationToken.None);
            _ = await executions.StopAsync(
                start.ExecutionArn,
                error: null,
                $"The Task state in AWS Step Functions execution [{assignment.Execution.ExecutionArn}] which was "
                + "managing this resource was aborted",
                CancellationToken.None);
        }
    }

    /// <summary>The server is busy, or reads its memory anew: that is no failure of the task, which has all the time of
    /// its own time-out.</summary>
    private async Task<T> PatientlyAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (ApiException e) when (e.Code is "ThrottlingException" or "ServiceUnavailable")
            {
                await Task.Delay(RetryDelay, time, cancellationToken);
            }
        }
    }

    private JsonObject OutputOf(StartedExecution started, string requestId)
    {
        var output = new JsonObject.Builder();
        output.Set("ExecutionArn", started.ExecutionArn);

        // The answer as the API would have written it: executionArn and startDate in seconds.
        var length = Encoding.UTF8.GetByteCount(started.ExecutionArn) + 49;
        SdkMetadata.Set(
            output,
            requestId,
            200,
            ("x-amzn-RequestId", requestId),
            ("connection", "keep-alive"),
            ("Content-Length", length.ToString(CultureInfo.InvariantCulture)),
            ("Date", time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture)),
            ("Content-Type", "application/x-amz-json-1.0"));
        output.Set("StartDate", started.StartDate.ToUnixTimeMilliseconds());
        return output.Build();
    }
}

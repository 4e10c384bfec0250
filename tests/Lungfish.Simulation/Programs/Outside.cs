using Lungfish.Durable;
using Lungfish.Engine;
using Lungfish.Simulation.Running;

namespace Lungfish.Simulation.Programs;

/// <summary>Everybody who calls the server from outside: they try again until they know what became of it, answer each
/// task and each callback once, and now and then once more with something else.</summary>
internal sealed class Outside(IWorld world, Swarm swarm)
{
    public const string Role = "arn:aws:iam::000000000000:role/r";
    public const string StopError = "Halt";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromMilliseconds(250);

    private readonly HashSet<string> _known = [];
    private readonly int _liesPercent = swarm.Percent("lies", 50);

    /// <summary>Calls until there is an answer. Whether a call without one was carried out, nobody knows.</summary>
    /// <exception cref="ApiException">It is refused for good.</exception>
    public async Task<T> CallAsync<T>(Func<Api, Task<T>> call)
    {
        while (true)
        {
            try
            {
                return await world.AskAsync(call).WaitAsync(s_patience, world.Time);
            }
            catch (ServerIsDownException)
            {
                // It will come back.
            }
            catch (TimeoutException)
            {
                // The server has crashed meanwhile, or is slow.
            }
            catch (ApiException e) when (IsPassing(e))
            {
                // It may be better in a moment.
            }
            catch (ObjectDisposedException)
            {
                // The server went away while it was called.
            }

            await Task.Delay(s_retryDelay, world.Time);
        }
    }

    /// <summary>Answers a task as planned. A token that is known already was handed out again.</summary>
    public void Answer(string token, TaskPlan plan)
    {
        if (_known.Add(token) && !plan.IsSilent)
        {
            world.BeginOutside(() => GuardAsync(() => AnswerAsync(token, plan)));
        }
    }

    /// <summary>Answers a callback of a durable execution as planned.</summary>
    public void Answer(string callbackId, CallbackPlan plan)
    {
        if (_known.Add(callbackId) && !plan.IsSilent)
        {
            world.BeginOutside(() => GuardAsync(() => AnswerAsync(callbackId, plan)));
        }
    }

    /// <summary>Lets it go on by itself. Whatever it throws is a mistake: its own or the engine's.</summary>
    public async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            world.Violate($"Somebody outside met what nobody expects: {e}");
        }
    }

    /// <summary>It may be better in a moment. Whether an execution was rightly set aside, the server's log
    /// tells.</summary>
    public static bool IsPassing(ApiException e) =>
        e.HttpStatus is 429 or >= 500 || e.Code is "ThrottlingException" or "ServiceUnavailable";

    private async Task AnswerAsync(string token, TaskPlan plan)
    {
        for (var beat = 0; beat < plan.Heartbeats; beat++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), world.Time);
            _ = await TellAsync(engine => engine.Executions.HeartbeatTaskAsync(token, CancellationToken.None));
        }

        await Task.Delay(plan.Delay, world.Time);
        var accepted = await TellAsync(engine => plan.Output is { } output
            ? engine.Executions.SucceedTaskAsync(token, output, CancellationToken.None)
            : engine.Executions.FailTaskAsync(token, plan.Error, plan.Cause, CancellationToken.None));
        if (accepted && world.Random.Next(100) < _liesPercent)
        {
            await RefuseAsync($"The task {token} was answered, and then answered again", engine =>
                engine.Executions.SucceedTaskAsync(token, "a lie", CancellationToken.None));
        }
    }

    private async Task AnswerAsync(string callbackId, CallbackPlan plan)
    {
        for (var beat = 0; beat < plan.Heartbeats; beat++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), world.Time);
            _ = await TellAsync(engine =>
                engine.DurableExecutions.HeartbeatCallbackAsync(callbackId, CancellationToken.None));
        }

        await Task.Delay(plan.Delay, world.Time);
        var accepted = await TellAsync(engine => plan.Error is { } error
            ? engine.DurableExecutions.FailCallbackAsync(callbackId, error, CancellationToken.None)
            : engine.DurableExecutions.SucceedCallbackAsync(callbackId, plan.Payload, CancellationToken.None));
        if (accepted && world.Random.Next(100) < _liesPercent)
        {
            await RefuseAsync($"The callback {callbackId} was completed, and then completed again", engine =>
                engine.DurableExecutions.SucceedCallbackAsync(callbackId, "\"a lie\"", CancellationToken.None));
        }
    }

    /// <returns>False if nobody waits for it any more.</returns>
    private async Task<bool> TellAsync(Func<Api, Task> tell)
    {
        try
        {
            return await CallAsync(async engine =>
            {
                await tell(engine);
                return true;
            });
        }
        catch (ApiException e) when (e.Code is "TaskTimedOut" or "CallbackTimeoutException" or "TaskDoesNotExist")
        {
            return false;
        }
    }

    private async Task RefuseAsync(string problem, Func<Api, Task> lie)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(world.Random.Next(3_000)), world.Time);
        if (await TellAsync(lie))
        {
            world.Violate(problem);
        }
    }
}

/// <summary>What becomes of a callback.</summary>
internal sealed record CallbackPlan
{
    public required bool IsSilent { get; init; }

    public required TimeSpan Delay { get; init; }

    public required int Heartbeats { get; init; }

    public string? Payload { get; init; }

    /// <summary>Null if it succeeds.</summary>
    public ErrorObject? Error { get; init; }
}

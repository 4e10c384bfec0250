using System.Text;
using Lungfish.Engine.Tests.Support;
using Lungfish.Functions.Invoking;
using Lungfish.Functions.Logs;
using Lungfish.Functions.Processes;
using Lungfish.Functions.RuntimeApi;
using Lungfish.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lungfish.Functions.Tests;

/// <summary>A pool whose processes and clock are the test's: it asks and answers in their place.</summary>
internal sealed class PoolUnderTest : IEnvironmentLife, IProcessorMeter, IAsyncDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly TemporaryFolder _folder = new();
    private readonly LogStore _logs;

    public PoolUnderTest(int perProcess)
    {
        _logs = new LogStore(_folder.Path);
        var options = new FunctionOptions { Directory = _folder.Path, Endpoint = new Uri("http://127.0.0.1:9/") };
        var function = new FunctionConfiguration
        {
            Name = "fn",
            Version = "$LATEST",
            Runtime = "provided.al2023",
            Handler = "h",
            Role = "r",
            Timeout = Timeout,
            Code = new FunctionCode("", 0, null),
            LastModified = default,
            RevisionId = "1",
        };
        Pool = new(
            function,
            perProcess,
            new(options, this, _logs, new ProcessorLoad(this, Time), Time, NullLogger.Instance));
    }

    public FakeTime Time { get; } = new();

    public FunctionPool Pool { get; }

    /// <summary>All that were started, in order.</summary>
    public List<ExecutionEnvironment> Processes { get; } = [];

    public int Cores => 2;

    public TimeSpan ReadUsed() => TimeSpan.Zero;

    public Task RunAsync(FunctionPool pool, ExecutionEnvironment environment)
    {
        Processes.Add(environment);
        return Task.CompletedTask;
    }

    /// <summary>Invokes the function.</summary>
    public Invocation Invoke(string? requestId = null, string payload = "{}")
    {
        var invocation = new Invocation(
            Encoding.UTF8.GetBytes(payload),
            new InvokeOptions { RequestId = requestId },
            "arn:fn",
            Time.GetUtcNow(),
            Time.GetTimestamp());
        _ = Pool.Run(invocation);
        return invocation;
    }

    public RuntimeConnection Connect(int process = 0) => new(Pool, Processes[process]);

    /// <summary>Asks for work on a new connection.</summary>
    /// <returns>Faulted: that is refused.</returns>
    public Task<RunningInvocation> Ask(int process = 0) => Ask(Connect(process));

    public Task<RunningInvocation> Ask(RuntimeConnection connection) =>
        Pool.TryNext(connection, out var next)
            ? next
            : Task.FromException<RunningInvocation>(new InvalidOperationException("It may not ask."));

    /// <summary>Asks for work that must be there, and gets it.</summary>
    public RunningInvocation Take(int process = 0)
    {
        var running = TakeUnsent(process);
        Assert.True(running.TrySend());
        return running;
    }

    /// <summary>Asks for work that must be there; nothing of it has been sent.</summary>
    public RunningInvocation TakeUnsent(int process = 0) =>
        Ask(process) is { IsCompletedSuccessfully: true } next
            ? next.Result
            : throw new InvalidOperationException("There is no work.");

    public bool Answer(RunningInvocation running, string answer, int process = 0) =>
        Pool.Answer(Processes[process], running, new(Encoding.UTF8.GetBytes(answer), IsError: false));

    /// <returns>What the caller of an invocation has been told; null: nothing yet.</returns>
    public static string? TextOf(Invocation invocation) =>
        invocation.Outcome is { IsCompletedSuccessfully: true, Result: { } outcome }
            ? Encoding.UTF8.GetString(outcome.Payload.Span)
            : null;

    public async ValueTask DisposeAsync()
    {
        await Pool.CloseAsync();
        await _logs.DisposeAsync();
        _folder.Dispose();
    }
}

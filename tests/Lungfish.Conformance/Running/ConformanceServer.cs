using System.Collections.Concurrent;
using Lungfish.Conformance.Cases;
using Lungfish.Tests.Shared;

namespace Lungfish.Conformance.Running;

/// <summary>A started server whose folders play buckets, for all cases that need no other service.</summary>
public sealed class ConformanceServer : CaseServer
{
    internal static IEnumerable<RecordedCase> CasesToRun { get; } =
        [.. Runnable.Where(recorded => !recorded.Needs.Any(need => need is "sqs" or "sns"))];

    internal override IEnumerable<RecordedCase> Cases => CasesToRun;
}

/// <summary>A started server that uses moto as its S3, SQS and SNS, for the cases that need those.</summary>
public sealed class MotoConformanceServer : CaseServer
{
    private MotoServer? _moto;

    internal static IEnumerable<RecordedCase> CasesToRun { get; } =
        [.. Runnable.Where(recorded => recorded.Needs.Any(need => need is "s3" or "sqs" or "sns"))];

    internal bool IsMissing => _moto is null;

    internal override IEnumerable<RecordedCase> Cases => CasesToRun;

    public override async ValueTask InitializeAsync()
    {
        _moto = CasesToRun.Any() ? await MotoServer.StartAsync() : null;
        if (_moto is not null)
        {
            await StartAsync(_moto.Url);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_moto is not null)
        {
            await _moto.DisposeAsync();
        }
    }
}

/// <summary>One started server for many cases. They run beside each other; each test row awaits its own.</summary>
public abstract class CaseServer : IAsyncLifetime
{
    private const int CasesAtATime = 12;

    private readonly ConcurrentDictionary<string, Task<CaseOutcome>> _outcomes = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _slots = new(CasesAtATime);
    private readonly SemaphoreSlim _queue = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TemporaryFolder _data = new();
    private ServerProcess? _server;
    private AwsApi? _api;
    private S3Api? _s3;
    private MessagingApi? _messaging;

    private protected CaseServer() { } // Closed: with folder buckets, and with endpoints of services.

    /// <summary>What was printed by the server so far, to explain a failure.</summary>
    public string ServerOutput => _server?.Output ?? "";

    internal abstract IEnumerable<RecordedCase> Cases { get; }

    private protected static IEnumerable<RecordedCase> Runnable => RecordedCases.All.Values.Where(
        recorded => IsWanted(recorded.Id) && LaterFeatures.FindMissing(recorded) is null);

    public virtual async ValueTask InitializeAsync()
    {
        if (RecordedCases.All.Count > 0)
        {
            await StartAsync(services: null);
        }
    }

    /// <param name="services">Where S3, SQS and SNS are. Null: S3 is the server itself, the others are not.</param>
    private protected async Task StartAsync(Uri? services)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (services is not null)
        {
            settings["LUNGFISH_S3_ENDPOINT"] = services.ToString();
            settings["LUNGFISH_SQS_ENDPOINT"] = services.ToString();
            settings["LUNGFISH_SNS_ENDPOINT"] = services.ToString();
            settings["AWS_ACCESS_KEY_ID"] = settings["AWS_SECRET_ACCESS_KEY"] = "any"; // moto refuses nameless readers.
        }

        _server = await ServerProcess.StartAsync(
            ["serve", "--data", _data.Path, "--urls", "http://127.0.0.1:0"], environment: settings);
        _api = new AwsApi(_server.Url);
        _s3 = new S3Api(services ?? _server.Url);
        _messaging = new MessagingApi(services ?? _server.Url);
    }

    internal Task<CaseOutcome> GetOutcomeAsync(string id)
    {
        // The first row that asks sets all of them going, the slow ones first; a filter sees to fewer rows only.
        foreach (var recorded in Cases.OrderByDescending(recorded => recorded.Functions.Any()))
        {
            _ = _outcomes.GetOrAdd(recorded.Id, _ => RunAsync(recorded));
        }

        return _outcomes[id];
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _stopping.CancelAsync();
        await Task.WhenAll(_outcomes.Values.Select(outcome => outcome.ContinueWith(_ => { }, TaskScheduler.Default)));
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _api?.Dispose();
        _s3?.Dispose();
        _messaging?.Dispose();
        _data.Dispose();
        _slots.Dispose();
        _queue.Dispose();
        _stopping.Dispose();
    }

    private static bool IsWanted(string id) =>
        Environment.GetEnvironmentVariable("LUNGFISH_CASES") is not { Length: > 0 } wanted
        || wanted.Split(',').Any(prefix => id.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>A case that lists all activities counts on being alone with its own.</summary>
    private static bool RunsAlone(RecordedCase recorded) => recorded.Calls.Any(
        step => step["call"]?.GetValue<string>() is "stepfunctions.ListActivities");

    private async Task<CaseOutcome> RunAsync(RecordedCase recorded)
    {
        var slots = RunsAlone(recorded) ? CasesAtATime : 1;
        await _queue.WaitAsync(_stopping.Token); // Two that want all slots would wait for each other.
        for (var taken = 0; taken < slots; taken++)
        {
            await _slots.WaitAsync(_stopping.Token);
        }

        _ = _queue.Release();
        try
        {
            await using var session = new CaseSession(
                recorded,
                _api ?? throw new InvalidOperationException("No server."),
                _s3 ?? throw new InvalidOperationException("No S3."),
                _messaging ?? throw new InvalidOperationException("No messaging."),
                _stopping.Token);
            return recorded.IsExecution ? await ExecutionCase.RunAsync(session) : await CallsCase.RunAsync(session);
        }
        catch (Exception exception) when (exception is AwsApiException or HttpRequestException
            or TimeoutException or TemplateException)
        {
            var outcome = new CaseOutcome();
            outcome.Result.Add(exception.Message);
            return outcome;
        }
        finally
        {
            _ = _slots.Release(slots);
        }
    }
}

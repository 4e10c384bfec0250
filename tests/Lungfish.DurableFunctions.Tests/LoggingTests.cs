using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions.Tests;

public sealed class LoggingTests
{
    private readonly FakeService _service = new();
    private readonly ListLogger _log = new();

    [Fact]
    public async Task Logger_AcrossReplays_WritesEachLineOnce()
    {
        async Task<int> Workflow(IDurableContext context)
        {
            context.Logger.LogInformation("start");
            await context.StepAsync((_, _) => Task.FromResult(1));
            context.Logger.LogInformation("after the step");
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            context.Logger.LogInformation("after the first wait");
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            context.Logger.LogInformation("end");
            return 1;
        }

        await _service.RunToEndAsync(Workflow, options => options.Logger = _log);

        Assert.Equal(["start", "after the step", "after the first wait", "end"], _log.Lines);
    }

    [Fact]
    public async Task Logger_BetweenMakingAndAwaitingACallback_WritesOnce()
    {
        async Task<int> Workflow(IDurableContext context)
        {
            var callback = await context.CreateCallbackAsync<string>();
            context.Logger.LogInformation("made");
            await callback.GetResultAsync();
            context.Logger.LogInformation("completed");
            return 1;
        }

        void Configure(DurableFunctionOptions options) => options.Logger = _log;
        await _service.InvokeAsync(Workflow, Configure);
        _service.CompleteCallback("1", "\"x\"");
        await _service.InvokeAsync(Workflow, Configure, "1");

        Assert.Equal(["made", "completed"], _log.Lines);
    }

    [Fact]
    public async Task Logger_OfAChild_FollowsItsOwnReplay()
    {
        async Task<int> Workflow(IDurableContext context)
        {
            await context.RunInChildContextAsync(async (child, _) =>
            {
                child.Logger.LogInformation("child start");
                await child.WaitAsync(TimeSpan.FromSeconds(1));
                child.Logger.LogInformation("child end");
            });
            context.Logger.LogInformation("end");
            return 1;
        }

        await _service.RunToEndAsync(Workflow, options => options.Logger = _log);

        Assert.Equal(["child start", "child end", "end"], _log.Lines);
    }

    [Fact]
    public async Task Logger_NotModeAware_RepeatsLines()
    {
        async Task<int> Workflow(IDurableContext context)
        {
            context.ConfigureLogger(new LoggerConfig { ModeAware = false });
            context.Logger.LogInformation("start");
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return 1;
        }

        await _service.RunToEndAsync(Workflow, options => options.Logger = _log);

        Assert.Equal(["start", "start"], _log.Lines);
    }

    [Fact]
    public async Task Logger_OfAStep_WritesInEachAttemptWithItsNumber()
    {
        await _service.RunToEndAsync(
            context => context.StepAsync(
                (step, _) =>
                {
                    step.Logger.LogInformation("try");
                    return step.AttemptNumber < 2 ? throw new TimeoutException() : Task.FromResult(1);
                },
                "flaky"),
            options => options.Logger = _log);

        Assert.Equal(["try", "try"], _log.Lines);
        Assert.Equal([1, 2], _log.Scopes.Select(scope => scope["attempt"]));
        Assert.All(_log.Scopes, scope =>
        {
            Assert.Equal("1", scope["operationId"]);
            Assert.Equal("flaky", scope["operationName"]);
            Assert.Equal(FakeService.Arn, scope["executionArn"]);
        });
    }

    [Fact]
    public void JsonLineLogger_ALine_IsOneJsonObjectWithItsFields()
    {
        var output = new StringWriter();
        var logger = new JsonLineLogger(new ManualClock(DateTimeOffset.UnixEpoch), output);
        using (logger.BeginScope(new Dictionary<string, object> { ["executionArn"] = "arn", ["message"] = "not this" }))
        {
            logger.LogWarning(new FormatException("bad"), "Order {OrderId} is {State}", 5, "late\n\"x\"");
        }

        var line = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        Assert.Equal("1970-01-01T00:00:00.000Z", root.GetProperty("timestamp").GetString());
        Assert.Equal("WARN", root.GetProperty("level").GetString());
        Assert.Equal("Order 5 is late\n\"x\"", root.GetProperty("message").GetString());
        Assert.Equal("arn", root.GetProperty("executionArn").GetString());
        Assert.Equal(5, root.GetProperty("OrderId").GetInt32());
        Assert.Equal("System.FormatException", root.GetProperty("errorType").GetString());
        Assert.Equal("bad", root.GetProperty("errorMessage").GetString());
    }

    private sealed class ListLogger : ILogger
    {
        private readonly AsyncLocal<IReadOnlyDictionary<string, object>> _scope = new();

        public List<string> Lines { get; } = [];

        public List<IReadOnlyDictionary<string, object>> Scopes { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            if (state is IEnumerable<KeyValuePair<string, object>> fields)
            {
                _scope.Value = fields.ToDictionary(StringComparer.Ordinal);
            }

            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            Lines.Add(formatter(state, exception));
            Scopes.Add(_scope.Value ?? new Dictionary<string, object>(StringComparer.Ordinal));
        }
    }
}

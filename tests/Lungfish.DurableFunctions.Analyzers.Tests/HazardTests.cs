namespace Lungfish.DurableFunctions.Analyzers.Tests;

/// <summary>LFD001 to LFD006 and LFD010: what workflow code may not do by itself.</summary>
public sealed class HazardTests
{
    [Theory]
    [InlineData("LFD001", "DateTime.Now")]
    [InlineData("LFD001", "DateTime.UtcNow")]
    [InlineData("LFD001", "DateTime.Today")]
    [InlineData("LFD001", "DateTimeOffset.Now")]
    [InlineData("LFD001", "DateTimeOffset.UtcNow")]
    [InlineData("LFD001", "clock.GetUtcNow()")]
    [InlineData("LFD001", "TimeProvider.System.GetTimestamp()")]
    [InlineData("LFD001", "Stopwatch.StartNew()")]
    [InlineData("LFD001", "Stopwatch.GetTimestamp()")]
    [InlineData("LFD001", "Environment.TickCount64")]
    [InlineData("LFD001", "context.LambdaContext.RemainingTime")]
    [InlineData("LFD002", "new Random()")]
    [InlineData("LFD002", "Random.Shared")]
    [InlineData("LFD002", "RandomNumberGenerator.GetInt32(6)")]
    [InlineData("LFD002", "input.Id.GetHashCode()")]
    [InlineData("LFD002", "HashCode.Combine(1, 2)")]
    [InlineData("LFD003", "Guid.NewGuid()")]
    [InlineData("LFD003", "Guid.CreateVersion7()")]
    [InlineData("LFD003", "Path.GetRandomFileName()")]
    [InlineData("LFD004", "http.GetStringAsync(\"x\")")]
    [InlineData("LFD004", "http.Send(new HttpRequestMessage())")]
    [InlineData("LFD004", "File.ReadAllText(\"x\")")]
    [InlineData("LFD004", "File.Exists(\"x\")")]
    [InlineData("LFD004", "Directory.GetFiles(\"x\")")]
    [InlineData("LFD004", "new FileInfo(\"x\").Length")]
    [InlineData("LFD004", "new FileStream(\"x\", FileMode.Open)")]
    [InlineData("LFD004", "new StreamReader(\"x\")")]
    [InlineData("LFD004", "command.ExecuteScalar()")]
    [InlineData("LFD004", "command.ExecuteReaderAsync()")]
    [InlineData("LFD004", "System.Net.Dns.GetHostName()")]
    [InlineData("LFD004", "Process.Start(\"x\")")]
    [InlineData("LFD004", "Console.ReadLine()")]
    [InlineData("LFD004", "Console.In")]
    [InlineData("LFD005", "Environment.GetEnvironmentVariable(\"STAGE\")")]
    [InlineData("LFD005", "Environment.MachineName")]
    [InlineData("LFD005", "TimeZoneInfo.Local")]
    [InlineData("LFD006", "Task.Delay(1000)")]
    [InlineData("LFD006", "new Timer(_ => { })")]
    [InlineData("LFD006", "new PeriodicTimer(TimeSpan.FromSeconds(1))")]
    [InlineData("LFD006", "new CancellationTokenSource(1000)")]
    [InlineData("LFD010", "Task.Run(() => 1)")]
    [InlineData("LFD010", "Task.WhenAny(Task.CompletedTask)")]
    [InlineData("LFD010", "Task.CompletedTask.ContinueWith(_ => 1)")]
    [InlineData("LFD010", "new Thread(() => { })")]
    public async Task Expression_InAWorkflow_IsFound(string rule, string expression) =>
        Assert.Equal(
            [$"{rule}: {expression}"],
            await Sources.FindAsync($"object? value = {expression}; GC.KeepAlive(value);"));

    [Theory]
    [InlineData("DateTime.UtcNow")]
    [InlineData("Random.Shared.Next()")]
    [InlineData("Guid.NewGuid()")]
    [InlineData("File.ReadAllText(\"x\")")]
    [InlineData("http.GetStringAsync(\"x\").Result")]
    [InlineData("Environment.MachineName")]
    [InlineData("Task.Delay(1).IsCompleted")]
    [InlineData("Task.Run(() => 1).Result")]
    public async Task Expression_InAStep_IsQuiet(string expression) =>
        Assert.Empty(await Sources.FindAsync($"await context.StepAsync((_, _) => Task.FromResult({expression}));"));

    [Theory]
    [InlineData("new Random(42).Next()")]
    [InlineData("new HttpClient()")]
    [InlineData("new DateTime(2025, 1, 1).AddDays(1)")]
    [InlineData("new Guid(\"c56a4180-65aa-42ec-a945-5fd21dec0538\")")]
    [InlineData("Path.Combine(\"a\", \"b\")")]
    [InlineData("new StreamReader(new MemoryStream())")]
    [InlineData("new MemoryStream().Length")]
    [InlineData("Task.WhenAll(context.WaitAsync(TimeSpan.FromDays(1)), context.WaitAsync(TimeSpan.FromDays(2)))")]
    [InlineData("new CancellationTokenSource()")]
    [InlineData("nameof(DateTime.UtcNow)")]
    [InlineData("input.Total.GetHashCode()")]
    [InlineData("TimeProvider.System")]
    [InlineData("context.ExecutionContext.DurableExecutionArn")]
    public async Task Expression_ThatAReplayRepeats_IsQuiet(string expression) =>
        Assert.Empty(await Sources.FindAsync($"object? value = {expression}; GC.KeepAlive(value);"));

    [Fact]
    public async Task Code_WithoutAContext_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync("", "public static DateTime Now() => DateTime.UtcNow;"));

    [Fact]
    public async Task WaitForCallback_IoInTheSubmitter_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            """
            await context.WaitForCallbackAsync<string>(async (id, _, token) => await http.GetStringAsync(id, token));
            """));

    [Fact]
    public async Task WaitForCondition_ClockInTheCheck_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            """
            await context.WaitForConditionAsync<int>(
                (state, _, _) => Task.FromResult(state + DateTime.UtcNow.Second),
                new WaitForConditionConfig<int>
                {
                    InitialState = 0,
                    WaitStrategy = WaitStrategy.FromDelegate<int>((state, _) => WaitDecision.Stop()),
                });
            """));

    [Fact]
    public async Task ChildContext_ClockInTheBody_IsFound() =>
        Assert.Equal(["LFD001: DateTime.UtcNow"], await Sources.FindAsync(
            "await context.RunInChildContextAsync((child, _) => Task.FromResult(DateTime.UtcNow));"));

    [Fact]
    public async Task Branch_IdInTheBody_IsFound() =>
        Assert.Equal(["LFD003: Guid.NewGuid()"], await Sources.FindAsync(
            """
            await context.ParallelAsync(
                [new DurableBranch<Guid>("one", (branch, _) => Task.FromResult(Guid.NewGuid()))]);
            """));

    [Fact]
    public async Task Lambda_HandedToLinq_RunsInTheWorkflow() =>
        Assert.Equal(["LFD003: Guid.NewGuid()", "LFD003: Guid.NewGuid"], await Sources.FindAsync(
            """
            GC.KeepAlive(new[] { 1 }.Select(_ => Guid.NewGuid()).ToList());
            GC.KeepAlive(Enumerable.Repeat(0, 3).Select(_ => 0).Aggregate(Guid.Empty, (a, _) => a));
            Array.ConvertAll<int, Guid>([1], _ => default);
            GC.KeepAlive(new Lazy<Guid>(Guid.NewGuid));
            """));

    [Fact]
    public async Task Lambda_KeptForAStep_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            """
            Func<Task<string>> fetch = () => http.GetStringAsync("x");
            await context.StepAsync((_, _) => fetch());
            """));

    [Fact]
    public async Task Lambda_HandedToAWrapperOfSteps_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            "await StepOf(context, () => http.GetStringAsync(\"x\"));",
            """
            private static Task<string> StepOf(IDurableContext context, Func<Task<string>> body) =>
                context.StepAsync((_, _) => body());
            """));

    [Fact]
    public async Task Strategy_RandomInItsDelegate_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            """
            var config = new StepConfig
            {
                RetryStrategy = RetryStrategy.FromDelegate((error, attempt) =>
                    RetryDecision.RetryAfter(TimeSpan.FromSeconds(Random.Shared.Next(1, 5)))),
            };
            await context.StepAsync((_, _) => Task.FromResult(1), config: config);
            """));

    [Fact]
    public async Task Random_KeptInAField_IsFoundWhereItIsUsed() =>
        Assert.Equal(["LFD002: _dice.Next()"], await Sources.FindAsync(
            "GC.KeepAlive(_dice.Next());", "private readonly Random _dice = new(42);"));

    [Fact]
    public async Task Clock_OfAClockField_IsFound() =>
        Assert.Equal(["LFD001: _watch.Elapsed"], await Sources.FindAsync(
            "GC.KeepAlive(_watch.Elapsed);", "private readonly Stopwatch _watch = new();"));
}

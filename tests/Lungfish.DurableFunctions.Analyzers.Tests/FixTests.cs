namespace Lungfish.DurableFunctions.Analyzers.Tests;

/// <summary>Every fix compiles and mends its finding (Fixes sees to both); here is what it writes.</summary>
public sealed class FixTests
{
    [Theory]
    [InlineData(
        "LFD001", "var now = DateTime.UtcNow;",
        "var now = await context.StepAsync((_, _) => Task.FromResult(DateTime.UtcNow));")]
    [InlineData(
        "LFD001", "var due = DateTime.UtcNow.AddDays(1);",
        "var due = (await context.StepAsync((_, _) => Task.FromResult(DateTime.UtcNow))).AddDays(1);")]
    [InlineData(
        "LFD002", "var dice = Random.Shared.Next(6);",
        "var dice = await context.StepAsync((_, _) => Task.FromResult(Random.Shared.Next(6)));")]
    [InlineData(
        "LFD003", "var id = Guid.NewGuid();",
        "var id = await context.StepAsync((_, _) => Task.FromResult(Guid.NewGuid()));")]
    [InlineData(
        "LFD004", "var text = await http.GetStringAsync(\"x\");",
        "var text = await context.StepAsync((_, _) => http.GetStringAsync(\"x\"));")]
    [InlineData(
        "LFD004", "var text = await http.GetStringAsync(await Task.FromResult(\"x\"));",
        "var text = await context.StepAsync(async (_, _) => await http.GetStringAsync(await Task.FromResult(\"x\")));")]
    [InlineData(
        "LFD004", "File.WriteAllText(\"x\", \"y\");",
        "await context.StepAsync((_, _) => { File.WriteAllText(\"x\", \"y\"); return Task.CompletedTask; });")]
    [InlineData(
        "LFD005", "var machine = Environment.MachineName;",
        "var machine = await context.StepAsync((_, _) => Task.FromResult(Environment.MachineName));")]
    [InlineData("LFD006", "await Task.Delay(60_000);", "await context.WaitAsync(TimeSpan.FromSeconds(60));")]
    [InlineData("LFD006", "await Task.Delay(1500);", "await context.WaitAsync(TimeSpan.FromMilliseconds(1500));")]
    [InlineData(
        "LFD006", "await Task.Delay(TimeSpan.FromHours(1), default(CancellationToken));",
        "await context.WaitAsync(TimeSpan.FromHours(1), cancellationToken: default(CancellationToken));")]
    [InlineData("LFD006", "Thread.Sleep(2000);", "await context.WaitAsync(TimeSpan.FromSeconds(2));")]
    [InlineData("LFD009", "context.WaitAsync(TimeSpan.FromDays(3));", "await context.WaitAsync(TimeSpan.FromDays(3));")]
    [InlineData(
        "LFD009", "_ = context.WaitAsync(TimeSpan.FromDays(3));",
        "await context.WaitAsync(TimeSpan.FromDays(3));")]
    [InlineData(
        "LFD009", "context.WaitAsync(TimeSpan.FromDays(3)).GetAwaiter().GetResult();",
        "await context.WaitAsync(TimeSpan.FromDays(3));")]
    [InlineData(
        "LFD009", "var text = context.StepAsync((_, _) => Task.FromResult(1)).Result.ToString();",
        "var text = (await context.StepAsync((_, _) => Task.FromResult(1))).ToString();")]
    [InlineData(
        "LFD009", "var task = context.StepAsync((_, _) => Task.FromResult(1)); GC.KeepAlive(task.Result);",
        "GC.KeepAlive(await task);")]
    [InlineData(
        "LFD009", "var task = context.WaitAsync(default); task.ConfigureAwait(true).GetAwaiter().GetResult();",
        "; await task;")]
    [InlineData("LFD011", "await Task.CompletedTask.ConfigureAwait(false);", "await Task.CompletedTask;")]
    [InlineData(
        "LFD013",
        "await context.RunInChildContextAsync(async (child, _) => await context.WaitAsync(TimeSpan.FromDays(3)));",
        "await context.RunInChildContextAsync(async (child, _) => await child.WaitAsync(TimeSpan.FromDays(3)));")]
    public async Task Fix_OfAFinding_WritesThis(string rule, string before, string after) =>
        Assert.Contains(after, await Fixes.ApplyAsync(rule, before), StringComparison.Ordinal);

    [Fact]
    public async Task Fix_InAChildContext_UsesItsOwnContext() =>
        Assert.Contains(
            "await child.StepAsync((_, _) => Task.FromResult(Guid.NewGuid()))",
            await Fixes.ApplyAsync(
                "LFD003", "await context.RunInChildContextAsync(async (child, _) => Guid.NewGuid());"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("LFD001", "var watch = Stopwatch.StartNew();")] // A watch cannot be stored.
    [InlineData("LFD002", "var bytes = new byte[4]; RandomNumberGenerator.Fill(bytes);")] // Lost on replay.
    [InlineData("LFD003", "GC.KeepAlive(new[] { 1 }.Select(_ => Guid.NewGuid()).ToList());")] // No await there.
    [InlineData("LFD004", "GC.KeepAlive(File.ReadAllText(input.Id is { } path ? path : \"x\"));")] // path would move.
    [InlineData("LFD006", "await Task.Delay(10);")] // A wait is a second at least.
    [InlineData("LFD009", "new List<int>().ForEach(n => context.WaitAsync(TimeSpan.FromDays(n)));")]
    [InlineData("LFD009", "new List<int>().ForEach(async n => await context.WaitAsync(TimeSpan.FromDays(n)));")]
    [InlineData("LFD009", "IDurableContext? other = context; other?.WaitAsync(TimeSpan.FromDays(1));")]
    [InlineData("LFD009", "var task = context.WaitAsync(default); GC.KeepAlive(task.Wait(1000));")] // The limit.
    [InlineData("LFD013", "await context.RunInChildContextAsync(async (_, _) => await context.WaitAsync(default));")]
    public async Task Fix_WhereNoneIsCertain_IsNotOffered(string rule, string body)
    {
        var (_, actions) = await Fixes.OffersAsync(rule, body);

        Assert.Empty(actions);
    }
}

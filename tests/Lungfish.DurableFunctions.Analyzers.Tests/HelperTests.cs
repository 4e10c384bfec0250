namespace Lungfish.DurableFunctions.Analyzers.Tests;

/// <summary>Workflow code that calls helpers: what they do is found where the workflow calls them.</summary>
public sealed class HelperTests
{
    [Fact]
    public async Task Helper_ThatMakesAnId_IsFoundAtTheCall() =>
        Assert.Equal(["LFD003: NewOrderId()"], await Sources.FindAsync(
            "GC.KeepAlive(NewOrderId());", "private static string NewOrderId() => $\"o-{Guid.NewGuid()}\";"));

    [Fact]
    public async Task Helper_CalledInAStep_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            "await context.StepAsync((_, _) => Task.FromResult(NewOrderId()));",
            "private static string NewOrderId() => $\"o-{Guid.NewGuid()}\";"));

    [Fact]
    public async Task Helper_OfAHelper_IsFoundAtTheFirstCall() =>
        Assert.Equal(["LFD004: LoadAsync(\"x\")"], await Sources.FindAsync(
            "GC.KeepAlive(await LoadAsync(\"x\"));",
            """
            private Task<string> LoadAsync(string url) => FetchAsync(url);
            private async Task<string> FetchAsync(string url) => await http.GetStringAsync(url);
            """));

    [Fact]
    public async Task Helper_InACircle_EndsAndIsFound() =>
        Assert.Equal(["LFD001: Even(3)"], await Sources.FindAsync(
            "GC.KeepAlive(Even(3));",
            """
            private static bool Even(int n) => n == 0 || Odd(n - 1);
            private static bool Odd(int n) => n == 0 ? DateTime.UtcNow.Year == 0 : Even(n - 1);
            """));

    [Fact]
    public async Task Helper_ThatBreaksTwoRules_IsFoundTwice() =>
        Assert.Equal(["LFD001: Stamp()", "LFD003: Stamp()"], (await Sources.FindAsync(
            "GC.KeepAlive(Stamp());", "private static string Stamp() => DateTime.UtcNow + Guid.NewGuid().ToString();"))
            .Order(StringComparer.Ordinal));

    [Fact]
    public async Task Property_ThatReadsTheClock_IsFound() =>
        Assert.Equal(["LFD001: Deadline"], await Sources.FindAsync(
            "GC.KeepAlive(Deadline);", "private static DateTime Deadline => DateTime.UtcNow.AddDays(1);"));

    [Fact]
    public async Task Constructor_WithAnIdInAnInitializer_IsFound() =>
        Assert.Equal(["LFD003: new Ticket()"], await Sources.FindAsync(
            "GC.KeepAlive(new Ticket());",
            "private sealed class Ticket { public Guid Id { get; init; } = Guid.NewGuid(); }"));

    [Fact]
    public async Task LocalFunction_ThatReadsTheClock_IsFoundAtTheCall() =>
        Assert.Equal(["LFD001: Now()"], await Sources.FindAsync(
            "GC.KeepAlive(Now()); DateTime Now() => DateTime.UtcNow;"));

    [Fact]
    public async Task LocalFunction_UsedInAStepOnly_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            "await context.StepAsync((_, _) => Task.FromResult(Now())); DateTime Now() => DateTime.UtcNow;"));

    [Fact]
    public async Task LocalFunction_ThatIsAStepBody_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            """
            await context.StepAsync(Fetch);
            Task<string> Fetch(IStepContext step, CancellationToken token) => http.GetStringAsync("x", token);
            """));

    [Fact]
    public async Task Method_ThatIsAStepBody_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            "await context.StepAsync(FetchAsync);",
            """
            private async Task<string> FetchAsync(IStepContext step, CancellationToken token) =>
                await http.GetStringAsync("x", token);
            """));

    [Fact]
    public async Task Method_WithAContext_IsWorkflowCodeItself() =>
        Assert.Equal(["LFD001: DateTime.UtcNow"], await Sources.FindAsync(
            "await PartAsync(context);",
            """
            private static async Task PartAsync(IDurableContext context)
            {
                var now = DateTime.UtcNow;
                await context.WaitAsync(now.TimeOfDay);
            }
            """));

    [Fact]
    public async Task Method_WithAContextInAField_IsWorkflowCode() =>
        Assert.Equal(["LFD003: Guid.NewGuid()"], await Sources.FindAsync(
            "",
            """
            private sealed class Saga(IDurableContext context)
            {
                public async Task<Guid> RunAsync()
                {
                    await context.WaitAsync(TimeSpan.FromDays(1));
                    return Guid.NewGuid();
                }
            }
            """));

    [Fact]
    public async Task Virtual_Call_IsNotFollowed() =>
        Assert.Empty(await Sources.FindAsync(
            "GC.KeepAlive(new Base().Now());",
            "private class Base { public virtual DateTime Now() => DateTime.UtcNow; }"));

    [Fact]
    public async Task Handler_GivenToTheSdk_IsWorkflowCode() =>
        Assert.Equal(["LFD003: Guid.NewGuid()"], await Sources.FindInAsync(
            """
            using System;
            using System.Threading.Tasks;
            using Lungfish.DurableFunctions;

            public static class Program
            {
                public static Task Main() => DurableFunction.RunAsync<string, Guid>(async (input, context) =>
                {
                    await context.WaitAsync(TimeSpan.FromDays(1));
                    return Guid.NewGuid();
                });
            }
            """));

    [Fact]
    public async Task Code_ThatDoesNotUseTheSdk_IsQuiet() =>
        Assert.Empty(await Sources.FindInAsync(
            "public static class Plain { public static System.DateTime Now => System.DateTime.UtcNow; }"));
}

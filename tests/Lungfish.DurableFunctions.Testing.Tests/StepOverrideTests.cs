namespace Lungfish.DurableFunctions.Testing.Tests;

public sealed class StepOverrideTests
{
    [Fact]
    public async Task OverrideStep_AtTheTopAndInContexts_RunsTheOtherBody()
    {
        await using var runner = DurableTestRunner.For<int, int>(async (_, context) =>
        {
            var top = await context.StepAsync((_, _) => Real(), "charge");
            var inner = await context.RunInChildContextAsync(
                (child, token) => child.StepAsync((_, _) => Real(), "charge", cancellationToken: token), "child");
            var branch = new DurableBranch<int>(
                "branch", (child, token) => child.StepAsync((_, _) => Real(), "charge", cancellationToken: token));
            var batch = await context.ParallelAsync<int>([branch]);
            return top + inner + batch.GetResults()[0];
        });
        runner.OverrideStepResult("charge", 7);

        var result = (await runner.RunAsync(0)).EnsureSucceeded();

        Assert.Equal(21, result.Result);
        Assert.Equal(3, result.GetOperations("charge").Count);
    }

    [Fact]
    public async Task OverrideStep_BodyOnlyThrows_FailsAsTheStepWould()
    {
        await using var runner = DurableTestRunner.For<int, int>((_, context) => context.StepAsync(
            (_, _) => Real(), "charge", new StepConfig { RetryStrategy = RetryStrategy.None }));
        runner.OverrideStep("charge", (_, _) => throw new TimeoutException("the bank sleeps"));

        var result = await runner.RunAsync(0);

        Assert.Equal("System.TimeoutException", result.Error?.ErrorType);
    }

    [Fact]
    public async Task OverrideStep_FirstAttemptFails_IsRetriedByTheStepsStrategy()
    {
        await using var runner = DurableTestRunner.For<int, int>((_, context) => context.StepAsync(
            (_, _) => Real(), "charge", new StepConfig { RetryStrategy = RetryStrategy.Transient }));
        runner.OverrideStep("charge", (step, _) => step.AttemptNumber == 1
            ? throw new TimeoutException("the bank sleeps")
            : Task.FromResult(step.AttemptNumber));

        var result = (await runner.RunAsync(0)).EnsureSucceeded();

        Assert.Equal(2, result.Result);
        Assert.Equal(2, result.GetStep("charge").Attempts);
    }

    [Fact]
    public async Task OverrideStep_OfAnotherType_SaysSo()
    {
        await using var runner = DurableTestRunner.For<int, int>((_, context) =>
            context.StepAsync((_, _) => Real(), "charge"));
        runner.OverrideStepResult("charge", "seven");

        var result = await runner.RunAsync(0);

        Assert.Contains("step 'charge'", result.Error?.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("System.Int32", result.Error?.ErrorMessage, StringComparison.Ordinal);
    }

    private static Task<int> Real() => throw new InvalidOperationException("The real body must not run.");
}

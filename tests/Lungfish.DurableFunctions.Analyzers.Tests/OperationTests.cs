namespace Lungfish.DurableFunctions.Analyzers.Tests;

/// <summary>LFD007 to LFD009 and LFD011 to LFD014: how operations are called.</summary>
public sealed class OperationTests
{
    [Theory]
    [InlineData("await context.WaitAsync(TimeSpan.FromDays(1));")]
    [InlineData("await context.StepAsync((_, _) => Task.CompletedTask);")]
    [InlineData("await PartAsync(context);")]
    [InlineData("await new Saga(context).RunAsync();")]
    [InlineData("await Nested(); async Task Nested() { await context.WaitAsync(TimeSpan.FromDays(1)); }")]
    public async Task Operation_InAStep_IsFound(string operation)
    {
        var found = await Sources.FindAsync(
            $"await context.StepAsync(async (_, _) => {{ {operation} }});", PartAndSaga);

        var call = operation["await ".Length..operation.IndexOf(';', StringComparison.Ordinal)];
        Assert.Equal([$"LFD007: {call}"], found);
    }

    [Fact]
    public async Task Operation_InASubmitter_IsFound() =>
        Assert.Equal(["LFD007: context.WaitAsync(TimeSpan.FromDays(1))"], await Sources.FindAsync(
            """
            await context.WaitForCallbackAsync<string>((_, _, _) => context.WaitAsync(TimeSpan.FromDays(1)));
            """));

    [Fact]
    public async Task Operation_InAChildContext_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            "await context.RunInChildContextAsync(async (child, _) => await child.WaitAsync(TimeSpan.FromDays(1)));"));

    [Fact]
    public async Task Logger_InAStep_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            """
            await context.StepAsync((_, _) => { GC.KeepAlive(context.Logger); return Task.CompletedTask; });
            """));

    [Theory]
    [InlineData("total = 1", "total")]
    [InlineData("total += 1", "total")]
    [InlineData("total++", "total")]
    [InlineData("name ??= \"x\"", "name")]
    [InlineData("(total, name) = (1, \"x\")", "total", "name")]
    [InlineData("Interlocked.Increment(ref total)", "total")]
    [InlineData("int.TryParse(\"1\", out total)", "total")]
    [InlineData("list.Add(1)", "list")]
    [InlineData("list.RemoveAll(n => n > 1)", "list")]
    [InlineData("counts.AddOrUpdate(\"a\", 1, (_, n) => n + 1)", "counts")]
    [InlineData("counts.GetOrAdd(\"a\", 1)", "counts")]
    [InlineData("array[0] = 1", "array[0]")]
    [InlineData("input.Total = 1", "input.Total")]
    [InlineData("input = new Order()", "input")]
    public async Task Variable_ChangedInAStep_IsFound(string change, params string[] targets) =>
        Assert.Equal(
            targets.Select(target => $"LFD008: {target}"),
            await Sources.FindAsync(
                $$"""
                var total = 0; string? name = null; var list = new List<int>(); var array = new int[1];
                var counts = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
                await context.StepAsync((_, _) => { {{change}}; return Task.CompletedTask; });
                GC.KeepAlive((total, name, list, array, counts));
                """));

    [Fact]
    public async Task Variable_ChangedInAChildContext_IsFound() =>
        Assert.Equal(["LFD008: total"], await Sources.FindAsync(
            """
            var total = 0;
            await context.RunInChildContextAsync(async (child, _) => { await Task.CompletedTask; total = 1; });
            GC.KeepAlive(total);
            """));

    [Fact]
    public async Task Variable_ChangedInALambdaOfAStep_IsFound() =>
        Assert.Equal(["LFD008: total"], await Sources.FindAsync(
            """
            var total = 0;
            await context.StepAsync(async (_, _) => input.Id.ToList().ForEach(letter => total += letter));
            GC.KeepAlive(total);
            """));

    [Fact]
    public async Task Variable_ChangedByALocalFunctionThatAStepCalls_IsFound() =>
        Assert.Equal(["LFD008: total"], await Sources.FindAsync(
            """
            var total = 0;
            await context.StepAsync(async (_, _) => CountTwice());
            void CountTwice() { Count(); Count(); }
            void Count() => total++;
            GC.KeepAlive(total);
            """));

    [Fact]
    public async Task Variable_ChangedByALocalFunctionThatTheWorkflowCalls_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            """
            var total = 0;
            Count(3);
            await context.StepAsync(async (_, _) => GC.KeepAlive(total));
            void Count(int left) { total++; if (left > 0) { Count(left - 1); } }
            """));

    [Fact]
    public async Task Variable_OfTheStepItself_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            """
            await context.StepAsync((_, _) =>
            {
                var total = 0;
                var list = new List<int>();
                new List<int> { 1 }.ForEach(n => { total += n; list.Add(n); });
                return Task.FromResult(total + list.Count + input.Total);
            });
            """));

    [Fact]
    public async Task Variable_ChangedByTheWorkflow_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            """
            var total = 0;
            total += await context.StepAsync((_, _) => Task.FromResult(1));
            GC.KeepAlive(total);
            """));

    [Theory]
    [InlineData("context.WaitAsync(TimeSpan.FromDays(1));")]
    [InlineData("_ = context.WaitAsync(TimeSpan.FromDays(1));")]
    [InlineData("var wait = context.WaitAsync(TimeSpan.FromDays(1));")]
    [InlineData("context.WaitAsync(TimeSpan.FromDays(1)).Wait();")]
    [InlineData("context.WaitAsync(TimeSpan.FromDays(1)).GetAwaiter().GetResult();")]
    [InlineData("GC.KeepAlive(context.StepAsync((_, _) => Task.FromResult(1)).Result);")]
    [InlineData("PartAsync(context);")]
    [InlineData("new List<int>().ForEach(n => context.WaitAsync(TimeSpan.FromDays(n)));")]
    [InlineData("(await context.CreateCallbackAsync<int>()).GetResultAsync();")]
    [InlineData("new List<int>().ForEach(async n => await context.WaitAsync(TimeSpan.FromDays(n)));")]
    [InlineData("var wait = context.WaitAsync(TimeSpan.FromDays(1)); if (wait.IsCompleted) { return null; }")]
    [InlineData("IDurableContext? other = context; other?.WaitAsync(TimeSpan.FromDays(1));")]
    [InlineData("Later(); async void Later() => await PartAsync(context);")]
    public async Task Operation_NotAwaited_IsFound(string statement)
    {
        var found = await Sources.FindAsync(statement, PartAndSaga);

        Assert.StartsWith("LFD009: ", Assert.Single(found), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("task.Wait();")]
    [InlineData("GC.KeepAlive(task.Wait(1000));")]
    [InlineData("GC.KeepAlive(task.Result);")]
    [InlineData("GC.KeepAlive(task.GetAwaiter().GetResult());")]
    [InlineData("if (!task.IsCompleted) { task.Wait(); }")]
    [InlineData("GC.KeepAlive(task.Result); await task;")]
    public async Task KeptTask_BlockedOn_IsFound(string statement)
    {
        const string kept = "var task = context.StepAsync((_, _) => Task.FromResult(1)); ";
        const string assigned = "Task<int> task; task = context.StepAsync((_, _) => Task.FromResult(1)); ";

        Assert.Equal(["LFD009: task"], await Sources.FindAsync(kept + statement));
        Assert.Equal(["LFD009: task"], await Sources.FindAsync(assigned + statement));
    }

    [Theory]
    [InlineData("await task; GC.KeepAlive(task.Result);")]
    [InlineData("await task.ConfigureAwait(true); GC.KeepAlive(task.GetAwaiter().GetResult());")]
    [InlineData("await Task.WhenAll(task, PartAsync(context)); GC.KeepAlive(task.Result);")]
    [InlineData("var all = new List<Task> { task }; await Task.WhenAll(all); GC.KeepAlive(task.Result);")]
    public async Task KeptTask_ReadWhenItIsDone_IsQuiet(string statement) =>
        Assert.Empty(await Sources.FindAsync(
            "var task = context.StepAsync((_, _) => Task.FromResult(1)); " + statement, PartAndSaga));

    [Theory]
    [InlineData("await context.WaitAsync(TimeSpan.FromDays(1));")]
    [InlineData("var wait = context.WaitAsync(TimeSpan.FromDays(1)); await wait;")]
    [InlineData("await Task.WhenAll(context.WaitAsync(TimeSpan.FromDays(1)), PartAsync(context));")]
    [InlineData("Func<Task> later = () => context.WaitAsync(TimeSpan.FromDays(1)); await later();")]
    [InlineData("var tasks = new List<Task> { PartAsync(context) }; await Task.WhenAll(tasks);")]
    public async Task Operation_AwaitedSomewhere_IsQuiet(string statement) =>
        Assert.Empty(await Sources.FindAsync(statement, PartAndSaga));

    [Fact]
    public async Task ConfigureAwait_FalseInAWorkflow_IsFound() =>
        Assert.Equal(["LFD011: Task.CompletedTask.ConfigureAwait(false)"], await Sources.FindAsync(
            """
            await Task.CompletedTask.ConfigureAwait(false);
            await Task.CompletedTask.ConfigureAwait(true);
            await context.StepAsync(async (_, _) => await Task.CompletedTask.ConfigureAwait(false));
            """));

    [Theory]
    [InlineData("name: $\"pay-{input.Id}\"", "$\"pay-{input.Id}\"")]
    [InlineData("name: \"pay-\" + input.Id", "\"pay-\" + input.Id")]
    [InlineData("name: input.Id.ToUpperInvariant()", "input.Id.ToUpperInvariant()")]
    public async Task Name_MadeAtRunTime_IsFound(string argument, string name) =>
        Assert.Equal([$"LFD012: {name}"], await Sources.FindAsync(
            $"await context.StepAsync((_, _) => Task.CompletedTask, {argument});"));

    [Theory]
    [InlineData("name: \"pay\"")]
    [InlineData("name: $\"pay\"")]
    [InlineData("name: \"pay\" + \"-in\"")]
    [InlineData("name: nameof(Order)")]
    [InlineData("name: null")]
    [InlineData("name: input.Id")]
    public async Task Name_Known_IsQuiet(string argument) =>
        Assert.Empty(await Sources.FindAsync($"await context.StepAsync((_, _) => Task.CompletedTask, {argument});"));

    [Theory]
    [InlineData("await context.WaitAsync(TimeSpan.FromDays(1));")]
    [InlineData("await PartAsync(context);")]
    [InlineData("await other.WaitAsync(TimeSpan.FromDays(1));")]
    public async Task Context_OfOutsideInABody_IsFound(string statement)
    {
        var found = await Sources.FindAsync(
            $"var other = context; await context.RunInChildContextAsync(async (child, _) => {{ {statement} }});",
            PartAndSaga);

        var used = statement.Contains("other", StringComparison.Ordinal) ? "other" : "context";
        Assert.Equal([$"LFD013: {used}"], found);
    }

    [Fact]
    public async Task Context_OfTheBody_IsQuiet() =>
        Assert.Empty(await Sources.FindAsync(
            """
            await context.MapAsync<int, int>(
                [1], async (item, n, _, _, _) =>
                {
                    var same = item;
                    await PartAsync(same);
                    GC.KeepAlive(context.Logger);
                    return await item.StepAsync((_, _) => Task.FromResult(n));
                });
            """,
            PartAndSaga));

    [Theory]
    [InlineData("await context.StepAsync(async (_, _) => await http.GetAsync(\"x\"));")]
    [InlineData("await context.StepAsync<Stream>(async (_, _) => await http.GetStreamAsync(\"x\"));")]
    [InlineData("await context.StepAsync(async (_, _) => { await Task.CompletedTask; return Task.FromResult(1); });")]
    [InlineData("await context.MapAsync<int, Func<int>>([1], (_, n, _, _, _) => Task.FromResult<Func<int>>(() => n));")]
    public async Task Result_ThatCannotBeStored_IsFound(string statement) =>
        Assert.Equal(
            [$"LFD014: {statement["await ".Length..^1]}"],
            await Sources.FindAsync(statement));

    [Theory]
    [InlineData("await context.StepAsync(async (_, _) => await http.GetStringAsync(\"x\"));")]
    [InlineData("await context.StepAsync((_, _) => Task.FromResult(new List<Order>()));")]
    [InlineData("await context.MapAsync<Func<int>, int>([() => 1], (_, f, _, _, _) => Task.FromResult(f()));")]
    [InlineData("await context.CreateCallbackAsync<Order>();")]
    public async Task Result_ThatCanBeStored_IsQuiet(string statement) =>
        Assert.Empty(await Sources.FindAsync(statement));

    private const string PartAndSaga =
        """
        private static Task PartAsync(IDurableContext part) => part.WaitAsync(TimeSpan.FromDays(1));

        private sealed class Saga(IDurableContext saga)
        {
            public Task RunAsync() => saga.WaitAsync(TimeSpan.FromDays(1));
        }
        """;
}

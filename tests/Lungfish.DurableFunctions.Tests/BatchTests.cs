namespace Lungfish.DurableFunctions.Tests;

public sealed class BatchTests
{
    private readonly FakeService _service = new();

    [Fact]
    public async Task ParallelAsync_OneAtATime_RunsInOrderEachInItsContext()
    {
        var output = await _service.InvokeAsync(async context =>
        {
            var result = await context.ParallelAsync(
                [Branch("a"), Branch("b")], "both", new ParallelConfig { MaxConcurrency = 1 });
            return result.GetResults();
        });

        Assert.Equal("[\"a\",\"b\"]", output.Result);
        Assert.Equal(
            [
                "CONTEXT START 1", "CONTEXT START 1-1", "STEP START 1-1-1", "STEP SUCCEED 1-1-1", "CONTEXT SUCCEED 1-1",
                "CONTEXT START 1-2", "STEP START 1-2-1", "STEP SUCCEED 1-2-1", "CONTEXT SUCCEED 1-2",
                "CONTEXT SUCCEED 1",
            ],
            _service.Updates);
        Assert.Equal(("Parallel", "ParallelBranch"), (_service["1"].SubType, _service["1-1"].SubType));
        Assert.Equal(("0", "1"), (_service["1-1"].Name, _service["1-2"].Name));
    }

    [Fact]
    public async Task ParallelAsync_BranchesWrittenInPlace_AreUnnamedNamedOrNone()
    {
        await _service.InvokeAsync(async context =>
        {
            await context.ParallelAsync<int>([(_, _) => Task.FromResult(1)]);
            await context.ParallelAsync<int>([new("bank-a", (_, _) => Task.FromResult(1))]);
            var none = await context.ParallelAsync<int>([]);
            return none.TotalCount;
        });

        Assert.Equal(("0", "bank-a"), (_service["1-1"].Name, _service["2-1"].Name));
    }

    [Fact]
    public async Task ParallelAsync_Flat_StepsStandUnderTheParallel()
    {
        var output = await _service.InvokeAsync(async context =>
        {
            var result = await context.ParallelAsync(
                [Branch("fa"), Branch("fb")],
                config: new ParallelConfig { MaxConcurrency = 1, NestingType = NestingType.Flat });
            return result.GetResults();
        });

        Assert.Equal("[\"fa\",\"fb\"]", output.Result);
        Assert.Equal(
            [
                "CONTEXT START 1", "STEP START 1-1-1", "STEP SUCCEED 1-1-1", "STEP START 1-2-1", "STEP SUCCEED 1-2-1",
                "CONTEXT SUCCEED 1",
            ],
            _service.Updates);
        Assert.Equal("1", _service["1-2-1"].ParentId);
    }

    [Fact]
    public async Task ParallelAsync_FirstFailure_LeavesTheRestUnstartedAndDoesNotThrow()
    {
        var started = 0;
        var output = await _service.InvokeAsync(async context =>
        {
            var result = await context.ParallelAsync(
                [
                    (_, _) => Task.FromResult(++started),
                    (_, _) => throw new FormatException("two"),
                    (_, _) => Task.FromResult(++started),
                ],
                config: new ParallelConfig { MaxConcurrency = 1 });
            return $"{result.CompletionReason} {result.SuccessCount} {result.FailureCount} {result.TotalCount}";
        });

        Assert.Equal("\"FailureToleranceExceeded 1 1 2\"", output.Result);
        Assert.Equal(1, started);
        Assert.Equal(OperationStatuses.Succeeded, _service["1"].Status);
        Assert.Equal(OperationStatuses.Failed, _service["1-2"].Status);
    }

    [Fact]
    public async Task ThrowIfError_AFailedBranch_ThrowsItsError()
    {
        var output = await _service.InvokeAsync<int>(async context =>
        {
            var result = await context.ParallelAsync<int>([(_, _) => throw new FormatException("two")]);
            result.ThrowIfError();
            return 1;
        });

        Assert.Equal(("System.FormatException", "two"), (output.Error?.ErrorType, output.Error?.ErrorMessage));
    }

    // Counts and ratios as the official requirements 8-8 to 8-18 and 9-7 to 9-10 ask.
    [Theory]
    [InlineData("SSS", 2, null, null, "MinSuccessfulReached 2 0 2")]
    [InlineData("FFS", 2, null, null, "AllCompleted 1 2 3")]
    [InlineData("FS", 1, null, null, "AllCompleted 1 1 2")]
    [InlineData("FSS", null, 1, null, "AllCompleted 2 1 3")]
    [InlineData("FFS", null, 1, null, "FailureToleranceExceeded 0 2 2")]
    [InlineData("FFSS", null, null, 0.25, "FailureToleranceExceeded 0 2 2")]
    [InlineData("FSSS", null, null, 0.25, "AllCompleted 3 1 4")]
    [InlineData("FFF", null, 3, null, "AllCompleted 0 3 3")]
    [InlineData("SFSF", 2, 1, null, "MinSuccessfulReached 2 1 3")]
    [InlineData("FFSS", 2, 1, null, "FailureToleranceExceeded 0 2 2")]
    [InlineData("SFS", null, null, null, "FailureToleranceExceeded 1 1 2")]
    public async Task CompletionConfig_Limits_DecideWhenItIsDone(
        string fates, int? minSuccessful, int? count, double? percentage, string expected)
    {
        var output = await _service.InvokeAsync(async context =>
        {
            var result = await context.MapAsync(
                fates.ToCharArray(),
                (_, fate, _, _, _) => fate == 'S' ? Task.FromResult(fate) : throw new FormatException("F"),
                config: new MapConfig<char>
                {
                    MaxConcurrency = 1,
                    CompletionConfig = new CompletionConfig
                    {
                        MinSuccessful = minSuccessful,
                        ToleratedFailureCount = count,
                        ToleratedFailurePercentage = percentage,
                    },
                });
            return $"{result.CompletionReason} {result.SuccessCount} {result.FailureCount} {result.TotalCount}";
        });


        Assert.Equal($"\"{expected}\"", output.Result);
    }

    [Fact]
    public async Task ParallelAsync_OneBranchWaits_TheOthersAreDoneAndItGoesOn()
    {
        var runs = 0;
        var output = await _service.RunToEndAsync(async context =>
        {
            var result = await context.ParallelAsync<int>(
            [
                (branch, _) => branch.StepAsync((_, _) => Task.FromResult(++runs)),
                async (branch, _) =>
                {
                    await branch.WaitAsync(TimeSpan.FromSeconds(2));
                    return 10;
                },
            ]);
            return result.GetResults().Sum();
        });

        Assert.Equal("11", output.Result);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task ParallelAsync_DoneBeforeABranch_IsOverAndTheBranchStoresNothingMore()
    {
        var left = new TaskCompletionSource<int>();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource();
        var output = await _service.InvokeAsync(async context =>
        {
            var result = await context.ParallelAsync<int>(
                [
                    async (branch, token) =>
                    {
                        using var registration = token.Register(() => cancelled.TrySetResult());
                        return await branch.StepAsync((_, _) =>
                        {
                            begun.SetResult();
                            return left.Task;
                        });
                    },
                    async (branch, _) =>
                    {
                        await begun.Task; // A branch that has not begun when the batch is done does not begin.
                        return await branch.StepAsync((_, _) => Task.FromResult(2));
                    },
                ],
                config: new ParallelConfig { CompletionConfig = CompletionConfig.FirstSuccessful() });
            await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
            left.SetResult(1);
            await context.StepAsync((_, _) => Task.FromResult(3));
            return string.Join(' ', result.All.Select(item => item.Status));
        });

        Assert.Equal("\"Started Succeeded\"", output.Result);
        Assert.DoesNotContain("STEP SUCCEED 1-1-1", _service.Updates);
    }

    [Fact]
    public async Task ParallelAsync_CancellationCallbackThrows_IsDoneNevertheless()
    {
        var output = await _service.InvokeAsync(async context =>
        {
            var result = await context.ParallelAsync<int>(
                [
                    async (_, token) =>
                    {
                        token.Register(() => throw new FormatException("careless"));
                        await Task.Delay(Timeout.Infinite, token);
                        return 1;
                    },
                    (branch, _) => branch.StepAsync((_, _) => Task.FromResult(2)),
                ],
                config: new ParallelConfig { CompletionConfig = CompletionConfig.FirstSuccessful() });
            return result.SuccessCount;
        });

        Assert.Equal("1", output.Result);
    }

    [Fact]
    public async Task MapAsync_ItemNamer_NamesTheIterations()
    {
        await _service.InvokeAsync(async context =>
        {
            var result = await context.MapAsync(
                [1, 2],
                (_, item, index, all, _) => Task.FromResult((item * 10) + index + all.Count),
                "items",
                new MapConfig<int> { MaxConcurrency = 1, ItemNamer = (item, _) => $"item-{item}" });
            Assert.Equal([12, 23], result.GetResults());
            Assert.Equal(["item-1", "item-2"], result.All.Select(item => item.Name));
            return 1;
        });

        Assert.Equal(("Map", "MapIteration"), (_service["1"].SubType, _service["1-1"].SubType));
        Assert.Equal("item-1", _service["1-1"].Name);
    }

    [Fact]
    public async Task MapAsync_AThousandItems_GoInFewCallsOneAtATime()
    {
        var output = await _service.InvokeAsync(async context =>
        {
            var result = await context.MapAsync(
                Enumerable.Range(0, 1000).ToArray(),
                (child, item, _, _, _) => child.StepAsync((_, _) => Task.FromResult(item)));
            return result.GetResults().Sum();
        });

        Assert.Equal("499500", output.Result);
        Assert.Equal(1, _service.MaxCallsAtOnce);
        Assert.All(_service.Calls, count => Assert.True(count <= 250));
        Assert.Equal(4002, _service.Updates.Count);
    }

    [Fact]
    public async Task MapAsync_AfterAWait_ReadsItsResultFromTheCheckpoint()
    {
        var runs = 0;
        async Task<string> Workflow(IDurableContext context)
        {
            var result = await context.MapAsync(
                ["x", "boom"],
                (_, item, _, _, _) =>
                {
                    Interlocked.Increment(ref runs);
                    return item == "boom" ? throw new FormatException("b") : Task.FromResult<string?>(null);
                },
                config: new MapConfig<string>
                {
                    CompletionConfig = CompletionConfig.AllCompleted(),
                    MaxConcurrency = 1,
                });
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            var error = Assert.IsType<ChildContextException>(Assert.Single(result.GetErrors()));
            return $"{result.CompletionReason} {result.GetResults().Count} {error.ErrorType} {error.Message}";
        }

        var output = await _service.RunToEndAsync(Workflow);

        Assert.Equal("\"AllCompleted 1 System.FormatException b\"", output.Result);
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task MapAsync_OwnSerializers_ForItemsAndForTheWhole()
    {
        var config = new MapConfig<string>
        {
            MaxConcurrency = 1,
            ItemSerializer = CheckpointSerializer.FromDelegates<string>(text => "<" + text, text => text[1..]),
            Serializer = CheckpointSerializer.FromDelegates<IBatchResult<string>>(
                result => "OPSERDE:" + string.Join(',', result.GetResults()),
                text => BatchResult.FromResults(text["OPSERDE:".Length..].Split(','))),
        };
        async Task<IReadOnlyList<string>> Workflow(IDurableContext context)
        {
            var result = await context.MapAsync(
                ["x", "y"], (_, item, _, _, _) => Task.FromResult(item.ToUpperInvariant()), config: config);
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return result.GetResults();
        }

        var output = await _service.RunToEndAsync(Workflow);

        Assert.Equal("[\"X\",\"Y\"]", output.Result);
        Assert.Equal("OPSERDE:X,Y", _service["1"].ContextDetails?.Result);
        Assert.Equal("<X", _service["1-1"].ContextDetails?.Result);
    }

    [Fact]
    public async Task MapAsync_ItemSerializerOfText_SurvivesReplay()
    {
        var config = new MapConfig<string>
        {
            ItemSerializer = CheckpointSerializer.FromDelegates<string>(text => "<\"" + text, text => text[2..]),
        };
        async Task<IReadOnlyList<string>> Workflow(IDurableContext context)
        {
            var result = await context.MapAsync(["x"], (_, item, _, _, _) => Task.FromResult(item), config: config);
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return result.GetResults();
        }

        var output = await _service.RunToEndAsync(Workflow);

        Assert.Equal("[\"x\"]", output.Result);
    }

    [Theory]
    [InlineData(NestingType.Nested)]
    [InlineData(NestingType.Flat)]
    public async Task MapAsync_WholeOver256KiloBytes_IsRebuiltWithTheSameDecision(NestingType nesting)
    {
        async Task<string> Workflow(IDurableContext context)
        {
            var result = await context.MapAsync(
                [1, 2, 3, 4, 5, 6],
                (child, item, _, _, _) => child.StepAsync(
                    (_, _) => item == 2 ? throw new FormatException("two") : Task.FromResult(new string('x', 70_000)),
                    config: new StepConfig { RetryStrategy = RetryStrategy.None }),
                config: new MapConfig<int>
                {
                    MaxConcurrency = 1,
                    NestingType = nesting,
                    CompletionConfig = new CompletionConfig { MinSuccessful = 4 },
                });
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return $"{result.CompletionReason} {result.SuccessCount} {result.FailureCount} {result.TotalCount} "
                + result.GetResults().Sum(text => text.Length);
        }

        var output = await _service.RunToEndAsync(Workflow);

        Assert.Equal("\"MinSuccessfulReached 4 1 5 280000\"", output.Result);
        Assert.True(_service["1"].ContextDetails?.ReplayChildren);
    }

    [Fact]
    public async Task ParallelAsync_NoBranches_StartsAndSucceeds()
    {
        var output = await _service.InvokeAsync(async context =>
            (await context.ParallelAsync(Array.Empty<DurableBranch<int>>())).CompletionReason.ToString());

        Assert.Equal("\"AllCompleted\"", output.Result);
        Assert.Equal(["CONTEXT START 1", "CONTEXT SUCCEED 1"], _service.Updates);
    }

    [Fact]
    public async Task ParallelConfig_ConcurrencyOfZero_FailsTheExecutionAndStartsNothing()
    {
        var output = await _service.InvokeAsync(async context =>
            (await context.ParallelAsync([Branch("a")], config: new ParallelConfig { MaxConcurrency = 0 })).TotalCount);

        Assert.Equal(InvocationStatus.Failed, output.Status);
        Assert.Empty(_service.Updates);
    }

    [Fact]
    public async Task ParallelAsync_Nested_AllLevelsComplete()
    {
        var output = await _service.InvokeAsync(async context =>
        {
            var outer = await context.ParallelAsync<int>(
            [
                async (branch, _) => (await branch.ParallelAsync([Branch("a"), Branch("b")])).SuccessCount,
                async (branch, _) => (await branch.ParallelAsync([Branch("c")])).SuccessCount,
            ]);
            return outer.GetResults();
        });

        Assert.Equal("[2,1]", output.Result);
    }

    private static Func<IDurableContext, CancellationToken, Task<string>> Branch(string result) =>
        (branch, _) => branch.StepAsync((_, _) => Task.FromResult(result));
}

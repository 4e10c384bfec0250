using Lungfish.Json;
using Lungfish.States.Testing;
using Lungfish.States.Tests.Deciding;

namespace Lungfish.States.Tests.Testing;

public sealed class MockedMapTests
{
    private static readonly JsonValue s_three = JsonValue.Parse("""{"items":[1,2,3]}""");

    [Fact]
    public void Run_MapWithItemSelector_ShowsItemsAndInputs()
    {
        const string Members = """
            "ItemsPath": "$.items", "MaxConcurrency": 2, "ResultPath": "$.out",
            "ItemSelector": { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "all.$": "$.items[0]" },
            """;

        var result = Trial.Run(Trial.With(Map(Members), "[7,8,9]") with { Input = s_three });

        Assert.Equal("""{"items":[1,2,3],"out":[7,8,9]}""", result.Output?.ToText());
        Assert.Equal("[1,2,3]", result.Inspection.AfterItemsPath?.ToText());
        Assert.Equal(
            """[{"i":0,"v":1,"all":1},{"i":1,"v":2,"all":1},{"i":2,"v":3,"all":1}]""",
            result.Inspection.AfterItemSelector?.ToText());
        Assert.Equal(2, result.Inspection.MaxConcurrency);
        Assert.Null(result.Inspection.Result);
    }

    [Fact]
    public void Run_ItemsPathLeadsToNoArray_FailsBeforeTheMockIsUsed()
    {
        var result = Trial.Run(Trial.With(Map("\"ItemsPath\": \"$.no\","), "[]") with
        {
            Input = JsonValue.Parse("""{"no":1}"""),
        });

        Assert.Equal("Reference path \"$.no\" must point to array.", result.Cause);
        Assert.Null(result.Inspection.MaxConcurrency);
    }

    [Fact]
    public void Run_MoreFailuresThanIterations_IsRefused()
    {
        var request = Trial.With(Map("\"ItemsPath\": \"$.items\","), "[1,2,3]") with
        {
            Input = s_three,
            Configuration = new() { MapIterationFailureCount = 4 },
        };

        Assert.Equal(
            new TestRefusal(
                TestRefusalKind.Request,
                "Map iteration failure count must be less than or equal to the number of Map iterations"),
            Trial.Refuse(request));
    }

    // More than the count, or more than the percentage; without a threshold none is exceeded (recorded).
    [Theory]
    [InlineData("", 3, null)]
    [InlineData("\"ToleratedFailureCount\": 1,", 1, null)]
    [InlineData("\"ToleratedFailureCount\": 1,", 2, "States.ExceedToleratedFailureThreshold")]
    [InlineData("\"ToleratedFailurePercentage\": 34,", 1, null)]
    [InlineData("\"ToleratedFailurePercentage\": 33,", 1, "States.ExceedToleratedFailureThreshold")]
    public void Run_IterationsFailed_AreHeldAgainstTheThreshold(string threshold, int failed, string? error)
    {
        var result = Trial.Run(Trial.With(Map("\"ItemsPath\": \"$.items\"," + threshold), "[1,2,3]") with
        {
            Input = s_three,
            Configuration = new() { MapIterationFailureCount = failed },
        });

        Assert.Equal(error, result.Error);
    }

    [Fact]
    public void Run_ErrorOfABranch_MatchesStatesBranchFailed()
    {
        var result = Trial.Run(Trial.WithError(
            """
            {
              "Type": "Parallel", "End": true, "Catch": [{ "ErrorEquals": ["States.BranchFailed"], "Next": "N" }],
              "Branches": [{ "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }]
            }
            """,
            "E"));

        Assert.Equal((StateTestStatus.CaughtError, "N"), (result.Status, result.NextState));
    }

    [Fact]
    public void Run_DistributedMapWithBatcher_ShowsSelectedItemsAndBatches()
    {
        const string Members = """
            "ItemsPath": "$.items", "ItemSelector": { "v.$": "$$.Map.Item.Value" },
            "ItemBatcher": { "MaxItemsPerBatch": 2, "BatchInput": { "f.$": "$.items[0]" } },
            """;

        var result = Trial.Run(Trial.With(Distributed(Members), "[1,2]") with { Input = s_three });

        Assert.Equal("""[{"v":1},{"v":2},{"v":3}]""", result.Inspection.AfterItemSelector?.ToText());
        Assert.Equal(
            """
            [{"BatchInput":{"f":1},"Items":[{"v":1},{"v":2}]},{"BatchInput":{"f":1},"Items":[{"v":3}]}]
            """,
            result.Inspection.AfterItemBatcher?.ToText());
    }

    [Fact]
    public void Run_DistributedMapOverAnObject_IteratesItsMembers()
    {
        const string Selector = """
            "ItemSelector": { "k.$": "$$.Map.Item.Key", "v.$": "$$.Map.Item.Value", "s.$": "$$.Map.Item.Source" },
            """;

        var result = Trial.Run(Trial.With(Distributed(Selector), "[1]") with { Input = JsonObject.Of("a", 1) });

        Assert.Equal("""[{"k":"a","v":1,"s":"STATE_DATA"}]""", result.Inspection.AfterItemSelector?.ToText());
    }

    [Fact]
    public void Begin_MapWithItemReader_WantsItsItemsAndThenUsesThem()
    {
        const string Selector = """ "ItemSelector": { "v.$": "$$.Map.Item.Value" }, """;

        var test = Trial.Begin(Trial.With(Distributed(Reader + Selector), "[9]") with
        {
            Input = JsonObject.Of("key", "k"),
            Configuration = new() { MapItemReaderData = "[1,2,3]", MapIterationFailureCount = 2 },
        });

        Assert.Null(test.Result);
        Assert.Equal("""{"Bucket":"b","Key":"k"}""", test.ItemsWanted?.Parameters.ToText());

        test.TakeItems(JsonValue.Parse("[1,2,3]"), "S3://b/k", World.Noon);

        // MaxItems is 2.
        Assert.Equal("""[{"v":1},{"v":2}]""", test.Result?.Inspection.AfterItemSelector?.ToText());
        Assert.Null(test.Result?.Inspection.AfterItemsPath);
        Assert.Equal("[9]", test.Result?.Output?.ToText());
    }

    [Fact]
    public void TakeNoItems_DataCannotBeRead_FailsAsTheReaderDoes()
    {
        var test = Trial.Begin(Trial.With(Distributed(Reader), "[9]") with
        {
            Input = JsonObject.Of("key", "k"),
            Configuration = new() { MapItemReaderData = "nope" },
        });

        test.TakeNoItems("so it is", World.Noon);

        Assert.Equal(("States.ItemReaderFailed", "so it is"), (test.Result?.Error, test.Result?.Cause));
    }

    [Fact]
    public void Read_ItemReaderWithoutData_IsRefused() => Assert.Equal(
        "ItemReader data must be specified when testing a Map state with ItemReader specified.",
        Trial.Refuse(Trial.With(Distributed(Reader), "[9]")).Message);

    [Theory]
    [InlineData("[]", "Mocked result must be a JSON object.")]
    [InlineData("{}", null)]
    public void Read_ResultsAreWrittenElsewhere_TheMockIsWhatTheWriterAnswers(string result, string? why)
    {
        const string Writer = """
            "ResultWriter": { "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "b" } },
            """;
        var request = Trial.With(Distributed(Writer), result) with { Input = JsonArray.Empty };

        Assert.Equal(why, why is null ? Trial.Run(request).Error : Trial.Refuse(request).Message);
    }

    private const string Reader = """
        "ItemReader": {
          "Resource": "arn:aws:states:::s3:getObject", "Parameters": { "Bucket": "b", "Key.$": "$.key" },
          "ReaderConfig": { "InputType": "JSON", "MaxItems": 2 }
        },
        """;

    private static string Distributed(string members) => $$"""
        {
          "Type": "Map", "End": true, {{members}}
          "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }
        }
        """;

    private static string Map(string members) => $$"""
        {
          "Type": "Map", "End": true, {{members}}
          "ItemProcessor": {
            "ProcessorConfig": { "Mode": "INLINE" }, "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }
        }
        """;
}

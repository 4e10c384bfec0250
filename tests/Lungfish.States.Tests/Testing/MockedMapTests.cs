using Lungfish.Json;
using Lungfish.States.Testing;

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

    private static string Map(string members) => $$"""
        {
          "Type": "Map", "End": true, {{members}}
          "ItemProcessor": {
            "ProcessorConfig": { "Mode": "INLINE" }, "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }
        }
        """;
}

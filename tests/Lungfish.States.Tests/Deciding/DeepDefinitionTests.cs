using System.Text;
using Lungfish.Json;

namespace Lungfish.States.Tests.Deciding;

/// <summary>Definitions as deep as they may be: what goes down with them must not run out of stack.</summary>
public sealed class DeepDefinitionTests
{
    [Fact]
    public void Run_HundredParallelsInsideEachOther_EndsInOneThreadOfSmallStack()
    {
        var states = """ "S0": { "Type": "Fail", "Error": "Deep" } """;
        for (var i = 1; i <= 100; i++)
        {
            states =
                $$"""
                "S{{i}}": { "Type": "Parallel", "End": true, "Branches": [
                    { "StartAt": "S{{i - 1}}", "States": { {{states}} } },
                    { "StartAt": "W{{i}}", "States": { "W{{i}}": { "Type": "Wait", "Seconds": 60, "End": true } } }] }
                """;
        }

        var world = OnASmallStack(() => new World(
            $$"""{ "StartAt": "S100", "States": { {{states}} } }""").Start("{}").Run());

        Assert.Equal("Deep", world.Execution.Error);
    }

    [Fact]
    public void Run_DataAsDeepAsCanBe_ComesOutAsItStands()
    {
        var data = new StringBuilder().Append('[', 505).Append(']', 505).ToString();

        var world = OnASmallStack(() => new World(
            $$"""{ "StartAt": "S", "States": { "S": { "Type": "Pass", "Result": {{data}}, "End": true } } }""")
            .Start("{}").Run());

        Assert.Equal(JsonValue.Parse(data), world.Execution.Output);
    }

    /// <summary>Half of what threads of the pool have at least.</summary>
    private static T OnASmallStack<T>(Func<T> work)
    {
        var ended = new TaskCompletionSource<T>();
        var thread = new Thread(
            () =>
            {
                try
                {
                    ended.SetResult(work());
                }
                catch (Exception e)
                {
                    ended.SetException(e);
                }
            },
            maxStackSize: 768 * 1024);
        thread.Start();
        return ended.Task.GetAwaiter().GetResult();
    }
}

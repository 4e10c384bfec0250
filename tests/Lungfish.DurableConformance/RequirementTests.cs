using Lungfish.DurableConformance.Running;

namespace Lungfish.DurableConformance;

/// <summary>The official requirements on this server: handlers on our own SDK.</summary>
public sealed class CSharpRequirementTests(ConformanceServer server)
{
    public static IEnumerable<TheoryDataRow<string>> Rows => RequirementRows.Of(HandlerSet.CSharp);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Rows))]
    public async Task Requirement_OnOurSdk_Holds(string id) =>
        RequirementRows.Check(await server.FindFailureAsync(HandlerSet.CSharp, id));
}

/// <summary>The official requirements on this server: handlers on the official SDK for JavaScript.</summary>
public sealed class JavaScriptRequirementTests(ConformanceServer server)
{
    public static IEnumerable<TheoryDataRow<string>> Rows => RequirementRows.Of(HandlerSet.JavaScript);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Rows))]
    public async Task Requirement_OnTheOfficialSdk_Holds(string id) =>
        RequirementRows.Check(await server.FindFailureAsync(HandlerSet.JavaScript, id));
}

/// <summary>Some of them on the official SDK with a client of its own, which a function can choose.</summary>
public sealed class AwsSdkRequirementTests(ConformanceServer server)
{
    public static IEnumerable<TheoryDataRow<string>> Rows => RequirementRows.Of(HandlerSet.JavaScriptOnAwsSdk);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Rows))]
    public async Task Requirement_OnTheClientOfTheAwsSdk_Holds(string id) =>
        RequirementRows.Check(await server.FindFailureAsync(HandlerSet.JavaScriptOnAwsSdk, id));
}

/// <summary>Handlers on our own SDK, several at once in one process.</summary>
public sealed class CSharpAtOnceRequirementTests(ConformanceServer server)
{
    public static IEnumerable<TheoryDataRow<string>> Rows => RequirementRows.Of(HandlerSet.CSharpAtOnce);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Rows))]
    public async Task Requirement_OnOurSdk_Holds(string id) =>
        RequirementRows.Check(await server.FindFailureAsync(HandlerSet.CSharpAtOnce, id));
}

internal static class RequirementRows
{
    public static IEnumerable<TheoryDataRow<string>> Of(HandlerSet handlers) =>
        handlers.Requirements.Select(requirement => new TheoryDataRow<string>(requirement.Id)
        {
            TestDisplayName = $"{handlers.Name} {requirement.Suite} {requirement.Id}",
        });

    public static void Check(string failure)
    {
        if (failure.Length > 0)
        {
            Assert.Fail(failure);
        }
    }
}

using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>Which page of a list is wanted.</summary>
internal readonly record struct Paging(int CountMax, string? NextToken)
{
    // Documented: 0, and no number at all, mean 100.
    private const int CountDefault = 100;

    public static Paging Read(RequestMembers members, int tokenLengthMax = 1024)
    {
        var count = members.OptionalInteger("maxResults", 0, 1000) ?? 0;
        var token = members.OptionalText("nextToken", TextRule.Length(1, tokenLengthMax));
        return new Paging(count == 0 ? CountDefault : count, token);
    }
}

using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>Whether payloads and definitions are wanted in an answer.</summary>
internal readonly record struct IncludedData(bool WithPayloads)
{
    private static readonly TextRule Rule = TextRule.OneOf("ALL_DATA", "METADATA_ONLY");

    public static IncludedData Read(RequestMembers members) =>
        new(members.OptionalText("includedData", Rule) != "METADATA_ONLY");
}

using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>Tags given at creation: kept with the resource. Operations that show and change them come later.</summary>
internal static class Tags
{
    private const int CountMax = 50; // Documented.

    public static IReadOnlyList<Tag> Read(RequestMembers members) =>
        [.. (members.OptionalObjects("tags") ?? []).Select(tag => new Tag(
            tag.OptionalText("key", TextRule.Length(1, 128)) ?? "",
            tag.OptionalText("value", TextRule.Length(0, 256)) ?? ""))];

    /// <exception cref="ApiException">TooManyTags.</exception>
    public static void Check(IReadOnlyList<Tag> tags, string resource)
    {
        if (tags.Count > CountMax)
        {
            throw StepFunctionsErrors.TooManyTags(resource);
        }
    }
}

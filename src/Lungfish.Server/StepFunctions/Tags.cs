using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal static class Tags
{
    /// <returns>How many tags were given.</returns>
    public static int Read(RequestMembers members)
    {
        var tags = members.OptionalObjects("tags") ?? [];
        foreach (var tag in tags)
        {
            _ = tag.OptionalText("key", TextRule.Length(1, 128));
            _ = tag.OptionalText("value", TextRule.Length(0, 256));
        }

        return tags.Count;
    }

    /// <exception cref="Lungfish.Engine.ApiException">ValidationException: tags are not there yet.</exception>
    public static void Require(int count)
    {
        if (count > 0)
        {
            throw ProtocolErrors.Validation("Tags are not supported by this server yet; leave 'tags' out.");
        }
    }
}

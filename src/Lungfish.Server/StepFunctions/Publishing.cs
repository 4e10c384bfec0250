using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>The wish to publish a version along with a create or update. There are no versions yet.</summary>
internal sealed record Publishing(bool IsWanted, bool HasDescription)
{
    public static Publishing Read(RequestMembers members)
    {
        var rule = new TextRule { LengthMax = 256, IsSensitive = true };
        return new Publishing(
            members.OptionalBoolean("publish") ?? false, members.OptionalText("versionDescription", rule) is not null);
    }

    /// <exception cref="Lungfish.Engine.ApiException">ValidationException.</exception>
    public void Require()
    {
        if (HasDescription && !IsWanted)
        {
            // Recorded in sfn_api_versioning.
            throw ProtocolErrors.Validation("Version description can only be set when publish is true");
        }

        if (IsWanted)
        {
            throw ProtocolErrors.Validation("Versions are not supported by this server yet; leave 'publish' out.");
        }
    }
}

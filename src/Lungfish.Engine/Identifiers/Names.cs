using System.Buffers;

namespace Lungfish.Engine.Identifiers;

/// <summary>What AWS allows as a name of a state machine, an execution or an activity.</summary>
public static class ResourceName
{
    public const int LengthMax = 80;

    // Documented: no white space, brackets, wild cards or these special characters.
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>{}[]?*\"#%\\^|~`$&,;:/");

    /// <exception cref="ApiException">InvalidName</exception>
    public static string Check(string name) => IsValid(name) ? name : throw StepFunctionsErrors.InvalidName(name);

    public static bool IsValid(string name)
    {
        if (name.Length is 0 or > LengthMax || name.AsSpan().ContainsAny(Forbidden))
        {
            return false;
        }

        foreach (var c in name)
        {
            if (char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) || c >= '\uFFFE')
            {
                return false;
            }
        }

        return true;
    }
}

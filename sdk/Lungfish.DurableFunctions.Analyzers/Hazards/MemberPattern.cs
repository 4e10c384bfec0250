using Microsoft.CodeAnalysis;

namespace Lungfish.DurableFunctions.Analyzers.Hazards;

/// <summary>Members of a type by name: <c>Name</c>, <c>Prefix*</c>, <c>*Suffix</c> or <c>*</c>.</summary>
/// <remarks>
/// Parentheses choose among overloads: <c>Name()</c> has no parameters, <c>Name(TimeSpan)</c> has one of that type. A
/// constructor is <c>.ctor</c>; a mere star leaves out constructors and what every object has.
/// </remarks>
internal sealed class MemberPattern
{
    private readonly string _prefix;
    private readonly string? _suffix; // Null: the prefix is the whole name.
    private readonly string? _parameter; // Null: any overload.

    public MemberPattern(string text)
    {
        var open = text.IndexOf('(');
        _parameter = open < 0 ? null : text.Substring(open + 1, text.Length - open - 2);
        var name = open < 0 ? text : text.Substring(0, open);
        var star = name.IndexOf('*');
        _prefix = star < 0 ? name : name.Substring(0, star);
        _suffix = star < 0 ? null : name.Substring(star + 1);
    }

    public bool Matches(ISymbol member) => MatchesName(member.Name) && MatchesParameters(member);

    private bool MatchesName(string name) => (_prefix, _suffix) switch
    {
        (_, null) => string.Equals(name, _prefix, StringComparison.Ordinal),
        ("", "") => name is not (".ctor" or "Close" or "Dispose" or "DisposeAsync"
            or "Equals" or "GetHashCode" or "ToString"),
        _ => name.StartsWith(_prefix, StringComparison.Ordinal) && name.EndsWith(_suffix, StringComparison.Ordinal),
    };

    private bool MatchesParameters(ISymbol member) => (_parameter, member) switch
    {
        (null, _) => true,
        ("", IMethodSymbol method) => method.Parameters.IsEmpty,
        (_, IMethodSymbol method) => method.Parameters.Any(parameter => parameter.Type.Name == _parameter),
        _ => false,
    };
}

using Lungfish.Durable.Deciding;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>A function that the test's service can invoke.</summary>
/// <param name="Name">As it was registered.</param>
internal abstract record LocalFunction(string Name)
{
    /// <summary>The only version that a test has.</summary>
    public const string Version = "$LATEST";

    public string Arn => $"arn:aws:lambda:us-east-1:000000000000:function:{Name}:{Version}";

    /// <summary>Whether <paramref name="asked"/>, a name, a partial or a full ARN, with or without a qualifier, means
    /// this function.</summary>
    public bool Answers(string asked) => NameOf(asked) == Name;

    /// <summary>The function's name in whatever form of address.</summary>
    public static string NameOf(string asked)
    {
        // arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER], ACCOUNT:function:NAME[:Q], NAME[:Q]
        var parts = asked.Split(':');
        return parts[IndexOfName(parts)];
    }

    public static bool IsQualified(string asked)
    {
        var parts = asked.Split(':');
        return parts.Length > IndexOfName(parts) + 1;
    }

    private static int IndexOfName(string[] parts)
    {
        var marker = Array.IndexOf(parts, "function");
        return marker > 0 && marker + 1 < parts.Length ? marker + 1 : 0;
    }
}

/// <param name="Name">As it was registered.</param>
/// <param name="InvokeAsync">Runs the function's code once; never throws.</param>
internal sealed record DurableLocalFunction(
    string Name, Func<LocalInvocation, Task<InvocationOutcome>> InvokeAsync) : LocalFunction(Name);

/// <param name="Name">As it was registered.</param>
/// <param name="InvokeAsync">From the input's JSON text, null if there is none, to the result's.</param>
internal sealed record PlainLocalFunction(
    string Name, Func<string?, Task<string?>> InvokeAsync) : LocalFunction(Name);

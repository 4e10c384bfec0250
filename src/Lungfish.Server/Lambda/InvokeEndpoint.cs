using Lungfish.Functions;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.Lambda;

/// <summary>The operation Invoke without routing: it is on the way of every execution that a function's caller starts.
/// Spellings of its path that only routing understands are left to that, and come to the same.</summary>
internal sealed class InvokeEndpoint(FunctionService functions, CancellationToken stopping)
{
    private const string Before = "/2015-03-31/functions/";
    private const string After = "/invocations";

    private readonly Invoke _action = new();

    /// <returns>What the path names; null: it is another operation, or for routing to read.</returns>
    public static string? FindFunction(HttpRequest request)
    {
        var path = request.Path.Value.AsSpan();
        if (path.Length <= Before.Length + After.Length || !HttpMethods.IsPost(request.Method)
            || !path.StartsWith(Before, StringComparison.Ordinal) || !path.EndsWith(After, StringComparison.Ordinal))
        {
            return null;
        }

        var name = path[Before.Length..^After.Length];
        return name.Contains('/') ? null : name.ToString();
    }

    public Task HandleAsync(HttpContext http, string function) =>
        LambdaEndpoints.AnswerAsync(http, _action, new LambdaCall(http, functions, function), stopping);
}

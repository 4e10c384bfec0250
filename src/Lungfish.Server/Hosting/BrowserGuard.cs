using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Lungfish.Server.Hosting;

/// <summary>Keeps web pages away from a server that has no authentication and listens on loopback.</summary>
/// <remarks>
/// A page on any site can make the browser of somebody at this machine send requests here. Three rules stop it:
/// the Host header must name loopback (a rebound DNS name does not), an Origin must be the server's own, and what
/// changes something must have a form that a browser sends to another site only after a preflight, which is never
/// granted. SDKs and the AWS CLI meet all three by themselves.
/// </remarks>
internal static class BrowserGuard
{
    /// <summary>Why the request is refused, in one sentence, or null if it may pass.</summary>
    public static string? WhyRefused(HttpRequest request)
    {
        if (!IsLoopbackName(request.Host))
        {
            return $"The Host '{request.Host}' is not this machine; use localhost, 127.0.0.1 or [::1].";
        }

        if (request.Headers.Origin is { Count: > 0 } origin && !IsOwnOrigin(origin, request))
        {
            return $"The Origin '{origin}' is not this server.";
        }

        return WhyForeignPage(request);
    }

    /// <summary>Why the form of a request that changes something is refused, or null if it may pass.</summary>
    public static string? WhyFormRefused(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || IsSigned(request))
        {
            return null;
        }

        var type = MediaType(request.ContentType);
        return type.Equals("text/plain", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            || type.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
                ? $"The content type '{type}' is what web forms send; send application/json."
                : null;
    }

    /// <summary>Browsers say when a page of another site sends; links that people follow may pass.</summary>
    private static string? WhyForeignPage(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (StringValues.IsNullOrEmpty(site) || site == "same-origin" || site == "none")
        {
            return null;
        }

        return HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate"
            && request.Headers["Sec-Fetch-Dest"] == "document"
                ? null
                : "A page of another site may not call this server.";
    }

    /// <summary>Signed: a page may not set these headers without a preflight, so no browser sent this. The root path
    /// takes JSON only, signed or not; payloads of Lambda's Invoke may have any type.</summary>
    private static bool IsSigned(HttpRequest request) =>
        request.Path != "/" && (request.Headers.Authorization.Count > 0 || request.Headers.ContainsKey("X-Amz-Date"));

    private static bool IsOwnOrigin(StringValues origin, HttpRequest request) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    private static bool IsLoopbackName(HostString host)
    {
        var name = host.Value.AsSpan();
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf(']'))
        {
            name = name[..colon];
        }

        // Documented: SDKs put "sync-" in front of the host for StartSyncExecution and TestState.
        if (name.StartsWith("sync-", StringComparison.OrdinalIgnoreCase))
        {
            name = name["sync-".Length..];
        }

        return name.Equals("127.0.0.1", StringComparison.Ordinal)
            || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.Equals("[::1]", StringComparison.Ordinal);
    }

    private static ReadOnlySpan<char> MediaType(string? contentType)
    {
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim();
    }
}

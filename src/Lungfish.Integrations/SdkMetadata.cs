using Lungfish.Json;

namespace Lungfish.Integrations;

/// <summary>What the outputs of optimized integrations tell of the HTTP exchange.</summary>
internal static class SdkMetadata
{
    /// <summary>Sets <c>SdkHttpMetadata</c> and <c>SdkResponseMetadata</c>.</summary>
    /// <param name="headers">In the order of <c>AllHttpHeaders</c>; those without a value are left out.</param>
    /// <remarks>Recorded in services_lambda_service, services_sqs and callback.</remarks>
    public static void Set(
        JsonObject.Builder output,
        string requestId,
        int status,
        params IEnumerable<(string Name, string? Value)> headers)
    {
        var all = new JsonObject.Builder();
        var single = new JsonObject.Builder();
        var present = headers.Where(header => header.Value is not null).ToList();
        foreach (var (name, value) in present)
        {
            all.Set(name, JsonArray.Of(value ?? ""));
        }

        foreach (var (name, value) in present.OrderBy(header => header.Name, StringComparer.OrdinalIgnoreCase))
        {
            single.Set(name, value ?? "");
        }

        output.Set("SdkHttpMetadata", JsonObject.Of(
            ("AllHttpHeaders", all.Build()), ("HttpHeaders", single.Build()), ("HttpStatusCode", status)));
        output.Set("SdkResponseMetadata", JsonObject.Of("RequestId", requestId));
    }
}

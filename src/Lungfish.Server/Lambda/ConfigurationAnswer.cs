using System.Globalization;
using Lungfish.Engine.Identifiers;
using Lungfish.Functions;
using Lungfish.Json;

namespace Lungfish.Server.Lambda;

/// <summary>A function's configuration as the API answers it.</summary>
internal static class ConfigurationAnswer
{
    /// <param name="qualifier">As the caller gave it, alias or version: then the ARN has it too, <c>$LATEST</c>
    /// included.</param>
    public static JsonObject Of(FunctionConfiguration function, AwsAccount account, string? qualifier = null)
    {
        var suffix = qualifier ?? (function.Version == FunctionReference.Latest ? null : function.Version);
        var answer = new JsonObject.Builder();
        answer.Set("FunctionName", function.Name);
        answer.Set("FunctionArn", new FunctionReference(function.Name, suffix).ToArn(account));
        answer.Set("Runtime", function.Runtime);
        answer.Set("Role", function.Role);
        answer.Set("Handler", function.Handler);
        answer.Set("CodeSize", function.Code.Size);
        answer.Set("Description", function.Description);
        answer.Set("Timeout", (long)function.Timeout.TotalSeconds);
        answer.Set("MemorySize", function.MemorySizeMb);
        answer.Set("LastModified", function.LastModified.UtcDateTime.ToString(
            "yyyy-MM-ddTHH:mm:ss.fff+0000", CultureInfo.InvariantCulture));
        answer.Set("CodeSha256", function.Code.Sha256);
        answer.Set("Version", function.Version);
        if (function.Environment is { Count: > 0 } variables)
        {
            answer.Set("Environment", JsonObject.Of("Variables", JsonObject.Of(
                variables.Select(v => KeyValuePair.Create(v.Key, (JsonValue)v.Value)))));
        }

        answer.Set("TracingConfig", JsonObject.Of("Mode", function.TracingMode));
        answer.Set("RevisionId", function.RevisionId);
        // Code is checked and unpacked before a call that brings it is answered: there is no time of being pending.
        answer.Set("State", "Active");
        answer.Set("LastUpdateStatus", "Successful");
        answer.Set("PackageType", "Zip");
        answer.Set("Architectures", JsonArray.Of(function.Architectures.Select(a => (JsonValue)a)));
        answer.Set("EphemeralStorage", JsonObject.Of("Size", function.EphemeralStorageMb));
        if (function.Durable is { } durable)
        {
            answer.Set("DurableConfig", JsonObject.Of(
                ("RetentionPeriodInDays", durable.RetentionDays),
                ("ExecutionTimeout", durable.ExecutionTimeoutSeconds)));
        }

        if (function.CapacityProvider is { } capacity)
        {
            answer.Set("CapacityProviderConfig", CapacityBody.Of(capacity));
        }

        if (function.IsolatesTenants)
        {
            answer.Set("TenancyConfig", JsonObject.Of("TenantIsolationMode", "PER_TENANT"));
        }

        SetInert(answer, function);
        return answer.Build();
    }

    private static void SetInert(JsonObject.Builder answer, FunctionConfiguration function)
    {
        var inert = function.Inert is null ? JsonObject.Empty : (JsonObject)JsonValue.Parse(function.Inert);
        var applyOn = (inert["SnapStart"] as JsonObject)?["ApplyOn"] ?? "None";
        answer.Set("SnapStart", JsonObject.Of(("ApplyOn", applyOn), ("OptimizationStatus", "Off")));
        var logging = inert["LoggingConfig"] as JsonObject ?? JsonObject.Empty;
        answer.Set("LoggingConfig", logging
            .With("LogFormat", logging["LogFormat"] ?? "Text")
            .With("LogGroup", logging["LogGroup"] ?? $"/aws/lambda/{function.Name}"));
        if (inert["VpcConfig"] is JsonObject network)
        {
            answer.Set("VpcConfig", network.With("VpcId", ""));
        }

        if (inert["KMSKeyArn"] is { } key)
        {
            answer.Set("KMSKeyArn", key);
        }
    }
}

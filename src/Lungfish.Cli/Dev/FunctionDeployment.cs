using System.Security.Cryptography;
using Lungfish.Cli.Client;
using Lungfish.Deployment;
using Lungfish.Json;

namespace Lungfish.Cli.Dev;

internal enum FunctionState
{
    Same,
    Created,
    Updated,
}

/// <summary>Brings one function of a server to what the application's files say.</summary>
internal sealed class FunctionDeployment(FunctionClient functions, FunctionResource function, byte[] code)
{
    public async Task<FunctionState> BringAsync(CancellationToken cancellationToken)
    {
        var existing = await functions.FindAsync(function.Name, null, cancellationToken);
        if (existing is null)
        {
            var request = Configuration
                .With("FunctionName", function.Name)
                .With("Role", LungfishClient.Role)
                .With("Code", JsonObject.Of("ZipFile", Convert.ToBase64String(code)));
            await functions.CreateAsync(request, cancellationToken);
            return FunctionState.Created;
        }

        var codeChanged = existing.CodeSha256 != Convert.ToBase64String(SHA256.HashData(code));
        var configurationChanged = !IsConfigured(existing.Json, Configuration);
        if (configurationChanged)
        {
            await functions.UpdateConfigurationAsync(function.Name, Configuration, cancellationToken);
        }

        if (codeChanged)
        {
            var request = JsonObject.Of("ZipFile", Convert.ToBase64String(code));
            await functions.UpdateCodeAsync(function.Name, request, cancellationToken);
        }

        return codeChanged || configurationChanged ? FunctionState.Updated : FunctionState.Same;
    }

    private JsonObject Configuration
    {
        get
        {
            var configuration = JsonObject.Of(
                ("Runtime", function.Runtime),
                ("Handler", function.Handler),
                ("Timeout", (int)function.Timeout.TotalSeconds),
                ("MemorySize", function.MemoryMegabytes),
                ("Description", function.Description),
                ("Environment", JsonObject.Of("Variables", JsonObject.Of(
                    function.Environment.Select(v => new KeyValuePair<string, JsonValue>(v.Key, v.Value))))));
            if (function.Durable is { } durable)
            {
                configuration = configuration.With("DurableConfig", JsonObject.Of(
                    ("ExecutionTimeout", durable.ExecutionTimeoutSeconds),
                    ("RetentionPeriodInDays", durable.RetentionDays)));
            }

            return function.Capacity is { } capacity
                ? configuration.With("CapacityProviderConfig", ConfigurationOf(capacity))
                : configuration;
        }
    }

    private static JsonObject ConfigurationOf(CapacitySettings capacity)
    {
        var instances = JsonObject.Of("CapacityProviderArn", capacity.ProviderArn);
        if (capacity.MaxConcurrency is { } concurrency)
        {
            instances = instances.With("PerExecutionEnvironmentMaxConcurrency", concurrency);
        }

        if (capacity.MemoryGiBPerVCpu is { } memory)
        {
            instances = instances.With("ExecutionEnvironmentMemoryGiBPerVCpu", memory);
        }

        return JsonObject.Of("LambdaManagedInstancesCapacityProviderConfig", instances);
    }

    private static bool IsConfigured(JsonObject existing, JsonObject wanted)
    {
        foreach (var (name, value) in wanted)
        {
            // The API leaves the environment out of its answer when there are no variables.
            var found = existing[name] ?? (name == "Environment" ? JsonObject.Of("Variables", JsonObject.Empty) : "");
            if (!found.Equals(value))
            {
                return false;
            }
        }

        return true;
    }
}

using Lungfish.Functions;
using Lungfish.Json;

namespace Lungfish.Server.Lambda;

/// <summary>The member CapacityProviderConfig, in requests and in answers.</summary>
internal static class CapacityBody
{
    private const string Config = "CapacityProviderConfig";
    private const string ManagedInstances = "LambdaManagedInstancesCapacityProviderConfig";
    private const string Arn = "CapacityProviderArn";
    private const string MaxConcurrency = "PerExecutionEnvironmentMaxConcurrency";
    private const string Memory = "ExecutionEnvironmentMemoryGiBPerVCpu";

    public static CapacityProviderConfig? Read(RequestBody body)
    {
        if (!body.Has(Config))
        {
            return null;
        }

        var config = body.FindObject(Config);
        var instances = config.FindObject(ManagedInstances);
        if (!config.Has(ManagedInstances))
        {
            config.Fail("null", ManagedInstances, "Member must not be null");
            return null;
        }

        return new(
            instances.GetCapacityProvider(Arn),
            instances.FindNumber(MaxConcurrency, 1, CapacityProviderConfig.MaxConcurrencyMax),
            instances.FindNumber(Memory, 2.0, 8.0));
    }

    public static JsonObject Of(CapacityProviderConfig capacity)
    {
        var instances = new JsonObject.Builder();
        instances.Set(Arn, capacity.Arn);
        if (capacity.MaxConcurrency is { } concurrency)
        {
            instances.Set(MaxConcurrency, concurrency);
        }

        if (capacity.MemoryGiBPerVCpu is { } memory)
        {
            instances.Set(Memory, memory);
        }

        return JsonObject.Of(ManagedInstances, instances.Build());
    }
}

using Lungfish.Deployment.Documents;

namespace Lungfish.Deployment.Serverless;

/// <summary>What functions take from the provider unless they say otherwise.</summary>
internal sealed record ProviderDefaults(
    string? Runtime, int TimeoutSeconds, int MemoryMegabytes, EnvironmentNodes Environment, bool VersionsFunctions);

internal static class ProviderReader
{
    public static ProviderDefaults Read(Section file, ReadContext context)
    {
        var provider = file.Open("provider") ?? new Section(new MapNode([]) { Mark = file.Mark }, "provider", context);
        var name = provider.RequireText("name");
        if (name is not ("aws" or ""))
        {
            provider.Complain(provider.Mark, "provider.name", $"the provider {name} is not known", "Only aws is.");
        }

        var defaults = new ProviderDefaults(
            provider.ReadText("runtime"),
            provider.ReadNumber("timeout", 1, 900) ?? 6,        // Documented: the framework's defaults, not Lambda's.
            provider.ReadNumber("memorySize", 128, 10_240) ?? 1024,
            EnvironmentNodes.Read(provider),
            provider.ReadBoolean("versionFunctions") ?? true);
        _ = provider.Read("stage");
        _ = provider.Read("region");
        provider.Accept(
            "apiGateway", "apiName", "architecture", "cfnRole", "deploymentBucket", "deploymentMethod",
            "deploymentPrefix", "endpointType", "iam", "iamManagedPolicies", "iamRoleStatements", "kmsKeyArn",
            "lambdaHashingVersion", "logRetentionInDays", "logs", "profile", "role", "rolePermissionsBoundary",
            "runtimeManagement", "stackName", "stackTags", "tags", "tracing", "vpc");
        provider.Refuse("layers", "Put what the layer holds beside the functions.");
        provider.Refuse("ecr", "Functions run as processes; images come later.");
        provider.Refuse("httpApi", "Use an http event of the state machine.");
        provider.End();
        return defaults;
    }
}
